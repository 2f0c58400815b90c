"""Whether a payment was learned when its customer may have left: then a person decides first.

Rule: judged by the times at which records became durable and by what stands before them, never by
the mark that posd itself made.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from posd.core.records import (
    LaneStarted,
    OrderSettled,
    PaymentConfirmed,
    PaymentKept,
    PaymentNotPaid,
    PaySent,
    PrintHeld,
    PrintStarted,
)
from posd.core.reversal_records import (
    PaymentReversed,
    SaleAbandoned,
    SaleAccepted,
)
from posd.core.rules import SECOND
from tests.model.world import World

LATE_NS = 180 * SECOND


class _Scan(NamedTuple):
    boot_id: str
    at_ns: int
    captures: bool  # what is captured later is asked for by somebody who is there

    def is_old(self, when: tuple[str, int]) -> bool:
        """Whether the customer may have left: after three minutes, or a reboot."""
        boot_id, now_ns = when
        return boot_id != self.boot_id or now_ns - self.at_ns > LATE_NS


def waits_for_a_person(world: World, order_id: str) -> bool:
    """Whether this payment is late, and nobody has said that it is kept."""
    scan, late = None, False
    seen: list[Any] = []
    for seq, record in _rows(world, order_id):
        when = world.journal.when[seq - 1]
        if isinstance(record, PaySent):
            scan = _Scan(when[0], record.scan_ns, record.capture)
        elif scan is not None and (scan.captures or not isinstance(record, PaymentConfirmed)):
            late = _is_late(late, scan.is_old(when), record, seen)
        seen.append(record)
    return late


def _rows(world: World, order_id: str) -> list[tuple[int, Any]]:
    """The order's records, and the starts of the process."""
    rows = world.journal.order(order_id)
    starts = [row for row in world.journal.starts if row[0] > rows[0][0]]
    return sorted([*rows, *starts], key=lambda row: row[0])


def _is_late(late: bool, is_old: bool, record: Any, seen: list[Any]) -> bool:
    kinds = [type(one) for one in seen]
    match record:
        case PaymentConfirmed():
            gone = PaymentNotPaid in kinds or SaleAbandoned in kinds
            return (is_old or gone) and SaleAccepted not in kinds
        case LaneStarted():
            return late or (is_old and _is_paid_without_paper(kinds))
        case PaymentKept() | PaymentReversed():
            return False
    return late


def _is_paid_without_paper(kinds: list[type]) -> bool:
    """Confirmed, not accepted before, not settled since, and no byte of a receipt sent."""
    own = [kind for kind in kinds if kind is not LaneStarted]
    settled = own[-1] is OrderSettled  # then nothing prints unless a person asks for it
    if PaymentConfirmed not in own or SaleAccepted in own or settled:
        return False
    papers = [kind for kind in own if kind in (PrintStarted, PrintHeld)]
    return not papers or papers[-1] is PrintHeld
