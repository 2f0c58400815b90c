"""Giving money back: void and refund, from the request to the proof.

Rules:

1. A refund has no key of its own at LINE Pay. A partial one is never sent again by the machine;
   a full one only after a read that does not show it, for LINE Pay bounds what it gives back.
2. A refusal leaves the money owed, in sight, until it is given back or a person settles it.
3. After a lost answer, or a restart, LINE Pay is read before anything else.
"""

from __future__ import annotations

from decimal import Decimal

from posd.core import lateness, reading
from posd.core.commands import SendReversal
from posd.core.decision import NOTHING, Decision, join, only
from posd.core.errors import Contradiction
from posd.core.events import (
    CheckAnswered,
    ProcessStarted,
    TimePassed,
)
from posd.core.evidence import Evidence, Proof, RefundSeen
from posd.core.money import Money, to_minor
from posd.core.order import Order, Reversal
from posd.core.people import OWN_NAME, Actor, Role
from posd.core.records import (
    CheckReported,
    OrderRecord,
)
from posd.core.reversal_events import (
    Asking,
    ReversalAnswered,
    ReversalNotSent,
    ReversalUnanswered,
)
from posd.core.reversal_records import (
    PaymentPartlyRefunded,
    PaymentReversed,
    RefundOwed,
    ReversalSent,
    ReversalUnknown,
)
from posd.core.rules import NIGHTS_TO_ESCALATE, Rules, Waits

# Refusals (reference, section 5): a merchant's reserve that fills again, a pause of the service.
FOR_NOW = frozenset({"2042", "1105"})
ALREADY_DONE = "1165"
TOO_MUCH = frozenset({"1164", "1165"})
FOR_A_PERSON = frozenset({"1163", "1179"})
NOTHING_HELD = frozenset({"VOIDED_AUTHORIZATION", "EXPIRED_AUTHORIZATION"})


def begin(order: Order, kind: str, amount_minor: int, *, asking: Asking, at_ns: int) -> Decision:
    """The intent, durable with what was seen before it, and its one request."""
    sent = ReversalSent(
        order_id=order.order_id,
        number=order.reversal.number + 1 if order.reversal else 1,
        kind=kind,
        amount_minor=amount_minor,
        full=kind == "void" or amount_minor == order.left_minor,
        seen=order.refunds,
        attempt=1,
        sent_ns=at_ns,
        **asked(asking),
    )
    return _sending(order, sent)


def by_itself(order: Order, at_ns: int, reason: str) -> Decision:
    """Give back, unasked, a payment that nobody waits for, or one that was never agreed to."""
    kind = "refund" if order.captured_minor else "void"
    amount_minor = order.left_minor if kind == "refund" else order.amount.minor
    asking = Asking(Actor(OWN_NAME, Role.ADMIN), reason)
    return begin(order, kind, amount_minor, asking=asking, at_ns=at_ns)


def asked(asking: Asking) -> dict[str, str]:
    """The fields that every record which a person caused has."""
    return {
        "actor": asking.actor.name,
        "reason": asking.reason,
        "idempotency_key": asking.idempotency_key,
        "body_sha256": asking.body_sha256,
    }


def running(order: Order) -> Reversal:
    """The reversal that is under way; raises Contradiction where there is none."""
    if order.reversal is None:
        raise Contradiction(order.order_id, "there is no reversal")
    return order.reversal


def age_of(reversal: Reversal, now_ns: int, waits: Waits) -> int:
    """How long it has been asked about, in ns; the second night counts as a day."""
    old = reversal.reboots >= NIGHTS_TO_ESCALATE
    return max(now_ns - reversal.begun_ns, waits.daily_after_ns if old else 0)


# ---- REVERSING ------------------------------------------------------------------------------


def judge_reversal(order: Order, event: ReversalAnswered, _rules: Rules) -> Decision:
    """Done, owed, or unknown: by the code, and by whether LINE Pay bounds a repetition."""
    reversal, said = _same(order, event), event.evidence
    if said.proof is Proof.SUCCESS:
        return only(_done(order, reversal, said.transaction_id or "", "answer"))
    if said.code == ALREADY_DONE and reversal.full and not order.refunded_minor:
        return only(_done(order, reversal, "", "already_done"))
    if _is_refusal(said):
        for_person = not reversal.full or said.code not in FOR_NOW
        return _owed(order, event, "refused", for_person=for_person)
    if said.code.startswith("190") and reversal.full:  # "try later": nothing was carried out
        return _owed(order, event, "refused", for_person=False)
    return _unknown(order, event, "answer", said.code)


def owe_unsent(order: Order, event: ReversalNotSent, _rules: Rules) -> Decision:
    """No byte left: the money is owed, and a full reversal is tried again."""
    reversal = _same(order, event)
    return _owed(order, event, event.reason, for_person=not reversal.full)


def doubt_reversal(order: Order, event: ReversalUnanswered, _rules: Rules) -> Decision:
    """The request may have arrived."""
    _same(order, event)
    return _unknown(order, event, event.reason, "")


def doubt_reversal_after_restart(order: Order, event: ProcessStarted, rules: Rules) -> Decision:
    """Read first."""
    record = ReversalUnknown(order.order_id, running(order).number, "restart", "", event.at.boot_ns)
    return join([only(record), lateness.ask_if_old(order, event, rules)])


# ---- REVERSAL_UNKNOWN and REFUND_OWED --------------------------------------------------------


def read_reversal(order: Order, event: TimePassed, rules: Rules) -> Decision:
    """The next read, and after a day of them the flag."""
    now_ns, waits = event.at.boot_ns, rules.waits
    question = reading.read(order, _operation(order), now_ns, waits)
    what, age_ns = "a refund unproved for 24 h", age_of(running(order), now_ns, waits)
    return reading.flagged(order, question, what, age_ns=age_ns, waits=waits)


def weigh_reversal(order: Order, event: CheckAnswered, rules: Rules) -> Decision:
    """A read shows it, or a full one may go again once the lost request cannot travel any more."""
    if not order.checks.answered_by(event.number):
        return NOTHING
    reversal, said = running(order), event.evidence
    report = CheckReported(order.order_id, event.number, _finding(order, said), said.code)
    if report.finding == "reversed":
        return only(report, _done(order, reversal, _new_id(order, said), "read"))
    too_much = order.code in TOO_MUCH and not reversal.for_person  # our books and theirs differ
    if report.finding == "kept" and too_much:
        owed = RefundOwed(
            order.order_id, reversal.number, "refused", order.code, True, event.at.boot_ns
        )
        return only(report, owed)
    still = report.finding == "kept" and reversal.full and not reversal.for_person
    if still and order.checks.sent_ns - reversal.sent_ns >= _patience_ns(reversal, rules.waits):
        again = _again(order, reversal, event.at.boot_ns)
        return Decision((report, *again.records), again.commands, order.order_id)
    return only(report)


def _patience_ns(reversal: Reversal, waits: Waits) -> int:
    """How long a request may still travel; each further one is given twice as long, up to 1 h."""
    doublings = min(reversal.attempt - 1, 30)
    return min(waits.travel_ns << doublings, waits.owed_ns)


def _again(order: Order, reversal: Reversal, at_ns: int) -> Decision:
    sent = ReversalSent(
        order_id=order.order_id,
        number=reversal.number,
        kind=reversal.kind,
        amount_minor=reversal.amount_minor,
        full=reversal.full,
        seen=reversal.seen,
        attempt=reversal.attempt + 1,
        sent_ns=at_ns,
        actor=OWN_NAME,
        reason="again",
        idempotency_key="",
        body_sha256="",
    )
    return _sending(order, sent)


def _sending(order: Order, sent: ReversalSent) -> Decision:
    if order.account is None:
        raise Contradiction(order.order_id, "nothing was ever sent that could be given back")
    amount = Money(sent.amount_minor, order.amount.currency)
    command = SendReversal(order.order_id, sent.number, sent.kind, amount, order.account)
    return Decision((sent,), (command,), order.order_id)


# ---- what LINE Pay says ---------------------------------------------------------------------


def _operation(order: Order) -> str:
    return "authorizations" if running(order).kind == "void" else "details"


def _finding(order: Order, said: Evidence) -> str:
    """reversed, kept, or unclear: only a statement about this order is one."""
    if said.proof is not Proof.SUCCESS:
        return "unclear"
    reversal = running(order)
    if reversal.kind == "void":
        if said.status in NOTHING_HELD:
            return "reversed"
        return "kept" if said.status == "AUTHORIZATION" else "unclear"
    given_back = sum((refund.amount for refund in said.refunds), Decimal(0))
    back_minor = to_minor(given_back, order.amount.currency) or 0
    if reversal.full:
        shown = back_minor >= order.captured_minor or _ours(order, said) is not None
    else:  # one that a person booked without its id must not be taken for this one
        booked_minor = order.refunded_minor + reversal.amount_minor
        shown = back_minor >= booked_minor and _ours(order, said) is not None
    return "reversed" if shown else "kept"


def _ours(order: Order, said: Evidence) -> RefundSeen | None:
    """The refund that was not there before and is of the amount that was asked for."""
    reversal = running(order)
    for refund in said.refunds:
        new = refund.transaction_id not in (*reversal.seen, *order.refunds)
        if new and to_minor(refund.amount, order.amount.currency) == reversal.amount_minor:
            return refund
    return None


def _new_id(order: Order, said: Evidence) -> str:
    ours = _ours(order, said)
    return ours.transaction_id if ours else ""


def _is_refusal(said: Evidence) -> bool:
    proved = said.proof in (Proof.NO_MONEY_MOVED, Proof.NO_SUCH_TRANSACTION)
    return proved or said.code in FOR_A_PERSON | FOR_NOW


def _done(order: Order, reversal: Reversal, refund_id: str, found_by: str) -> OrderRecord:
    if reversal.full:
        return PaymentReversed(order.order_id, reversal.number, refund_id, found_by)
    return PaymentPartlyRefunded(
        order.order_id, reversal.number, refund_id, reversal.amount_minor, found_by
    )


def _same(order: Order, event: ReversalAnswered | ReversalNotSent | ReversalUnanswered) -> Reversal:
    reversal = running(order)
    if event.number != reversal.number:
        what = f"{type(event).__name__} of reversal {event.number} while {reversal.number} is out"
        raise Contradiction(order.order_id, what)
    return reversal


def _owed(
    order: Order,
    event: ReversalAnswered | ReversalNotSent,
    because: str,
    *,
    for_person: bool,
) -> Decision:
    code = event.evidence.code if isinstance(event, ReversalAnswered) else ""
    return only(
        RefundOwed(order.order_id, event.number, because, code, for_person, event.at.boot_ns)
    )


def _unknown(
    order: Order, event: ReversalAnswered | ReversalUnanswered, because: str, code: str
) -> Decision:
    return only(ReversalUnknown(order.order_id, event.number, because, code, event.at.boot_ns))
