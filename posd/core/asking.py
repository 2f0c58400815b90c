"""What people may ask of an order once its key was sent: the rules behind the requests.

Rule: a wish moves no money by itself; what it makes happen is a record of its own, with the
name of the one who wished it.
"""

from __future__ import annotations

from typing import Any

from posd.core import permits, reversing
from posd.core.commands import SendCapture
from posd.core.decision import Decision
from posd.core.errors import NotAllowed
from posd.core.money import Money
from posd.core.order import GOODS_GONE, MoneyState, Order, Verdict, Wish, verdict
from posd.core.records import (
    PaymentKept,
)
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
    CaptureRequested,
    ReversalRequested,
    SettlementRequested,
)
from posd.core.reversal_records import (
    CaptureSent,
    PaymentPartlyRefunded,
    PaymentReversed,
    ReversalGivenUp,
    SaleAbandoned,
    SaleAccepted,
    VoidGivenUp,
)
from posd.core.reversing import asked
from posd.core.rules import Rules

BECAUSE = ("paid_otherwise", "goods_kept", GOODS_GONE)


def abandon(order: Order, event: AbandonRequested, rules: Rules) -> Decision:
    """Nobody waits any more; what comes late is reversed, or kept where the goods are gone."""
    if event.because not in BECAUSE:
        raise NotAllowed("bad_reason", order_id=order.order_id)
    if order.wish is Wish.ACCEPTED:
        raise NotAllowed("accepted", order_id=order.order_id)
    permits.may_abandon(order, event.because, event.asking.actor, rules)
    if order.wish is Wish.ABANDONED and order.wish_because == event.because:
        return Decision((), (), order.order_id)
    record = SaleAbandoned(order.order_id, event.because, **asked(event.asking))
    return Decision((record,), (), order.order_id)


def abandon_late(order: Order, event: AbandonRequested, rules: Rules) -> Decision:
    """A payment learned late that the shop does not want: given back, or kept with the goods."""
    if verdict(order) is not Verdict.PAID_LATE:
        raise NotAllowed("already_paid", order_id=order.order_id)
    decision = abandon(order, event, rules)
    if event.because == GOODS_GONE:
        return Decision((*decision.records, PaymentKept(order.order_id)), (), order.order_id)
    if order.reversal is None:
        return decision  # `lane` reverses what is given up
    # A part went back before, or a void was given up: the rest is asked for here.
    back = reversing.by_itself(order, event.at.boot_ns, f"abandoned: {event.because}")
    return Decision((*decision.records, *back.records), back.commands, order.order_id)


def accept(order: Order, event: AcceptRequested, _rules: Rules) -> Decision:
    """The goods go although nothing is confirmed; a supervisor answers for it."""
    permits.must_supervise(order, event.asking.actor)
    if order.wish is Wish.ABANDONED:
        raise NotAllowed("abandoned", order_id=order.order_id)
    if verdict(order) is Verdict.WORKING:
        raise NotAllowed("still_working", order_id=order.order_id)
    if order.wish is Wish.ACCEPTED:
        return Decision((), (), order.order_id)
    return Decision((SaleAccepted(order.order_id, **asked(event.asking)),), (), order.order_id)


def refund(order: Order, event: ReversalRequested, rules: Rules) -> Decision:
    """Give back all that is left, or a part of it."""
    amount_minor = order.left_minor if event.amount_minor is None else event.amount_minor
    if not 0 < amount_minor <= order.left_minor:
        left = Money(order.left_minor, order.amount.currency).text
        raise NotAllowed("more_than_left", order_id=order.order_id, left=left)
    permits.may_reverse(order, amount_minor, event.asking.actor, rules)
    return _reversed(order, "refund", amount_minor, event)


def void(order: Order, event: ReversalRequested, rules: Rules) -> Decision:
    """Release what was authorized; a part of it cannot be released."""
    if event.amount_minor not in (None, order.amount.minor):
        raise NotAllowed("not_captured", order_id=order.order_id)
    permits.may_reverse(order, order.amount.minor, event.asking.actor, rules)
    return _reversed(order, "void", order.amount.minor, event)


def _reversed(order: Order, kind: str, amount_minor: int, event: ReversalRequested) -> Decision:
    at_ns = event.at.boot_ns
    return reversing.begin(order, kind, amount_minor, asking=event.asking, at_ns=at_ns)


def capture(order: Order, event: CaptureRequested, _rules: Rules) -> Decision:
    """Take what was authorized, or less; the rest is released by LINE Pay."""
    minor = order.amount.minor if event.amount_minor is None else event.amount_minor
    if not 0 < minor <= order.amount.minor or order.account is None:
        left = order.amount.text
        raise NotAllowed("more_than_left", order_id=order.order_id, left=left)
    sent = CaptureSent(order.order_id, minor, event.at.boot_ns, **asked(event.asking))
    command = SendCapture(order.order_id, Money(minor, order.amount.currency), order.account)
    return Decision((sent,), (command,), order.order_id)


def settle(order: Order, event: SettlementRequested, rules: Rules) -> Decision:
    """A supervisor says how it ended, by name and with a reason.

    A part that may still be given back is "not given back" by nobody's word before a day of reads.
    """
    permits.must_supervise(order, event.asking.actor)
    if not event.asking.reason.strip():
        raise NotAllowed("reason_needed", order_id=order.order_id)
    reversal = reversing.running(order)
    may_come = order.money is MoneyState.REVERSAL_UNKNOWN and not reversal.full
    young = reversing.age_of(reversal, event.at.boot_ns, rules.waits) < rules.waits.daily_after_ns
    if may_come and young and not event.given_back:
        raise NotAllowed("still_reading", order_id=order.order_id)
    who = asked(event.asking)
    if not event.given_back:
        given_up = VoidGivenUp if reversal.kind == "void" else ReversalGivenUp
        record: Any = given_up(order.order_id, reversal.number, **who)
    elif reversal.full:
        record = PaymentReversed(order.order_id, reversal.number, "", "person", **who)
    else:
        record = PaymentPartlyRefunded(
            order.order_id, reversal.number, "", reversal.amount_minor, "person", **who
        )
    return Decision((record,), (), order.order_id)
