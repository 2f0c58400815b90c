"""A scan's last byte to the Scan in hand, and to the engine's inbox, beside pyserial's read_until.

Rule: the three readers take turns, scan by scan, each in a process and on a pty of its own; a scan
comes after a rest, as in a shop, where the machine has to wake up first.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from bench.children import Child
from bench.figures import Figure, median, ms, p99
from bench.plan import Plan
from bench.scanner_readers import READERS
from bench.wire import Wire

REST_S = 0.005
_WARM_UP = 20
_KEYS = {
    "scan": "scanner_to_scan_ms",
    "inbox": "scanner_to_inbox_ms",
    "read_until": "scanner_read_until_ms",
}


class Reader:
    """A reader in a process of its own and the line that it reads."""

    def __init__(self, wire: Wire, child: Child) -> None:
        self._wire = wire
        self._child = child

    def latency_ms(self) -> float:
        """One scan: from just before its bytes are written until the reader has it."""
        time.sleep(REST_S)
        typed_ns = self._wire.scan()
        return ms(typed_ns, self._child.told()["got_ns"])


def reading(plan: Plan, place: Path) -> Iterator[Figure]:
    """As many scans as sales are planned, for each reader; `place` is not needed."""
    with contextlib.ExitStack() as stack:
        readers = {name: _plug(stack, name) for name in READERS}
        for _ in range(_WARM_UP):
            for reader in readers.values():
                reader.latency_ms()
        turns = [
            {name: one.latency_ms() for name, one in readers.items()} for _ in range(plan.sales)
        ]
    for name in READERS:
        readings = [turn[name] for turn in turns]
        notes = {"p99": p99(readings), "least": min(readings), "scans": len(readings)}
        yield Figure(_KEYS[name], median(readings), "ms", notes)


def _plug(stack: contextlib.ExitStack, name: str) -> Reader:
    wire = stack.enter_context(Wire())
    return Reader(wire, stack.enter_context(Child("bench.scanner_readers", name, wire.port)))
