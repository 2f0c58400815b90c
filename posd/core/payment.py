"""The money machine of one order.

Rules:

1. A payment request leaves once, after PaySent is durable; nothing here ever sends it again.
2. Success is believed only for the same order, amount and stated currency.
3. A decline is believed only after one check that was sent later.
4. Everything else is UNKNOWN and is asked about; UNKNOWN never decays into "not paid".
5. "No such transaction" is final only from two checks sent past the horizon, apart, with details
   agreeing.
6. COMPLETE wins at any time, also over NOT_PAID; then a person decides (PAID LATE).

`DECISIONS` says which rule answers which event in which state; a request that is not in the row
is refused, a report that is not in it is a contradiction. `NEXT` says where each record leads.
`payment_rules` says what each rule gives.
"""

from __future__ import annotations

from posd.core import checking
from posd.core.decision import Decision
from posd.core.errors import Contradiction, NotAllowed
from posd.core.events import (
    CancelRequested,
    CheckAnswered,
    CheckUnanswered,
    CodeScanned,
    GatewayUnreachable,
    KeepRequested,
    MoneyEvent,
    PayAnswered,
    PayNotSent,
    PayUnanswered,
    ProcessStarted,
    TimePassed,
)
from posd.core.order import MoneyState, Order
from posd.core.payment_rules import RULES
from posd.core.records import (
    AttentionRaised,
    CheckReported,
    CheckSent,
    DeclineReported,
    MismatchSeen,
    OrderSettled,
    PaymentConfirmed,
    PaymentKept,
    PaymentLate,
    PaymentNotPaid,
    PaymentUnknown,
    PaySent,
    SaleCancelled,
    VerdictOverdue,
)
from posd.core.rules import Rules

ARMED, SENT, UNKNOWN = MoneyState.ARMED, MoneyState.SENT, MoneyState.UNKNOWN
CONFIRMED, NOT_PAID = MoneyState.CONFIRMED, MoneyState.NOT_PAID

DECISIONS: dict[MoneyState, dict[type, str]] = {
    ARMED: {
        CodeScanned: "send_pay",
        CancelRequested: "cancel",
        GatewayUnreachable: "cancel_without_gateway",
        TimePassed: "cancel_without_key",
        ProcessStarted: "cancel_at_restart",
    },
    SENT: {
        CodeScanned: "ignore_same_scan",
        GatewayUnreachable: "ignore",
        TimePassed: "keep_asking",
        ProcessStarted: "doubt_after_restart",
        PayAnswered: "judge_pay",
        PayNotSent: "close_as_absent",
        PayUnanswered: "doubt",
        CheckAnswered: "weigh_check",
        CheckUnanswered: "note_silence",
    },
    UNKNOWN: {
        CodeScanned: "ignore_same_scan",
        GatewayUnreachable: "ignore",
        TimePassed: "keep_asking",
        ProcessStarted: "doubt_after_restart",
        PayAnswered: "judge_pay",
        PayNotSent: "close_as_absent",
        PayUnanswered: "doubt",
        CheckAnswered: "weigh_check",
        CheckUnanswered: "note_silence",
    },
    CONFIRMED: {
        CodeScanned: "ignore_same_scan",
        GatewayUnreachable: "ignore",
        TimePassed: "ignore",
        ProcessStarted: "ask_if_old",
        PayAnswered: "compare_with_success",
        PayNotSent: "flag_conflict",
        PayUnanswered: "ignore",
        CheckAnswered: "compare_with_success",
        CheckUnanswered: "ignore",
        KeepRequested: "keep",
    },
    NOT_PAID: {
        CodeScanned: "ignore_same_scan",
        CancelRequested: "ignore",
        GatewayUnreachable: "ignore",
        TimePassed: "ignore",
        ProcessStarted: "ignore",
        PayAnswered: "learn_late_from_pay",
        PayNotSent: "ignore",
        PayUnanswered: "ignore",
        CheckAnswered: "learn_late_from_check",
        CheckUnanswered: "ignore",
    },
}

REFUSED: dict[MoneyState, dict[type, str]] = {
    ARMED: {KeepRequested: "not_paid"},
    SENT: {CancelRequested: "already_sent", KeepRequested: "not_paid"},
    UNKNOWN: {CancelRequested: "already_sent", KeepRequested: "not_paid"},
    CONFIRMED: {CancelRequested: "already_paid"},
    NOT_PAID: {KeepRequested: "not_paid"},
}

NEXT: dict[MoneyState, dict[type, MoneyState]] = {
    ARMED: {SaleCancelled: NOT_PAID, PaySent: SENT},
    SENT: {
        PaymentConfirmed: CONFIRMED,
        PaymentNotPaid: NOT_PAID,
        PaymentUnknown: UNKNOWN,
        DeclineReported: UNKNOWN,
        MismatchSeen: UNKNOWN,
        VerdictOverdue: UNKNOWN,
        CheckSent: SENT,
        CheckReported: SENT,
        AttentionRaised: SENT,
    },
    UNKNOWN: {
        PaymentConfirmed: CONFIRMED,
        PaymentNotPaid: NOT_PAID,
        PaymentUnknown: UNKNOWN,
        DeclineReported: UNKNOWN,
        MismatchSeen: UNKNOWN,
        VerdictOverdue: UNKNOWN,
        CheckSent: UNKNOWN,
        CheckReported: UNKNOWN,
        AttentionRaised: UNKNOWN,
    },
    CONFIRMED: {
        PaymentLate: CONFIRMED,
        PaymentKept: CONFIRMED,
        AttentionRaised: CONFIRMED,
        OrderSettled: CONFIRMED,
    },
    NOT_PAID: {
        PaymentConfirmed: CONFIRMED,
        AttentionRaised: NOT_PAID,
        OrderSettled: NOT_PAID,
    },
}


def decide(order: Order, event: MoneyEvent, rules: Rules) -> Decision:
    """What follows from the event; raises NotAllowed or Contradiction and changes nothing."""
    refusal = REFUSED[order.money].get(type(event))
    if refusal:
        raise NotAllowed(refusal, order_id=order.order_id)
    name = DECISIONS[order.money].get(type(event))
    if name is None:
        what = f"{type(event).__name__} arrived while the order is {order.money}"
        raise Contradiction(order.order_id, what)
    return RULES[name](order, event, rules)


def deadline_ns(order: Order, rules: Rules) -> int | None:
    """When TimePassed has something to say to this order next, on the boot clock."""
    if order.money is ARMED:
        return order.opened_ns + rules.waits.key_ns
    if order.money in (SENT, UNKNOWN):
        return checking.deadline_ns(order, rules.waits)
    return None
