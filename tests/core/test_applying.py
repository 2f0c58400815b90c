"""What each money record changes in an order, and that it changes nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from posd.core import applying, payment
from posd.core.order import Attention, Checks, MoneyState, Order
from posd.core.records import (
    CheckReported,
    CheckSent,
    LaneStarted,
    PaymentConfirmed,
    PaymentKept,
    PaymentLate,
)
from posd.core.rules import SECOND
from tests.core import lanes, orders

# What a record may change, in an order for which it is foreseen.
CHANGES = {
    "SaleCancelled": "because",
    "PaySent": "account fingerprint scan_ms scan_ns",
    "DeclineReported": "checks code declined_after declined_code",
    "PaymentUnknown": "because checks code",
    "MismatchSeen": "attention because checks transaction_id",
    "VerdictOverdue": "because checks overdue",
    "CheckSent": "checks",
    "CheckReported": "checks declined_code",
    "PaymentConfirmed": (
        "attention because captured_minor checks code confirmed_ms declined_code late masked_card"
        " parts transaction_id"
    ),
    "PaymentNotPaid": "because checks code",
    "PaymentLate": "attention late",
    "PaymentKept": "attention late",
    "AttentionRaised": "attention",
    "AmountVerified": "attention",
    "MismatchProved": "attention captured_minor checks confirmed_ms transaction_id",
    "SweepAnswered": "sweeps",
    "SaleAbandoned": "wish wish_because",
    "SaleAccepted": "wish",
    "PaymentAuthorized": "alert_ns because checks code declined_code expires_ms transaction_id",
    "CaptureSent": "capture_minor checks",
    "CaptureUnknown": "because checks code",
    "CaptureFailed": "because capture_minor code",
    "ReversalSent": "because checks code reversal",
    "ReversalUnknown": "because checks code",
    "RefundOwed": "attention because checks code reversal",
    "PaymentReversed": "attention because checks code late refunded_minor refunds",
    "PaymentPartlyRefunded": "attention because checks code refunded_minor refunds",
    "ReversalGivenUp": "attention because checks code",
    "VoidGivenUp": "attention because checks code",
    "OrderSettled": "",
}
FORESEEN = [(state.value, kind.__name__) for state, row in payment.NEXT.items() for kind in row]


def changed(before: Order, after: Order) -> set[str]:
    return {
        field.name
        for field in fields(Order)
        if getattr(before, field.name) != getattr(after, field.name)
    }


@pytest.mark.parametrize(("state", "record"), FORESEEN)
def test_a_record_changes_only_what_it_is_about(state: str, record: str) -> None:
    before = orders.money(MoneyState(state), checks=Checks(number=1, in_flight=True, sent_ns=5))
    after = applying.EFFECTS[type(orders.RECORDS[record])](before, orders.RECORDS[record])
    assert changed(before, after) <= set(CHANGES[record].split())


def test_the_table_of_changes_is_complete() -> None:
    assert set(CHANGES) == {kind.__name__ for kind in applying.EFFECTS}


def test_an_opened_order_is_what_its_record_says() -> None:
    order = applying.opened(orders.OPENED)
    for name in ("order_id", "sale_id", "receipt_number", "reference", "items", "cashier"):
        assert getattr(order, name) == getattr(orders.OPENED, name)
    assert (order.amount.minor, order.amount.currency) == (120, "TWD")
    assert (order.opened_ns, order.opened_ms) == (orders.OPENED.opened_ns, orders.OPENED.opened_ms)
    assert order.money is MoneyState.ARMED


def test_pay_sent_keeps_the_account_for_every_later_check() -> None:
    order = orders.money(MoneyState.SENT)
    assert order.account == lanes.ACCOUNT
    assert (order.fingerprint, order.scan_ns) == ("key-1", orders.SENT.scan_ns)


def test_the_verdict_of_an_order_in_doubt_moves_no_doubt() -> None:
    before = orders.money(MoneyState.UNKNOWN)
    after = applying.EFFECTS[type(orders.RECORDS["VerdictOverdue"])](
        before, orders.RECORDS["VerdictOverdue"]
    )
    assert changed(before, after) == {"overdue"}


def reported(checks: Checks, finding: str, number: int = 4, **changes: Any) -> Order:
    before = orders.money(MoneyState.UNKNOWN, checks=checks, **changes)
    return applying.EFFECTS[CheckReported](before, CheckReported("A", number, finding, ""))


OUT = Checks(number=4, in_flight=True, sent_ns=90, sent_past=True, absent_ns=(10,))


@pytest.mark.parametrize(
    ("finding", "absences"),
    [
        ("no_answer", (10,)),
        ("absent", (10, 90)),
        ("waiting", ()),
        ("unclear", ()),
        ("account", ()),
        ("found", ()),
        ("mismatch", ()),
    ],
)
def test_absence_is_counted_kept_or_forgotten(finding: str, absences: tuple[int, ...]) -> None:
    assert reported(OUT, finding).checks.absent_ns == absences


def test_of_many_absences_the_first_and_the_newest_are_kept() -> None:
    checks = replace(OUT, absent_ns=(10, 50))
    assert reported(checks, "absent").checks.absent_ns == (10, 90)


def test_an_absence_seen_before_the_horizon_is_not_counted() -> None:
    assert reported(replace(OUT, sent_past=False), "absent").checks.absent_ns == (10,)


def test_an_answer_to_an_older_question_leaves_the_newer_one_out() -> None:
    assert reported(OUT, "absent", number=3).checks == OUT


def test_waiting_for_the_customer_forgets_the_decline() -> None:
    assert reported(OUT, "waiting", declined_code="1142").declined_code == ""
    assert reported(OUT, "unclear", declined_code="1142").declined_code == "1142"


def test_a_sent_check_is_counted() -> None:
    before = orders.money(MoneyState.UNKNOWN, checks=Checks(number=3, made_since=1, made_past=2))
    record = CheckSent("A", 4, "details", 90, True)
    checks = applying.EFFECTS[CheckSent](before, record).checks
    assert (checks.number, checks.operation, checks.in_flight) == (4, "details", True)
    assert (checks.made_since, checks.made_past, checks.sent_ns) == (2, 3, 90)
    assert checks.sent_past


@pytest.mark.parametrize(
    ("late", "verified", "reasons"),
    [
        (False, True, set()),
        (True, True, {Attention.LATE}),
        (False, False, {Attention.UNVERIFIED_AMOUNT}),
        (True, False, {Attention.LATE, Attention.UNVERIFIED_AMOUNT}),
    ],
)
def test_a_confirmation_says_why_a_person_should_look(late, verified, reasons) -> None:
    record = replace(orders.CONFIRMED, late=late, verified=verified)
    order = applying.EFFECTS[PaymentConfirmed](orders.money(MoneyState.UNKNOWN), record)
    assert order.attention == reasons
    assert order.late is late


def test_keeping_a_late_payment_answers_the_question() -> None:
    late = applying.EFFECTS[PaymentLate](orders.money(MoneyState.CONFIRMED), PaymentLate("A"))
    assert (late.late, late.attention) == (True, {Attention.LATE})
    kept = applying.EFFECTS[PaymentKept](late, PaymentKept("A"))
    assert (kept.late, kept.attention) == (False, frozenset())


def test_a_restart_loses_what_was_in_flight_and_nothing_else() -> None:
    before = orders.money(MoneyState.UNKNOWN, checks=OUT)
    started = LaneStarted("boot-1", 7 * SECOND, 0, "posd 1")
    after = applying.restarted(before, started, rebooted=False)
    assert after == replace(before, checks=replace(OUT, in_flight=False))


def test_a_reboot_begins_every_time_anew() -> None:
    before = orders.money(MoneyState.UNKNOWN, checks=OUT)
    started = LaneStarted("boot-2", 7 * SECOND, 0, "posd 1")
    after = applying.restarted(before, started, rebooted=True)
    assert after.rebooted
    assert (after.scan_ns, after.opened_ns) == (7 * SECOND, 7 * SECOND)
    assert (after.checks.since_ns, after.checks.sent_ns) == (7 * SECOND, 7 * SECOND)
    assert after.checks.absent_ns == ()
