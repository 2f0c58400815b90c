"""What each money record changes in an order: the only way its money moves, live and in replay.

`payment.NEXT` says to which state a record leads; here is what else it sets. Replay uses this
and never the tables that decide, so a newer program cannot rewrite an old verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from posd.core import applying_reversal
from posd.core.applying_reversal import read_anew
from posd.core.commands import AccountName
from posd.core.judging import Finding
from posd.core.money import Money
from posd.core.order import Attention, Checks, MoneyState, Order, Wish
from posd.core.records import (
    AmountVerified,
    AttentionRaised,
    CheckReported,
    CheckSent,
    DeclineReported,
    LaneStarted,
    MismatchProved,
    MismatchSeen,
    OrderRecovered,
    OrderSettled,
    PaymentConfirmed,
    PaymentKept,
    PaymentLate,
    PaymentNotPaid,
    PaymentUnknown,
    PaySent,
    SaleCancelled,
    SaleOpened,
    SweepAnswered,
    VerdictOverdue,
)
from posd.core.reversal_records import (
    PaymentAuthorized,
    SaleAbandoned,
    SaleAccepted,
)


def opened(record: SaleOpened) -> Order:
    """The order that the record begins."""
    return Order(
        order_id=record.order_id,
        sale_id=record.sale_id,
        receipt_number=record.receipt_number,
        reference=record.reference,
        amount=Money(record.amount_minor, record.currency),
        items=record.items,
        cashier=record.cashier,
        opened_ns=record.opened_ns,
        opened_ms=record.opened_ms,
    )


def recovered(record: OrderRecovered, known: Order | None) -> Order:
    """The order that only the second copy knows as sent: its clock begins with the next start.

    `known` is what the journal says of it, where it says anything.
    """
    opened_only = known or Order(
        order_id=record.order_id,
        sale_id=record.order_id,
        receipt_number=record.receipt_number,
        reference="",
        amount=Money(record.amount_minor, record.currency),
        items=(),
        cashier="",
        opened_ns=0,
        opened_ms=record.sent_ms,
    )
    return replace(
        opened_only,
        money=MoneyState.UNKNOWN,
        settled=False,
        account=AccountName(record.host, record.channel_id, record.dialect),
        fingerprint=record.fingerprint,
        scan_ms=record.sent_ms,
        overdue=True,
        because="recovered",
        captures=record.capture,
        attention=opened_only.attention | {Attention.RECOVERED},
    )


def restarted(order: Order, record: LaneStarted, *, rebooted: bool) -> Order:
    """What was in flight is gone; after a reboot every time counts from the start anew."""
    checks = replace(order.checks, in_flight=False)
    if not rebooted and Attention.RECOVERED not in order.attention:
        return replace(order, checks=checks)
    now_ns = record.boot_ns
    checks = replace(checks, since_ns=now_ns, sent_ns=now_ns, absent_ns=())
    unsent = order.scan_ns is None and order.money is not MoneyState.UNKNOWN
    reversal = order.reversal and replace(
        order.reversal, sent_ns=now_ns, begun_ns=now_ns, reboots=order.reversal.reboots + rebooted
    )
    return replace(
        order,
        checks=checks,
        scan_ns=None if unsent else now_ns,
        opened_ns=now_ns,
        alert_ns=min(order.alert_ns, now_ns),
        reversal=reversal,
        reboots=max(1, order.reboots + rebooted),
    )


def _cancelled(order: Order, record: SaleCancelled) -> Order:
    return replace(order, because=record.because)


def _sent(order: Order, record: PaySent) -> Order:
    return replace(
        order,
        fingerprint=record.fingerprint,
        account=AccountName(record.host, record.channel_id, record.dialect),
        scan_ns=record.scan_ns,
        scan_ms=record.scan_ms,
        captures=record.capture,
    )


def _declined(order: Order, record: DeclineReported) -> Order:
    # The check that confirms a decline is sent at once: since_ns 0 makes it due already.
    checks = replace(order.checks, since_ns=0, made_since=0)
    return replace(
        order,
        declined_code=record.code,
        declined_after=order.checks.number,
        code=record.code,
        checks=checks,
    )


def _unknown(order: Order, record: PaymentUnknown) -> Order:
    return replace(
        order,
        because=record.because,
        code=record.code,
        checks=replace(order.checks, since_ns=record.since_ns, made_since=0),
    )


def _mismatched(order: Order, record: MismatchSeen) -> Order:
    return replace(
        order,
        because=record.what,
        transaction_id=record.transaction_id,
        attention=order.attention | {Attention.MISMATCH},
        checks=replace(order.checks, since_ns=record.since_ns, made_since=0),
    )


def _overdue(order: Order, record: VerdictOverdue) -> Order:
    if order.money is MoneyState.UNKNOWN:
        return replace(order, overdue=True)
    since = replace(order.checks, since_ns=record.since_ns, made_since=0)
    return replace(order, overdue=True, because="no_answer", checks=since)


def _abandoned(order: Order, record: SaleAbandoned) -> Order:
    return replace(order, wish=Wish.ABANDONED, wish_because=record.because)


def _accepted(order: Order, _record: SaleAccepted) -> Order:
    return replace(order, wish=Wish.ACCEPTED)


def _check_sent(order: Order, record: CheckSent) -> Order:
    checks = replace(
        order.checks,
        number=record.number,
        in_flight=True,
        operation=record.operation,
        made_since=order.checks.made_since + 1,
        made_past=order.checks.made_past + record.past_horizon,
        sent_ns=record.sent_ns,
        sent_past=record.past_horizon,
    )
    return replace(order, checks=checks)


def _check_reported(order: Order, record: CheckReported) -> Order:
    checks = order.checks
    if record.number != checks.number:  # an older question; the newer one is still out
        return order
    waiting = record.finding == Finding.WAITING
    checks = replace(
        checks,
        in_flight=False,
        awaiting_customer=waiting or (checks.awaiting_customer and record.finding == "no_answer"),
        absent_ns=_absences(checks, record.finding),
    )
    return replace(order, checks=checks, declined_code="" if waiting else order.declined_code)


def _absences(checks: Checks, finding: str) -> tuple[int, ...]:
    if finding == "no_answer":
        return checks.absent_ns
    if finding != Finding.ABSENT:
        return ()
    if not checks.sent_past:
        return checks.absent_ns
    return (*checks.absent_ns[:1], checks.sent_ns)  # the first and the newest suffice


def _confirmed(order: Order, record: PaymentConfirmed) -> Order:
    reasons = set(order.attention)
    if Attention.MISMATCH in reasons:  # the right amount after all: answers contradict each other
        reasons = reasons - {Attention.MISMATCH} | {Attention.CONFLICT}
    if record.late:
        reasons.add(Attention.LATE)
    if not record.verified:
        reasons.add(Attention.UNVERIFIED_AMOUNT)
    return replace(
        order,
        transaction_id=record.transaction_id,
        parts=record.parts,
        masked_card=record.masked_card,
        confirmed_ms=record.confirmed_ms,
        captured_minor=record.captured_minor or order.amount.minor,
        late=record.late,
        because="",
        code="",
        declined_code="",
        checks=read_anew(order.checks, 0),
        attention=frozenset(reasons - {Attention.EXPIRING, Attention.LOSS}),
    )


def _authorized(order: Order, record: PaymentAuthorized) -> Order:
    return replace(
        order,
        transaction_id=record.transaction_id,
        expires_ms=record.expires_ms,
        alert_ns=record.alert_ns,
        because="",
        code="",
        declined_code="",
        checks=read_anew(order.checks, 0),
    )


def _proved(order: Order, record: MismatchProved) -> Order:
    return replace(
        order,
        transaction_id=record.transaction_id,
        captured_minor=record.captured_minor,
        confirmed_ms=record.confirmed_ms,
        checks=read_anew(order.checks, 0),
        attention=order.attention - {Attention.UNVERIFIED_AMOUNT} | {Attention.MISMATCH},
    )


def _not_paid(order: Order, record: PaymentNotPaid) -> Order:
    checks = replace(read_anew(order.checks, 0), sent_ns=order.checks.sent_ns)
    return replace(order, because=record.because, code=record.code, checks=checks)


def _late(order: Order, _record: PaymentLate) -> Order:
    return replace(order, late=True, attention=order.attention | {Attention.LATE})


def _kept(order: Order, _record: PaymentKept) -> Order:
    return replace(order, late=False, attention=order.attention - {Attention.LATE})


def _verified(order: Order, _record: AmountVerified) -> Order:
    return replace(order, attention=order.attention - {Attention.UNVERIFIED_AMOUNT})


def _swept(order: Order, _record: SweepAnswered) -> Order:
    return replace(order, sweeps=order.sweeps + 1)


def _flagged(order: Order, record: AttentionRaised) -> Order:
    return replace(order, attention=order.attention | {Attention(record.reason)})


def _settled(order: Order, _record: OrderSettled) -> Order:
    return order  # `lane.apply` sets the mark, as it takes it away for every other record


EFFECTS: dict[type, Callable[[Order, Any], Order]] = {
    SaleCancelled: _cancelled,
    PaySent: _sent,
    DeclineReported: _declined,
    PaymentUnknown: _unknown,
    MismatchSeen: _mismatched,
    VerdictOverdue: _overdue,
    SaleAbandoned: _abandoned,
    SaleAccepted: _accepted,
    PaymentAuthorized: _authorized,
    MismatchProved: _proved,
    AmountVerified: _verified,
    SweepAnswered: _swept,
    CheckSent: _check_sent,
    CheckReported: _check_reported,
    PaymentConfirmed: _confirmed,
    PaymentNotPaid: _not_paid,
    PaymentLate: _late,
    PaymentKept: _kept,
    AttentionRaised: _flagged,
    OrderSettled: _settled,
    **applying_reversal.EFFECTS,
}
