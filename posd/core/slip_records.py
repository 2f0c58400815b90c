"""What becomes of papers that are no receipts: see `slip_printing`.

Fields are only ever added, with a default.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlipStarted:
    """A paper that is no receipt is about to be sent to the printer; `kind` is a `SlipKind`."""

    order_id: str
    number: int
    kind: str
    begun_ns: int
    begun_ms: int


@dataclass(frozen=True, slots=True)
class SlipHeld:
    """No byte of the slip was sent; it waits for the printer, not for long."""

    order_id: str
    number: int
    condition: str


@dataclass(frozen=True, slots=True)
class SlipEnded:
    """Nothing more becomes of the slip: proved, probable, unknown, stale or restart."""

    order_id: str
    number: int
    outcome: str


SlipRecord = SlipStarted | SlipHeld | SlipEnded
