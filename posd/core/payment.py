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
`payment_rules` says what each rule gives. The states after an authorization, and those in which
money goes back, have their rows in `reversal`.
"""

from __future__ import annotations

from posd.core import checking, reading, reversal
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
    AmountVerified,
    AttentionRaised,
    CheckReported,
    CheckSent,
    DeclineReported,
    MismatchProved,
    MismatchSeen,
    OrderSettled,
    PaymentConfirmed,
    PaymentKept,
    PaymentLate,
    PaymentNotPaid,
    PaymentUnknown,
    PaySent,
    SaleCancelled,
    SweepAnswered,
    VerdictOverdue,
)
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
    CaptureRequested,
    ReversalRequested,
    SettlementRequested,
)
from posd.core.reversal_records import (
    PaymentAuthorized,
    ReversalSent,
    SaleAbandoned,
    SaleAccepted,
)
from posd.core.rules import Rules

ARMED, SENT, UNKNOWN = MoneyState.ARMED, MoneyState.SENT, MoneyState.UNKNOWN
AUTHORIZED, CONFIRMED, NOT_PAID = MoneyState.AUTHORIZED, MoneyState.CONFIRMED, MoneyState.NOT_PAID

_UNCERTAIN = {
    CodeScanned: "ignore_same_scan",
    GatewayUnreachable: "ignore",
    TimePassed: "keep_asking",
    ProcessStarted: "doubt_after_restart",
    PayAnswered: "judge_pay",
    PayNotSent: "close_as_absent",
    PayUnanswered: "doubt",
    CheckAnswered: "weigh_check",
    CheckUnanswered: "note_silence",
    AbandonRequested: "abandon",
    AcceptRequested: "accept",
}

DECISIONS: dict[MoneyState, dict[type, str]] = {
    ARMED: {
        CodeScanned: "send_pay",
        CancelRequested: "cancel",
        GatewayUnreachable: "cancel_without_gateway",
        TimePassed: "cancel_without_key",
        ProcessStarted: "cancel_at_restart",
    },
    SENT: _UNCERTAIN,
    UNKNOWN: _UNCERTAIN,
    CONFIRMED: {
        CodeScanned: "ignore_same_scan",
        GatewayUnreachable: "ignore",
        TimePassed: "verify_amount",
        ProcessStarted: "ask_if_old",
        PayAnswered: "compare_with_success",
        PayNotSent: "flag_conflict",
        PayUnanswered: "ignore",
        CheckAnswered: "weigh_amount",
        CheckUnanswered: "note_read_silence",
        KeepRequested: "keep",
        AbandonRequested: "abandon_late",
        ReversalRequested: "refund",
    },
    NOT_PAID: {
        CodeScanned: "ignore_same_scan",
        CancelRequested: "ignore",
        GatewayUnreachable: "ignore",
        TimePassed: "sweep",
        ProcessStarted: "ignore",
        PayAnswered: "learn_late_from_pay",
        PayNotSent: "ignore",
        PayUnanswered: "ignore",
        CheckAnswered: "learn_late_from_check",
        CheckUnanswered: "note_read_silence",
    },
    **reversal.DECISIONS,
}

_OF_UNCERTAIN: dict[type, str] = {
    CancelRequested: "already_sent",
    KeepRequested: "not_paid",
    ReversalRequested: "abandon_instead",
    CaptureRequested: "not_authorized",
    SettlementRequested: "nothing_owed",
}
REFUSED: dict[MoneyState, dict[type, str]] = {
    ARMED: {
        KeepRequested: "not_paid",
        AbandonRequested: "cancel_instead",
        AcceptRequested: "cancel_instead",
        ReversalRequested: "not_paid",
        CaptureRequested: "not_authorized",
        SettlementRequested: "nothing_owed",
    },
    SENT: _OF_UNCERTAIN,
    UNKNOWN: _OF_UNCERTAIN,
    CONFIRMED: {
        CancelRequested: "already_paid",
        AcceptRequested: "already_paid",
        CaptureRequested: "already_paid",
        SettlementRequested: "nothing_owed",
    },
    NOT_PAID: {
        KeepRequested: "not_paid",
        AbandonRequested: "not_paid",
        AcceptRequested: "not_paid",
        ReversalRequested: "not_paid",
        CaptureRequested: "not_paid",
        SettlementRequested: "nothing_owed",
    },
    **reversal.REFUSED,
}


def _uncertain(state: MoneyState) -> dict[type, MoneyState]:
    return {
        PaymentConfirmed: CONFIRMED,
        PaymentAuthorized: AUTHORIZED,
        PaymentNotPaid: NOT_PAID,
        PaymentUnknown: UNKNOWN,
        DeclineReported: UNKNOWN,
        MismatchSeen: UNKNOWN,
        MismatchProved: CONFIRMED,
        VerdictOverdue: UNKNOWN,
        CheckSent: state,
        CheckReported: state,
        AttentionRaised: state,
        SaleAbandoned: state,
        SaleAccepted: state,
    }


NEXT: dict[MoneyState, dict[type, MoneyState]] = {
    ARMED: {SaleCancelled: NOT_PAID, PaySent: SENT},
    SENT: _uncertain(SENT),
    UNKNOWN: _uncertain(UNKNOWN),
    CONFIRMED: {
        PaymentLate: CONFIRMED,
        PaymentKept: CONFIRMED,
        CheckSent: CONFIRMED,
        CheckReported: CONFIRMED,
        AmountVerified: CONFIRMED,
        MismatchProved: CONFIRMED,
        SaleAbandoned: CONFIRMED,
        ReversalSent: MoneyState.REVERSING,
        AttentionRaised: CONFIRMED,
        OrderSettled: CONFIRMED,
    },
    NOT_PAID: {
        PaymentConfirmed: CONFIRMED,
        PaymentAuthorized: AUTHORIZED,
        CheckSent: NOT_PAID,
        CheckReported: NOT_PAID,
        SweepAnswered: NOT_PAID,
        AttentionRaised: NOT_PAID,
        OrderSettled: NOT_PAID,
    },
    **reversal.NEXT,
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
    return reading.deadline_ns(order, rules.waits)
