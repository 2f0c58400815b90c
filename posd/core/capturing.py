"""Taking what was authorized: from the capture's request to the proof.

Rules:

1. A capture is never repeated blindly: after a lost answer the authorization is read.
2. Only `payStatus` of the authorization is evidence; what is left out proves nothing.
3. What is authorized is never shown as paid.
"""

from __future__ import annotations

from dataclasses import replace

from posd.core import reading
from posd.core.decision import NOTHING, Decision, only
from posd.core.events import (
    CheckAnswered,
    PayAnswered,
    ProcessStarted,
    TimePassed,
)
from posd.core.evidence import Proof
from posd.core.judging import Finding, confirmed, judge_check, mismatch
from posd.core.order import Attention, Order
from posd.core.records import (
    AttentionRaised,
    CheckReported,
    PaymentNotPaid,
)
from posd.core.reversal_events import (
    CaptureAnswered,
    CaptureNotSent,
    CaptureUnanswered,
)
from posd.core.reversal_records import (
    CaptureFailed,
    CaptureUnknown,
    PaymentAuthorized,
)
from posd.core.rules import Rules, Waits

_OVER = {Finding.CANCELLED: "cancelled", Finding.EXPIRED: "expired"}


def authorized(
    order: Order, event: PayAnswered | CheckAnswered, found_by: str, rules: Rules
) -> PaymentAuthorized:
    """The record of an authorization; it is looked at again an hour before it ends.

    The wall clock, which may be wrong by years, can only bring that forward: after a day it is
    looked at in any case.
    """
    expires_ms = event.evidence.expires_ms or 0
    left_ns = (expires_ms - event.at.wall_ms) * 1_000_000 - rules.waits.alert_before_ns
    daily_ns = rules.waits.daily_ns
    wait_ns = min(max(left_ns, 0), daily_ns) if expires_ms else daily_ns
    return PaymentAuthorized(
        order_id=order.order_id,
        transaction_id=event.evidence.transaction_id or "",
        found_by=found_by,
        expires_ms=expires_ms,
        alert_ns=event.at.boot_ns + wait_ns,
        verified=event.evidence.paid is not None,
    )


# ---- AUTHORIZED -----------------------------------------------------------------------------


def watch_authorization(order: Order, event: TimePassed, rules: Rules) -> Decision:
    """Say in time that it ends, then see whether it has ended."""
    if event.at.boot_ns < order.alert_ns:
        return NOTHING
    asked = reading.read(order, "authorizations", event.at.boot_ns, rules.waits)
    if Attention.EXPIRING in order.attention or not _ends_soon(order, event, rules.waits):
        return asked
    what = "an authorization that nobody has captured is about to end"
    flag = AttentionRaised(order.order_id, Attention.EXPIRING, what)
    return Decision((flag, *asked.records), asked.commands, order.order_id)


def _ends_soon(order: Order, event: TimePassed, waits: Waits) -> bool:
    """By the wall clock, which this alone believes; one without a stated end may end at any time.

    Looks are an hour apart, so an hour before its last hour is soon.
    """
    left_ns = (order.expires_ms - event.at.wall_ms) * 1_000_000
    return not order.expires_ms or left_ns <= waits.alert_before_ns + waits.owed_ns


def weigh_authorization(order: Order, event: CheckAnswered, _rules: Rules) -> Decision:
    """Ended, released, captured by somebody else, or still there."""
    if not order.checks.answered_by(event.number):
        return NOTHING
    finding = judge_check(order, event.evidence, event.number)
    report = CheckReported(order.order_id, event.number, finding, event.evidence.code)
    if finding is Finding.COMPLETE:
        return only(report, confirmed(order, event.evidence, event.at, "check", False))
    if finding in _OVER:
        return only(report, PaymentNotPaid(order.order_id, _OVER[finding], ""))
    return only(report)


# ---- CAPTURING ------------------------------------------------------------------------------


def judge_capture(order: Order, event: CaptureAnswered, _rules: Rules) -> Decision:
    """Success of the amount that was asked for; a refusal too is read before it is believed."""
    said = event.evidence
    if said.proof is Proof.SUCCESS and mismatch(order, said) is None:
        return only(confirmed(order, said, event.at, "capture", False))
    return _unknown(order, event.at.boot_ns, "answer", said.code)


def fail_capture(order: Order, event: CaptureNotSent, _rules: Rules) -> Decision:
    """No byte left: it is still authorized."""
    return only(CaptureFailed(order.order_id, event.reason, ""))


def doubt_capture(order: Order, event: CaptureUnanswered, _rules: Rules) -> Decision:
    """The request may have arrived."""
    return _unknown(order, event.at.boot_ns, event.reason, "")


def doubt_capture_after_restart(order: Order, event: ProcessStarted, _rules: Rules) -> Decision:
    """Read first."""
    return _unknown(order, event.at.boot_ns, "restart", "")


# ---- CAPTURE_UNKNOWN ------------------------------------------------------------------------


def read_capture(order: Order, event: TimePassed, rules: Rules) -> Decision:
    """Authorizations and details in turn: a captured payment may be in either list."""
    operation = "details" if order.checks.made_since % 2 else "authorizations"
    now_ns, waits = event.at.boot_ns, rules.waits
    question = reading.read(order, operation, now_ns, waits)
    what, age_ns = "a capture unproved for 24 h", now_ns - order.checks.since_ns
    return reading.flagged(order, question, what, age_ns=age_ns, waits=waits)


def weigh_capture(order: Order, event: CheckAnswered, rules: Rules) -> Decision:
    """Captured, ended, or still authorized: then it was not carried out, once it cannot travel."""
    if not order.checks.answered_by(event.number):
        return NOTHING
    finding = _finding(order, event)
    report = CheckReported(order.order_id, event.number, finding, event.evidence.code)
    if finding is Finding.COMPLETE:
        return only(report, confirmed(order, event.evidence, event.at, "check", False))
    if finding in _OVER:
        return only(report, PaymentNotPaid(order.order_id, _OVER[finding], order.code))
    travelled = order.checks.sent_ns - order.checks.since_ns >= rules.waits.travel_ns
    if finding is Finding.AUTHORIZED and travelled:
        return only(report, CaptureFailed(order.order_id, "not_carried_out", order.code))
    return only(report)


def _finding(order: Order, event: CheckAnswered) -> Finding:
    said = event.evidence
    if order.checks.operation == "authorizations":
        if said.status == "AUTHORIZATION":  # states what is held, not the part that was asked for
            order = replace(order, capture_minor=0)
        return judge_check(order, said, event.number)
    # Details without payStatus may tell of what is merely authorized.
    if said.proof is Proof.SUCCESS and said.status == "CAPTURE" and not mismatch(order, said):
        return Finding.COMPLETE
    return Finding.UNCLEAR


def _unknown(order: Order, since_ns: int, because: str, code: str) -> Decision:
    return only(CaptureUnknown(order.order_id, because, code, since_ns))
