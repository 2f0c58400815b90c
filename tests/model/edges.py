"""Which cells of the tables the histories visit, and which they cannot.

Rule: a cell that is excused says why, and loses its excuse when it is visited after all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from posd.core import payment

Edge = tuple[str, str]
FULL_RUN = 20_000  # histories, in which a cell below its floor is a failure
FLOOR = 100  # visits of each cell in a full run

_AFTER_SUCCESS = (
    *("AUTHORIZED", "CAPTURING", "CAPTURE_UNKNOWN", "CONFIRMED"),
    *("REVERSING", "REVERSAL_UNKNOWN", "REFUND_OWED", "REVERSED"),
)
EXCUSED: Mapping[Edge, str] = {
    (state, "PayNotSent"): "no byte left, and LINE Pay has the money: only a liar can say both"
    for state in _AFTER_SUCCESS
}


def cells() -> set[Edge]:
    """Every cell of the money tables that says something, as state and event."""
    found = set()
    for table in (payment.DECISIONS, payment.REFUSED):
        for state, row in table.items():
            found |= {(str(state), kind.__name__) for kind in row}
    return found


def too_rare(visits: Counter[Edge], histories: int) -> list[str]:
    """Cells below the floor, in words; the floor shrinks with the number of histories."""
    least = max(1, FLOOR * histories // FULL_RUN)
    return [
        f"{state} {event}: {visits[state, event]} visits, {least} wanted"
        for state, event in sorted(cells() - set(EXCUSED))
        if visits[state, event] < least
    ]


def unjustly_excused(visits: Counter[Edge]) -> list[Edge]:
    """Excused cells that were visited."""
    return sorted(edge for edge in EXCUSED if visits[edge])
