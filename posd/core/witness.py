"""Reading what seems settled once more: amounts that were left out, denials of some hours ago.

Rule: what a later read shows wins over what was believed; what it does not show changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from posd.core import reading
from posd.core.decision import NOTHING, Decision, only
from posd.core.events import CheckAnswered, CheckUnanswered, PayAnswered, TimePassed
from posd.core.evidence import Proof
from posd.core.judging import Finding, judge_check, mismatch, proved
from posd.core.order import Attention, Order
from posd.core.records import (
    AmountVerified,
    AttentionRaised,
    CheckReported,
    SweepAnswered,
)
from posd.core.rules import Rules

STILL_DENIED = frozenset(
    {Finding.ABSENT, Finding.CANCELLED, Finding.FAILED, Finding.EXPIRED, Finding.ACCOUNT}
)

# ---- CONFIRMED ------------------------------------------------------------------------------


def verify_amount(order: Order, event: TimePassed, rules: Rules) -> Decision:
    """A success that stated no amount: the details are asked for it."""
    return reading.read(order, "details", event.at.boot_ns, rules.waits)


def compare_with_success(order: Order, event: PayAnswered, _rules: Rules) -> Decision:
    """An answer that was under way when the payment was found; only another success contradicts.

    It states what was asked for at first, whatever part of it was captured since.
    """
    return _compared(replace(order, capture_minor=0), event)


def weigh_amount(order: Order, event: CheckAnswered, _rules: Rules) -> Decision:
    """The answer about the amount, or one that was under way when the payment was found."""
    if not order.checks.answered_by(event.number):
        return _compared(order, event)
    said = event.evidence
    report = CheckReported(order.order_id, event.number, _amount_finding(order, event), said.code)
    if report.finding == Finding.MISMATCH:
        return Decision((report, *proved(order, event)), (), order.order_id)
    if report.finding == Finding.COMPLETE:
        return Decision((report, AmountVerified(order.order_id)), (), order.order_id)
    return only(report)


def weigh_leftover(order: Order, event: CheckAnswered, _rules: Rules) -> Decision:
    """What was asked for went back; where another amount was taken, the rest is in sight."""
    if not order.checks.answered_by(event.number):
        return _compared(order, event)
    finding = _amount_finding(order, event)
    report = CheckReported(order.order_id, event.number, finding, event.evidence.code)
    if finding is Finding.COMPLETE:
        return only(report, AmountVerified(order.order_id))
    if finding is Finding.MISMATCH and Attention.CONFLICT not in order.attention:
        flag = _compared(order, event)
        return Decision((report, *flag.records), (), order.order_id)
    return only(report)


def _amount_finding(order: Order, event: CheckAnswered) -> Finding:
    said = event.evidence
    if said.proof is not Proof.SUCCESS or said.paid is None:
        return Finding.UNCLEAR
    return Finding.MISMATCH if mismatch(order, said) else Finding.COMPLETE


def _compared(order: Order, event: PayAnswered | CheckAnswered) -> Decision:
    what = mismatch(order, event.evidence) if event.evidence.proof is Proof.SUCCESS else None
    return only(AttentionRaised(order.order_id, Attention.CONFLICT, what)) if what else NOTHING


# ---- NOT_PAID -------------------------------------------------------------------------------


def sweep(order: Order, event: TimePassed, rules: Rules) -> Decision:
    """A denial that LINE Pay may have taken back since."""
    operation = "check" if order.captures else "authorizations"
    return reading.read(order, operation, event.at.boot_ns, rules.waits)


def weigh_sweep(order: Order, event: CheckAnswered) -> Decision:
    """Still denied, or nothing that can be believed: then it is asked again."""
    if not order.checks.answered_by(event.number):
        return _compared(order, event)
    finding = judge_check(order, event.evidence, event.number)
    report = CheckReported(order.order_id, event.number, finding, event.evidence.code)
    if finding is Finding.MISMATCH and Attention.CONFLICT not in order.attention:
        flag = _compared(order, event)
        return Decision((report, *flag.records), (), order.order_id)
    if finding in STILL_DENIED:
        return Decision((report, SweepAnswered(order.order_id)), (), order.order_id)
    return only(report)


def note_read_silence(order: Order, event: CheckUnanswered, _rules: Rules) -> Decision:
    """No answer is no evidence; the next read is already planned."""
    if not order.checks.answered_by(event.number):
        return NOTHING
    return only(CheckReported(order.order_id, event.number, "no_answer", event.reason))
