"""Start with a long history, looking an order up in it, and verifying all of it.

Rule: the file is read once before, so that what is measured is posd and not the disk's cache.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from bench import ledger
from bench.children import BenchFailed, Child
from bench.counter import base_url
from bench.daemon import Daemon, Surroundings
from bench.figures import Figure, median
from bench.plan import Plan
from bench.wire import Wire
from posd.journal.verify import verify

MILLION = 1_000_000


def starts(plan: Plan, place: Path) -> Iterator[Figure]:
    """READY after 10,000 payments and, where the plan has them, after a million records."""
    yield from _measured("ready_payments_s", plan.payments, plan, place)
    if plan.records:
        payments = -(-plan.records // ledger.RECORDS_EACH)
        yield from _measured("ready_records_s", payments, plan, place)


def _measured(key: str, payments: int, plan: Plan, place: Path) -> Iterator[Figure]:
    directory = place / key
    order_ids = ledger.write(directory / "state", payments)
    records = float(payments * ledger.RECORDS_EACH)
    with Wire() as wire, Child("bench.gateway") as gateway, Child("bench.printer") as printer:
        surroundings = Surroundings(directory, wire.port, printer.hello["port"], base_url(gateway))
        _start(surroundings)  # the first one finds the disk's cache cold
        ready = [_start(surroundings) for _ in range(plan.starts)]
        notes = {"records": records, "least": min(ready), "most": max(ready)}
        yield Figure(key, median(ready), "s", notes)
        with Daemon(surroundings) as daemon:
            yield _lookups(daemon, random.sample(order_ids, plan.lookups), records)
    yield _verification(directory / "state", records)
    shutil.rmtree(directory)


def _start(surroundings: Surroundings) -> float:
    with Daemon(surroundings) as daemon:
        return daemon.ready_s


def _lookups(daemon: Daemon, order_ids: list[str], records: float) -> Figure:
    """Over the till's API: connection, HTTP and JSON are in it."""
    took_ms = []
    for order_id in order_ids:
        before_s = time.perf_counter()
        found = daemon.till.ask("GET", f"/v1/orders/{order_id}")
        took_ms.append((time.perf_counter() - before_s) * 1000)
        if found["verdict"] != "PAID":
            raise BenchFailed(f"order {order_id} was found as {found['verdict']}")
    return Figure("lookup_ms", median(took_ms), "ms", {"most": max(took_ms), "records": records})


def _verification(state: Path, records: float) -> Figure:
    before_s = time.perf_counter()
    findings = verify(state)
    took_s = time.perf_counter() - before_s
    if findings:
        raise BenchFailed(f"the journal of the bench is not sound: {findings[0]}")
    notes = {"took_s": took_s, "records": records}
    return Figure("verify_million_s", took_s / records * MILLION, "s", notes)
