"""What each record of a capture or a reversal changes in an order; `applying` has the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from posd.core.order import Attention, Checks, Order, Reversal
from posd.core.people import OWN_NAME
from posd.core.reversal_records import (
    CaptureFailed,
    CaptureSent,
    CaptureUnknown,
    PaymentPartlyRefunded,
    PaymentReversed,
    RefundOwed,
    ReversalGivenUp,
    ReversalSent,
    ReversalUnknown,
    VoidGivenUp,
)


def read_anew(checks: Checks, since_ns: int) -> Checks:
    """Questions of another kind begin; an answer to an older one is known by its number."""
    return replace(
        checks, in_flight=False, since_ns=since_ns, made_since=0, awaiting_customer=False
    )


def _capture_sent(order: Order, record: CaptureSent) -> Order:
    checks = read_anew(order.checks, record.sent_ns)
    return replace(order, capture_minor=record.amount_minor, checks=checks)


def _capture_unknown(order: Order, record: CaptureUnknown) -> Order:
    checks = read_anew(order.checks, record.since_ns)
    return replace(order, because=record.because, code=record.code, checks=checks)


def _capture_failed(order: Order, record: CaptureFailed) -> Order:
    return replace(order, because=record.because, code=record.code, capture_minor=0)


def _reversal_sent(order: Order, record: ReversalSent) -> Order:
    again = order.reversal if record.attempt > 1 else None
    reversal = Reversal(
        number=record.number,
        kind=record.kind,
        amount_minor=record.amount_minor,
        full=record.full,
        seen=record.seen,
        sent_ns=record.sent_ns,
        begun_ns=again.begun_ns if again else record.sent_ns,
        attempt=record.attempt,
        reboots=again.reboots if again else 0,
        by_person=again.by_person if again else record.actor != OWN_NAME,
    )
    # The last read may be of another boot, whose clock says nothing here.
    checks = replace(read_anew(order.checks, record.sent_ns), sent_ns=0)
    return replace(order, reversal=reversal, because="", code="", checks=checks)


def _reversal_unknown(order: Order, record: ReversalUnknown) -> Order:
    checks = read_anew(order.checks, record.since_ns)
    return replace(order, because=record.because, code=record.code, checks=checks)


def _owed(order: Order, record: RefundOwed) -> Order:
    reversal = order.reversal
    return replace(
        order,
        because=record.because,
        code=record.code,
        reversal=replace(reversal, for_person=record.for_person) if reversal else None,
        checks=read_anew(order.checks, record.since_ns),
        attention=order.attention | {Attention.OWED},
    )


def _reversed(order: Order, record: PaymentReversed) -> Order:
    done = _given_back(order, record.refund_id, order.left_minor)
    return replace(done, late=False, attention=done.attention - {Attention.LATE})


def _partly_refunded(order: Order, record: PaymentPartlyRefunded) -> Order:
    return _given_back(order, record.refund_id, record.amount_minor)


def _given_back(order: Order, refund_id: str, amount_minor: int) -> Order:
    return replace(
        order,
        refunded_minor=order.refunded_minor + amount_minor,
        refunds=(*order.refunds, refund_id) if refund_id else order.refunds,
        because="",
        code="",
        checks=read_anew(order.checks, 0),
        attention=order.attention - {Attention.OWED, Attention.ESCALATED},
    )


def _given_up(order: Order, _record: ReversalGivenUp | VoidGivenUp) -> Order:
    return replace(
        order,
        because="",
        code="",
        checks=read_anew(order.checks, 0),
        attention=order.attention - {Attention.OWED, Attention.ESCALATED},
    )


EFFECTS: dict[type, Callable[[Order, Any], Order]] = {
    CaptureSent: _capture_sent,
    CaptureUnknown: _capture_unknown,
    CaptureFailed: _capture_failed,
    ReversalSent: _reversal_sent,
    ReversalUnknown: _reversal_unknown,
    RefundOwed: _owed,
    PaymentReversed: _reversed,
    PaymentPartlyRefunded: _partly_refunded,
    ReversalGivenUp: _given_up,
    VoidGivenUp: _given_up,
}
