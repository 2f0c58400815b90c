"""What each rule of the money machine gives: records to make durable, then commands.

`payment.DECISIONS` names the rule for each event in each state; the six rules that they keep
stand at the top of `payment`. Nothing here knows of another order, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from posd.core import asking, capturing, checking, lateness, reversing, witness
from posd.core.commands import SendPay
from posd.core.decision import NOTHING, Decision, only
from posd.core.errors import NotAllowed
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
from posd.core.evidence import Proof
from posd.core.judging import Finding, confirmed, judge_check, mismatch, proved
from posd.core.keys import KEY
from posd.core.order import Attention, Order, Wish, is_given_up
from posd.core.records import (
    AttentionRaised,
    CheckReported,
    DeclineReported,
    MismatchProved,
    MismatchSeen,
    OrderRecord,
    PaymentKept,
    PaymentNotPaid,
    PaymentUnknown,
    PaySent,
    SaleCancelled,
    VerdictOverdue,
)
from posd.core.rules import Rules

Rule = Callable[[Order, Any, Rules], Decision]

# ---- ARMED ----------------------------------------------------------------------------------


def send_pay(order: Order, event: CodeScanned, rules: Rules) -> Decision:
    """Take the key, once: the record first, then the one request."""
    if event.finding != KEY:
        expected, got = str(rules.key_length), str(event.length)
        raise NotAllowed(f"key_{event.finding}", expected=expected, got=got)
    if event.first_byte_ns < order.opened_ns + rules.waits.quiet_ns:
        raise NotAllowed("scan_too_early")
    if event.used_by is not None:
        raise NotAllowed("key_used", order_id=event.used_by)
    account = rules.account
    sent = PaySent(
        order_id=order.order_id,
        fingerprint=event.fingerprint,
        host=account.host,
        channel_id=account.channel_id,
        dialect=account.dialect,
        currency=order.amount.currency,
        capture=rules.capture,
        scan_ns=event.last_byte_ns,
        scan_ms=event.at.wall_ms,
        not_after_ns=event.last_byte_ns + rules.waits.not_after_ns,
        amount_minor=order.amount.minor,
        receipt_number=order.receipt_number,
    )
    command = SendPay(
        order_id=order.order_id,
        fingerprint=event.fingerprint,
        amount=order.amount,
        items=order.items,
        account=account,
        not_after_ns=sent.not_after_ns,
        capture=rules.capture,
    )
    return Decision((sent,), (command,), order.order_id)


def cancel(order: Order, event: CancelRequested, _rules: Rules) -> Decision:
    """Nothing was sent, so the sale simply ends."""
    key = event.idempotency_key, event.body_sha256
    return Decision((SaleCancelled(order.order_id, "cashier", *key),), (), order.order_id)


def cancel_without_gateway(order: Order, _event: GatewayUnreachable, _rules: Rules) -> Decision:
    """No key is taken that could not be used: the customer's code stays good."""
    return _cancelled(order, "gateway")


def cancel_without_key(order: Order, event: TimePassed, rules: Rules) -> Decision:
    """A forgotten sale must not take the next customer's key."""
    if event.at.boot_ns < order.opened_ns + rules.waits.key_ns:
        return NOTHING
    return _cancelled(order, "no_key")


def cancel_at_restart(order: Order, _event: ProcessStarted, _rules: Rules) -> Decision:
    """Nobody knows whether the customer is still there."""
    return _cancelled(order, "restart")


def _cancelled(order: Order, because: str) -> Decision:
    return Decision((SaleCancelled(order.order_id, because),), (), order.order_id)


# ---- SENT and UNKNOWN -----------------------------------------------------------------------


def judge_pay(order: Order, event: PayAnswered, _rules: Rules) -> Decision:
    """Success is compared, a proved decline is noted and checked, all else is doubt."""
    evidence, now_ns = event.evidence, event.at.boot_ns
    if evidence.proof is Proof.SUCCESS and evidence.order_id is not None:
        return _believe(order, event, "pay", _rules)
    if evidence.proof is Proof.NO_MONEY_MOVED:
        return only(DeclineReported(order.order_id, evidence.code, evidence.message[:200]))
    return only(PaymentUnknown(order.order_id, "answer", evidence.code, now_ns))


def doubt(order: Order, event: PayUnanswered, _rules: Rules) -> Decision:
    """The request may have arrived."""
    return only(PaymentUnknown(order.order_id, event.reason, "", event.at.boot_ns))


def doubt_after_restart(order: Order, event: ProcessStarted, rules: Rules) -> Decision:
    """Whatever was in flight is asked about at once and never sent again."""
    now_ns = event.at.boot_ns
    unknown = PaymentUnknown(order.order_id, "restart", order.code, now_ns)
    over = order.rebooted or now_ns - (order.scan_ns or 0) >= rules.waits.verdict_ns
    if over and not order.overdue:  # a verdict is due, or its 60 s cannot be told any more
        return Decision((unknown, VerdictOverdue(order.order_id, now_ns)), (), order.order_id)
    return only(unknown)


def close_as_absent(order: Order, event: PayNotSent, _rules: Rules) -> Decision:
    """The client's own mark proves that no byte left; a success already seen contradicts it."""
    if Attention.MISMATCH in order.attention:
        return flag_conflict(order, event, _rules)
    return only(PaymentNotPaid(order.order_id, "absent", event.reason))


def keep_asking(order: Order, event: TimePassed, rules: Rules) -> Decision:
    """The 60 s verdict, the daily flag, and the next question, whichever is due."""
    return checking.due(order, event.at.boot_ns, rules.waits)


def weigh_check(order: Order, event: CheckAnswered, rules: Rules) -> Decision:
    """What LINE Pay says of the order, by rules 2 to 6."""
    finding = judge_check(order, event.evidence, event.number)
    report = CheckReported(order.order_id, event.number, finding, event.evidence.code)
    if finding is Finding.PROVED:
        return _prove_mismatch(order, event, report)
    if finding in (Finding.COMPLETE, Finding.AUTHORIZED):
        follow = _believe(order, event, "check", rules).records
    else:
        follow = _weigh_denial(order, event, finding)
    return Decision((report, *follow), (), order.order_id)


def _prove_mismatch(order: Order, event: CheckAnswered, report: CheckReported) -> Decision:
    """Answer and details agree on another amount: the first of a shift is given back at once."""
    found = proved(order, event)
    taken_minor = sum(r.captured_minor for r in found if isinstance(r, MismatchProved))
    goods_out = order.wish is not Wish.WANTED and not is_given_up(order)  # then a person decides
    if event.mismatches_before or goods_out or not taken_minor:
        return Decision((report, *found), (), order.order_id)
    taken = replace(order, captured_minor=taken_minor)
    back = reversing.by_itself(taken, event.at.boot_ns, "mismatch")
    return Decision((report, *found, *back.records), back.commands, order.order_id)


def _weigh_denial(order: Order, event: CheckAnswered, finding: Finding) -> tuple[OrderRecord, ...]:
    doubted = Attention.MISMATCH in order.attention
    if finding is Finding.MISMATCH and not doubted:
        what = mismatch(order, event.evidence) or ""
        transaction_id = event.evidence.transaction_id or ""
        return (MismatchSeen(order.order_id, what, transaction_id, event.at.boot_ns),)
    if finding is Finding.FOUND and Attention.CONFLICT not in order.attention:
        return (AttentionRaised(order.order_id, Attention.CONFLICT, "details know this order"),)
    because = checking.denial(order, event.number, finding)
    if because is None or doubted:
        return ()
    return (PaymentNotPaid(order.order_id, because, order.declined_code or event.evidence.code),)


def note_silence(order: Order, event: CheckUnanswered, _rules: Rules) -> Decision:
    """No answer is no evidence; the next question is already planned."""
    return only(CheckReported(order.order_id, event.number, "no_answer", event.reason))


def ignore_same_scan(order: Order, event: CodeScanned, rules: Rules) -> Decision:
    """A scanner that reads the same code twice has read one code."""
    within = event.last_byte_ns - (order.scan_ns or 0) < rules.waits.same_scan_ns
    if order.fingerprint == event.fingerprint and within:
        return NOTHING
    raise NotAllowed("scan_not_armed")


def _believe(
    order: Order, event: PayAnswered | CheckAnswered, found_by: str, rules: Rules
) -> Decision:
    what = mismatch(order, event.evidence)
    if what:
        transaction_id = event.evidence.transaction_id or ""
        return only(MismatchSeen(order.order_id, what, transaction_id, event.at.boot_ns))
    authorizes = not order.captures and event.evidence.status != "CAPTURE"
    if authorizes:
        return only(capturing.authorized(order, event, found_by, rules))
    return only(
        confirmed(order, event.evidence, event.at, found_by, lateness.is_late(order, event, rules))
    )


# ---- CONFIRMED ------------------------------------------------------------------------------


def keep(order: Order, event: KeepRequested, _rules: Rules) -> Decision:
    """The goods are, or will be, with the customer; asked twice is asked once."""
    if not order.late:
        return Decision((), (), order.order_id)
    return only(PaymentKept(order.order_id, event.idempotency_key, event.body_sha256))


def flag_conflict(order: Order, event: PayNotSent, _rules: Rules) -> Decision:
    """We know that nothing left, and LINE Pay has the money."""
    what = f"paid at LINE Pay, yet the request was not sent ({event.reason})"
    return only(AttentionRaised(order.order_id, Attention.CONFLICT, what))


# ---- NOT_PAID -------------------------------------------------------------------------------


def learn_late_from_pay(order: Order, event: PayAnswered, rules: Rules) -> Decision:
    """An answer that overtook its own denial."""
    if event.evidence.proof is not Proof.SUCCESS or event.evidence.order_id is None:
        return NOTHING
    return _learn_late(order, event, "pay", rules)


def learn_late_from_check(order: Order, event: CheckAnswered, rules: Rules) -> Decision:
    """COMPLETE wins at any time; one of another amount goes to a person."""
    finding = judge_check(order, event.evidence, event.number)
    if finding in (Finding.COMPLETE, Finding.AUTHORIZED):
        return _learn_late(order, event, "check", rules)
    return witness.weigh_sweep(order, event)


def _learn_late(
    order: Order, event: PayAnswered | CheckAnswered, found_by: str, rules: Rules
) -> Decision:
    what = mismatch(order, event.evidence)
    if what:
        return only(AttentionRaised(order.order_id, Attention.CONFLICT, what))
    return _believe(order, event, found_by, rules)


def ignore(_order: Order, _event: MoneyEvent, _rules: Rules) -> Decision:
    """Nothing follows: the state already says it."""
    return NOTHING


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        send_pay,
        cancel,
        cancel_without_gateway,
        cancel_without_key,
        cancel_at_restart,
        judge_pay,
        doubt,
        doubt_after_restart,
        close_as_absent,
        keep_asking,
        weigh_check,
        note_silence,
        ignore_same_scan,
        keep,
        lateness.ask_if_old,
        flag_conflict,
        learn_late_from_pay,
        learn_late_from_check,
        ignore,
        witness.verify_amount,
        witness.compare_with_success,
        witness.weigh_amount,
        witness.weigh_leftover,
        witness.sweep,
        witness.note_read_silence,
        asking.abandon,
        asking.abandon_late,
        asking.accept,
        asking.refund,
        asking.void,
        asking.capture,
        asking.settle,
        capturing.watch_authorization,
        capturing.weigh_authorization,
        capturing.judge_capture,
        capturing.fail_capture,
        capturing.doubt_capture,
        capturing.doubt_capture_after_restart,
        capturing.read_capture,
        capturing.weigh_capture,
        reversing.judge_reversal,
        reversing.owe_unsent,
        reversing.doubt_reversal,
        reversing.doubt_reversal_after_restart,
        reversing.read_reversal,
        reversing.weigh_reversal,
    )
}
