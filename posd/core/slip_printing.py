"""Papers that are no receipts: result unknown, accepted by the store, money given back.

Rules:

1. A slip says what was true when it began. One that waited for paper until that is over, or for
   ten minutes, is dropped: nobody is there to take it.
2. A slip is no original and no copy, so it may come out twice and do no harm; after a restart it
   is not sent again.
3. Where a receipt may have come out and the money went back, a slip follows whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from posd.core.commands import PrintSlip
from posd.core.decision import NOTHING, Decision, join, only
from posd.core.errors import Contradiction
from posd.core.events import (
    PrinterReady,
    ProcessStarted,
    SlipEvent,
    SlipNotStarted,
    SlipPrinted,
    SlipUnanswered,
)
from posd.core.instant import Instant
from posd.core.order import MoneyState, Order, PaperState, Slip
from posd.core.records import PaymentNotPaid, Record, VerdictOverdue
from posd.core.reversal_records import PaymentPartlyRefunded, PaymentReversed, SaleAccepted
from posd.core.rules import PAPER_LIFE_NS, Rules
from posd.core.slip_records import SlipEnded, SlipHeld, SlipRecord, SlipStarted
from posd.core.slips import SlipKind, slip

UNDECIDED = (MoneyState.SENT, MoneyState.UNKNOWN)


# ---- which records begin one -----------------------------------------------------------------


def begin(order: Order, record: Record, rules: Rules, at: Instant) -> Decision:
    """The slip that follows from a record of the order, which is as that record left it."""
    cause = _CAUSES.get(type(record))
    kind = cause(order, rules, at.boot_ns) if cause else None
    if kind is None or kind not in rules.receipt.slips:
        return NOTHING
    return _sent(order, Slip(order.slip_count + 1, kind, at.boot_ns, at.wall_ms), rules)


def _when_overdue(order: Order, rules: Rules, now_ns: int) -> SlipKind | None:
    """While the customer is still there: a later finding is told on the screen alone."""
    here = not order.rebooted and now_ns - (order.scan_ns or 0) <= rules.waits.late_ns
    return SlipKind.UNKNOWN if here and order.money in UNDECIDED else None


def _when_accepted(_order: Order, _rules: Rules, _now_ns: int) -> SlipKind:
    return SlipKind.ACCEPTED


def _when_given_back(order: Order, rules: Rules, now_ns: int) -> SlipKind | None:
    reversal = order.reversal
    if reversal is None:
        return None
    here = not reversal.reboots and now_ns - reversal.begun_ns <= rules.waits.late_ns
    asked_for = here and reversal.by_person
    if not asked_for and order.paper is not PaperState.UNKNOWN:
        return None
    return SlipKind.VOIDED if reversal.kind == "void" else SlipKind.REFUNDED


def _when_declined(order: Order, _rules: Rules, _now_ns: int) -> SlipKind | None:
    return SlipKind.DECLINED if order.because == "declined" else None


_CAUSES: dict[type, Callable[[Order, Rules, int], SlipKind | None]] = {
    VerdictOverdue: _when_overdue,
    SaleAccepted: _when_accepted,
    PaymentNotPaid: _when_declined,
    PaymentReversed: _when_given_back,
    PaymentPartlyRefunded: _when_given_back,
}
CAUSES = frozenset(_CAUSES)


# ---- what becomes of it ----------------------------------------------------------------------


def decide(
    order: Order, event: SlipEvent | PrinterReady | ProcessStarted, rules: Rules
) -> Decision:
    """What follows from the event; an answer about a slip that is over says nothing more."""
    match event:
        case PrinterReady():
            return join(_again(order, one, rules, event.at.boot_ns) for one in order.slips)
        case ProcessStarted():
            over = (SlipEnded(order.order_id, one.number, "restart") for one in order.slips)
            return join(only(record) for record in over)
    if event.number not in {one.number for one in order.slips}:
        return NOTHING
    match event:
        case SlipPrinted():
            return only(SlipEnded(order.order_id, event.number, event.proof))
        case SlipUnanswered():
            return only(SlipEnded(order.order_id, event.number, "unknown"))
        case SlipNotStarted():
            return only(SlipHeld(order.order_id, event.number, event.condition))


def _again(order: Order, one: Slip, rules: Rules, now_ns: int) -> Decision:
    if not one.held:
        return NOTHING
    over = one.kind == SlipKind.UNKNOWN and order.money not in UNDECIDED
    if over or now_ns - one.begun_ns > PAPER_LIFE_NS:
        return only(SlipEnded(order.order_id, one.number, "stale"))
    return _sent(order, one, rules)


def _sent(order: Order, one: Slip, rules: Rules) -> Decision:
    started = SlipStarted(order.order_id, one.number, one.kind, one.begun_ns, one.begun_ms)
    document = slip(SlipKind(one.kind), order, rules, at_ms=one.begun_ms)
    return Decision((started,), (PrintSlip(order.order_id, one.number, document),), order.order_id)


# ---- what each record changes ----------------------------------------------------------------


def moved(order: Order, record: SlipRecord) -> Order:
    """The order after the record; raises Contradiction for a slip that never began."""
    return EFFECTS[type(record)](order, record)


def _started(order: Order, record: SlipStarted) -> Order:
    one = Slip(record.number, record.kind, record.begun_ns, record.begun_ms)
    others = tuple(each for each in order.slips if each.number != record.number)
    return replace(order, slips=(*others, one), slip_count=max(order.slip_count, record.number))


def _held(order: Order, record: SlipHeld) -> Order:
    one = _known(order, record)
    kept = tuple(replace(each, held=True) if each is one else each for each in order.slips)
    return replace(order, slips=kept)


def _ended(order: Order, record: SlipEnded) -> Order:
    one = _known(order, record)
    return replace(order, slips=tuple(each for each in order.slips if each is not one))


def _known(order: Order, record: SlipHeld | SlipEnded) -> Slip:
    for one in order.slips:
        if one.number == record.number:
            return one
    raise Contradiction(order.order_id, f"{type(record).__name__} of slip {record.number}")


EFFECTS: dict[type, Callable[[Order, Any], Order]] = {
    SlipStarted: _started,
    SlipHeld: _held,
    SlipEnded: _ended,
}
