"""One checkout with everything round it: gateway, printer, scanner and the daemon, sale by sale.

Rule: between the scan and the end of its print nothing of the bench runs but the edges.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.bare import PAY_PATH
from bench.children import BenchFailed, Child
from bench.daemon import Daemon, Surroundings
from bench.figures import ms
from bench.wire import Wire

PAUSE_S = 0.05  # a rest before a scan: caches and scheduler are not kept warm by the till


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one sale; `first_byte` is the printer's first byte of anything."""

    scan_to_request: float
    approval_to_print: float
    approval_to_first_byte: float


class Counter:
    """A daemon and its edges; `sell` makes one sale from the till's request to paper."""

    def __init__(self, gateway: Child, printer: Child, wire: Wire, daemon: Daemon) -> None:
        self.daemon = daemon
        self._gateway = gateway
        self._printer = printer
        self._wire = wire

    def sell(self, items: Sequence[Mapping[str, str]] = (), pause_s: float = 0.0) -> Times:
        """One paid and printed sale; `items` are lines of the basket of one TWD each."""
        amount = str(len(items) or 120)
        self.daemon.till.open_sale(amount=amount, items=list(items))
        time.sleep(pause_s)
        scanned_ns = self._wire.scan()
        paper = self._printer.told()
        call = self._gateway.told()
        return Times(
            scan_to_request=ms(scanned_ns, call["came_ns"]),
            approval_to_print=ms(call["answered_ns"], paper["job_ns"]),
            approval_to_first_byte=ms(call["answered_ns"], paper["first_ns"]),
        )

    def prove_paid(self) -> None:
        """Raise BenchFailed unless the newest sales were paid: no figure of failures is told."""
        recent = self.daemon.till.ask("GET", "/v1/lane")["recent"]
        verdicts = {sale["verdict"] for sale in recent}
        if verdicts != {"PAID"}:
            raise BenchFailed(f"the newest sales are {sorted(verdicts)}, not PAID")


class BareCounter:
    """The bare loop, its scanner, and the same gateway."""

    def __init__(self, gateway: Child, wire: Wire) -> None:
        self._gateway = gateway
        self._wire = wire

    def sell(self, pause_s: float = 0.0) -> float:
        """One sale; milliseconds from its scan to its request."""
        time.sleep(pause_s)
        scanned_ns = self._wire.scan()
        return ms(scanned_ns, self._gateway.told()["came_ns"])


@contextlib.contextmanager
def counter(directory: Path, gateway: Child, *, footer: tuple[str, ...] = ()) -> Iterator[Counter]:
    """A checkout at this gateway; everything of it ends with the block."""
    with Wire() as wire, Child("bench.printer") as printer:
        surroundings = Surroundings(
            directory=directory,
            scanner_port=wire.port,
            printer_port=printer.hello["port"],
            gateway_url=base_url(gateway),
            ca_file=gateway.hello["ca_file"],
            footer=footer,
        )
        with Daemon(surroundings) as daemon:
            yield Counter(gateway, printer, wire, daemon)


@contextlib.contextmanager
def bare_counter(gateway: Child) -> Iterator[BareCounter]:
    """The bare loop at this gateway: a kept connection, or over TLS one for each sale."""
    ca_file = gateway.hello["ca_file"]
    connect = ("--connect-per-sale", ca_file) if ca_file else ()
    with Wire() as wire, Child("bench.bare", wire.port, base_url(gateway) + PAY_PATH, *connect):
        yield BareCounter(gateway, wire)


def base_url(gateway: Child) -> str:
    """Where posd finds this gateway."""
    scheme = "https" if gateway.hello["ca_file"] else "http"
    return f"{scheme}://127.0.0.1:{gateway.hello['port']}"
