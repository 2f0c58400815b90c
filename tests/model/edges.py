"""Which cells of the tables there are, how often a full run visits each, and which it cannot.

Rule: a cell that is excused says why by the core's own rules, and loses its excuse when it is
visited after all; the floor is never lowered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from posd.core import payment, printing
from posd.core.order import MoneyState

FULL_RUN = 20_000  # histories, in which a cell below its floor is a failure
FLOOR = 100  # visits of each cell in a full run


class Table(StrEnum):
    """Whose cells they are; each table is a dict in posd/core."""

    MONEY_EVENT = "money hears"  # payment.DECISIONS and REFUSED
    MONEY_RECORD = "money moves"  # payment.NEXT
    PAPER_EVENT = "paper hears"  # printing.DECISIONS and REFUSED
    PAPER_RECORD = "paper moves"  # printing.NEXT


class Edge(NamedTuple):
    """One cell: in this state, this event is heard, or this record leads on."""

    table: Table
    state: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.state:<17}{self.what}"


def cells() -> set[Edge]:
    """Every cell that says something."""
    return {*_heard(), *_moved()}


def _heard() -> set[Edge]:
    tables = (
        (Table.MONEY_EVENT, payment.DECISIONS),
        (Table.MONEY_EVENT, payment.REFUSED),
        (Table.PAPER_EVENT, printing.DECISIONS),
        (Table.PAPER_EVENT, printing.REFUSED),
    )
    return {
        Edge(name, str(state), kind.__name__)
        for name, table in tables
        for state, row in table.items()  # type: ignore[attr-defined]
        for kind in row
    }


def _moved() -> set[Edge]:
    money = {
        Edge(Table.MONEY_RECORD, str(state), f"{kind.__name__} -> {after}")
        for state, row in payment.NEXT.items()
        for kind, after in row.items()
    }
    paper = {
        Edge(Table.PAPER_RECORD, str(state), f"{kind.__name__} -> {after}")
        for state, row in printing.NEXT.items()
        for kind, all_after in row.items()
        for after in all_after
    }
    return money | paper


_AFTER_SUCCESS = (
    *(MoneyState.AUTHORIZED, MoneyState.CAPTURING, MoneyState.CAPTURE_UNKNOWN),
    *(MoneyState.CONFIRMED, MoneyState.REVERSING, MoneyState.REVERSAL_UNKNOWN),
    *(MoneyState.REFUND_OWED, MoneyState.REVERSED),
)
_NOT_SENT = "no byte left, and LINE Pay has the money: only a liar can say both"
_SENT = str(MoneyState.SENT)
EXCUSED: Mapping[Edge, str] = {
    **{Edge(Table.MONEY_EVENT, str(state), "PayNotSent"): _NOT_SENT for state in _AFTER_SUCCESS},
    Edge(Table.MONEY_RECORD, _SENT, "SaleAccepted -> SENT"): (
        "SENT is WORKING until VerdictOverdue, which leads to UNKNOWN, and asking.accept refuses "
        "while WORKING, or once abandoned"
    ),
    Edge(Table.MONEY_RECORD, _SENT, "MismatchProved -> CONFIRMED"): (
        "judging proves a mismatch only where one was seen, and MismatchSeen leads to UNKNOWN"
    ),
    Edge(Table.MONEY_RECORD, _SENT, "AttentionRaised -> SENT"): (
        "checking.due is overdue before it escalates, a conflict needs details, which SENT never "
        "asks for, and no answer to another request can come: only a liar contradicts here"
    ),
}


def too_rare(visits: Counter[Edge], histories: int) -> list[str]:
    """Cells below the floor, in words; the floor shrinks with the number of histories."""
    least = max(1, FLOOR * histories // FULL_RUN)
    return [
        f"{edge}: {visits[edge]} visits, {least} wanted"
        for edge in sorted(cells() - set(EXCUSED))
        if visits[edge] < least
    ]


def unjustly_excused(visits: Counter[Edge]) -> list[Edge]:
    """Excused cells that were visited."""
    return sorted(edge for edge in EXCUSED if visits[edge])
