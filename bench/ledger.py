"""Journals of many payments, written as fast as posd.journal lets one.

Rule: they are written through the journal itself, so that every seal, index and checkpoint is one
that a daemon would have made; only the transactions are larger.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.daemon import LANE, STORE
from posd import clock, ids
from posd.core.instant import Instant
from posd.core.records import (
    OrderRecord,
    OrderSettled,
    PaidAs,
    PaymentConfirmed,
    PaySent,
    PrintFinished,
    PrintStarted,
    SaleOpened,
)
from posd.journal.identity import LaneIdentity
from posd.journal.journal import Journal

RECORDS_EACH = 6
_TOGETHER = 500  # payments in one transaction
_FIRST_MS = 1_700_000_000_000
_EVERY_MS = 60_000


def write(directory: Path, payments: int) -> list[str]:
    """A journal of so many finished payments in `directory`; gives their order ids."""
    journal = Journal.open(directory, LaneIdentity(STORE, LANE, _machine()))
    boot_id = clock.boot_id()
    order_ids = []
    try:
        for first in range(0, payments, _TOGETHER):
            records: list[OrderRecord] = []
            for number in range(first, min(first + _TOGETHER, payments)):
                records += _payment(number)
                order_ids.append(records[-1].order_id)
            journal.append(records, at=clock.now(), boot_id=boot_id)
            journal.maintain()
    finally:
        journal.close()
    return order_ids


def _machine() -> str:
    place = Path("/etc/machine-id")
    return place.read_text(encoding="ascii").strip() if place.exists() else "none"


def _payment(number: int) -> Iterator[OrderRecord]:
    at = Instant(_FIRST_MS + number * _EVERY_MS, clock.now().boot_ns)
    sale_id = ids.ulid(at.wall_ms)
    order_id = ids.order_id(STORE, LANE, sale_id)
    yield _opened(order_id, sale_id, at, number)
    yield PaySent(
        order_id=order_id,
        fingerprint=ids.fingerprint(b"bench", str(number)),
        host="https://api-pay.line.me",
        channel_id="1650000000",
        dialect="v4",
        currency="TWD",
        capture=True,
        scan_ns=at.boot_ns,
        scan_ms=at.wall_ms,
        not_after_ns=at.boot_ns,
    )
    yield PaymentConfirmed(
        order_id=order_id,
        transaction_id=str(2026112400000000000 + number),
        transaction_date="2026-11-24T05:42:54Z",
        parts=(PaidAs("BALANCE", 120),),
        masked_card="",
        found_by="pay",
        late=False,
        verified=True,
        confirmed_ms=at.wall_ms,
    )
    yield PrintStarted(order_id, 0)
    yield PrintFinished(order_id, 0, "proved")
    yield OrderSettled(order_id)


def _opened(order_id: str, sale_id: str, at: Instant, number: int) -> SaleOpened:
    return SaleOpened(
        order_id=order_id,
        sale_id=sale_id,
        receipt_number=ids.receipt_number(at.wall_ms),
        reference=f"basket-{number}",
        idempotency_key=f"till-{number}",
        body_sha256=ids.fingerprint(b"body", str(number)),
        amount_minor=120,
        currency="TWD",
        items=(),
        cashier="",
        another_customer=False,
        opened_ns=at.boot_ns,
        opened_ms=at.wall_ms,
    )
