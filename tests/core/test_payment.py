"""The rules of the money machine, one by one; its tables are in test_payment_tables.py."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from posd.core import payment
from posd.core.code_kinds import CodeKind
from posd.core.commands import PrintReceipt, SendCheck, SendPay
from posd.core.decision import NOTHING
from posd.core.errors import NotAllowed
from posd.core.events import ProcessStarted
from posd.core.evidence import PaidPart
from posd.core.order import Attention, MoneyState, Verdict
from posd.core.records import (
    AttentionRaised,
    DeclineReported,
    MismatchSeen,
    PaymentConfirmed,
    PaymentLate,
    PaymentNotPaid,
    PaymentUnknown,
    PaySent,
    VerdictOverdue,
)
from posd.core.rules import SECOND
from tests.core import lanes, orders
from tests.core.lanes import Lane


def test_a_refusal_changes_nothing_and_a_contradiction_without_money_is_a_refusal() -> None:
    told = Lane().sale().pay(lanes.paid())
    assert told.refusals == ["contradiction"]
    assert told.order().money is MoneyState.ARMED


# ---- ARMED ----------------------------------------------------------------------------------


def test_a_key_is_sent_once_with_all_that_is_needed_later() -> None:
    told = Lane().sent()
    sent, command = told.of(PaySent)[0], told.of(SendPay)[0]
    scan_ns = lanes.BOOT_NS + SECOND
    assert (sent.scan_ns, sent.not_after_ns) == (scan_ns, scan_ns + 10 * SECOND)
    assert (sent.host, sent.channel_id, sent.dialect) == ("pay.test", "1234567890", "v4")
    assert (sent.currency, sent.capture, sent.fingerprint) == ("TWD", True, "key-1")
    assert command == SendPay(
        "A", "key-1", told.order().amount, (), lanes.ACCOUNT, sent.not_after_ns
    )


@pytest.mark.parametrize("finding", [kind for kind in CodeKind if kind is not CodeKind.KEY])
def test_what_is_no_key_is_named_and_costs_no_call(finding: str) -> None:
    order = orders.money(MoneyState.ARMED)
    event = replace(orders.EVENTS["CodeScanned"], finding=finding, length=13)
    with pytest.raises(NotAllowed) as refusal:
        payment.decide(order, event, lanes.RULES)
    assert refusal.value.code == f"key_{finding}"
    assert refusal.value.details == {"expected": "18", "got": "13"}


@pytest.mark.parametrize(("first_byte_ns", "taken"), [(SECOND // 20 - 1, 0), (SECOND // 20, 1)])
def test_a_scan_counts_only_after_fifty_quiet_milliseconds(first_byte_ns: int, taken: int) -> None:
    told = Lane().sale().after(1).scan(first_byte_ns=lanes.BOOT_NS + first_byte_ns)
    assert len(told.of(SendPay)) == taken
    assert told.refusals == ["scan_too_early"] * (1 - taken)


def test_a_key_used_ten_thousand_sales_ago_is_refused_and_the_sale_goes_on() -> None:
    told = Lane().sale().after(1).scan("old", used_by="long-ago")
    assert told.refusals == ["key_used"]
    assert told.scan("fresh").order().money is MoneyState.SENT


@pytest.mark.parametrize(("seconds", "state"), [(119.999, "ARMED"), (120, "NOT_PAID")])
def test_an_armed_sale_ends_after_120_seconds(seconds: float, state: str) -> None:
    told = Lane().sale().after(seconds).time_passes()
    assert told.order().money == state


@pytest.mark.parametrize(
    ("verb", "because"),
    [
        (Lane.cancel, "cashier"),
        (Lane.gateway_lost, "gateway"),
        (Lane.restart, "restart"),
        (Lane.reboot, "restart"),
    ],
)
def test_an_armed_sale_ends_as_cancelled_and_says_why(verb, because: str) -> None:
    told = verb(Lane().start().sale())
    order = told.order()
    assert (order.money, order.because, order.settled) == (MoneyState.NOT_PAID, because, True)
    assert not told.of(SendPay)


# ---- the answer to pay ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "1145",
        "1152",
        "1159",
        "1164",
        "1165",
        "1169",
        "1170",
        "1172",
        "1179",
        "1198",
        "1199",
        "1280",
        "1900",
        "1999",
        "9000",
        "new",
    ],
)
def test_an_answer_that_proves_nothing_is_doubt(code: str) -> None:
    told = Lane().sent().pay(lanes.said(lanes.Proof.UNCERTAIN, code))
    assert (told.order().money, told.order().code) == (MoneyState.UNKNOWN, code)


def test_a_success_that_names_no_order_is_doubt() -> None:
    told = Lane().sent().pay(lanes.paid(order_id=None))
    assert told.order().money is MoneyState.UNKNOWN
    assert told.of(PaymentUnknown)[0].because == "answer"


def test_no_such_transaction_as_an_answer_to_pay_is_doubt() -> None:
    assert Lane().sent().pay(lanes.ABSENT).order().money is MoneyState.UNKNOWN


@pytest.mark.parametrize(
    "evidence",
    [
        lanes.paid(order_id="Z"),
        lanes.paid(amount=121),
        lanes.paid(amount="119.99"),
        lanes.paid(currency="THB"),
    ],
)
def test_success_of_another_order_amount_or_currency_goes_to_a_person(evidence) -> None:
    told = Lane().sent().pay(evidence)
    assert told.order().money is MoneyState.UNKNOWN
    assert told.verdict() is Verdict.CALL_SUPERVISOR
    assert told.order().transaction_id == "2026112400000000001"
    assert not told.of(PaymentConfirmed)


def test_success_without_pay_info_is_paid_and_flagged() -> None:
    told = Lane().sent().pay(lanes.paid(amount=None))
    assert told.verdict() is Verdict.PAID
    assert told.order().attention == {Attention.UNVERIFIED_AMOUNT}


def test_several_means_of_payment_are_summed() -> None:
    parts = (PaidPart("POINT", Decimal(20)), PaidPart("BALANCE", Decimal(100)))
    told = Lane().sent().pay(lanes.paid(parts=parts))
    assert [part.amount_minor for part in told.order().parts] == [20, 100]


def test_a_decline_is_not_believed_before_a_check() -> None:
    told = Lane().sent().pay(lanes.DECLINED)
    assert told.of(DeclineReported)
    assert told.verdict() is Verdict.WORKING


def test_proof_that_no_byte_left_frees_the_next_order_at_once() -> None:
    told = Lane().sent().pay_not_sent()
    assert told.of(PaymentNotPaid) == [PaymentNotPaid("A", "absent", "refused")]


def test_after_a_mismatch_a_success_without_amount_is_not_believed() -> None:
    told = Lane().sent().wait(15).check(lanes.complete(999)).after(3).pay(lanes.paid(amount=None))
    assert not told.of(PaymentConfirmed)
    assert len(told.of(MismatchSeen)) == 2
    assert told.verdict() is Verdict.CALL_SUPERVISOR


def test_after_a_mismatch_the_right_amount_is_believed() -> None:
    told = Lane().sent().wait(15).check(lanes.complete(999)).after(3).pay(lanes.paid())
    assert told.verdict() is Verdict.PAID
    assert told.order().attention == {Attention.CONFLICT}


def test_after_a_mismatch_even_proof_that_no_byte_left_frees_nothing() -> None:
    told = Lane().sent().wait(15).check(lanes.complete(999)).pay_not_sent()
    assert not told.of(PaymentNotPaid)
    assert told.verdict() is Verdict.CALL_SUPERVISOR
    assert told.order().attention == {Attention.MISMATCH, Attention.CONFLICT}


# ---- what is learned too late ---------------------------------------------------------------


def test_a_cancelled_sent_order_never_comes_about() -> None:
    told = Lane().sent().cancel().pay_lost().cancel()
    assert told.refusals == ["already_sent", "already_sent"]
    assert told.pay(lanes.paid()).cancel().refusals[-1] == "already_paid"


@pytest.mark.parametrize(("seconds", "word"), [(180, Verdict.PAID), (180.001, Verdict.PAID_LATE)])
def test_success_learned_more_than_180_seconds_after_the_scan_is_late(
    seconds: float, word: Verdict
) -> None:
    told = Lane().sent().after(seconds).check(lanes.COMPLETE, number=1)
    assert told.verdict() is word


def test_late_success_prints_nothing_until_somebody_keeps_it() -> None:
    told = Lane().sent().pay_lost().after(181).pay(lanes.paid())
    assert not told.of(PrintReceipt)
    assert len(told.keep().keep().of(PrintReceipt)) == 1
    assert told.order().attention == set()


@pytest.mark.parametrize("evidence", [lanes.paid(amount=121), lanes.paid("Z")])
def test_another_success_of_a_paid_order_is_a_conflict(evidence) -> None:
    told = Lane().sent().wait(15).check(lanes.COMPLETE).pay(evidence)
    assert told.order().attention == {Attention.CONFLICT}
    assert told.verdict() is Verdict.PAID


def test_a_check_that_disagrees_with_the_paid_amount_is_a_conflict() -> None:
    told = Lane().sent().wait(15).pay(lanes.paid(amount=None)).check(lanes.complete(121))
    assert told.order().attention == {Attention.CONFLICT, Attention.UNVERIFIED_AMOUNT}


@pytest.mark.parametrize("evidence", [lanes.ABSENT, lanes.FAIL, lanes.COMPLETE, lanes.UNCLEAR])
def test_a_check_that_was_under_way_changes_nothing_of_a_paid_order(evidence) -> None:
    told = Lane().sent().wait(15).pay(lanes.paid())
    before = told.state
    assert told.check(evidence).state == before


def test_a_declined_answer_to_a_paid_order_changes_nothing() -> None:
    told = Lane().sent().wait(15).check(lanes.COMPLETE)
    before = told.state
    assert told.pay(lanes.DECLINED).state == before


def test_paid_although_nothing_was_sent_is_a_conflict() -> None:
    told = Lane().sent().wait(15).check(lanes.COMPLETE).pay_not_sent()
    assert told.order().attention == {Attention.CONFLICT}


@pytest.mark.parametrize("evidence", [lanes.DECLINED, lanes.paid(order_id=None), lanes.UNCLEAR])
def test_what_proves_no_payment_changes_nothing_of_a_not_paid_order(evidence) -> None:
    told = Lane().sent().wait(15).check(lanes.FAIL)
    before = told.state
    assert told.pay(evidence).state == before
    assert told.check(evidence).state == before


@pytest.mark.parametrize("verb", [Lane.pay, Lane.check])
def test_success_of_another_amount_for_a_not_paid_order_is_a_conflict(verb) -> None:
    told = Lane().sent().wait(15).check(lanes.FAIL)
    verb(told, replace(lanes.complete(121), order_id="A"))
    assert told.of(AttentionRaised)
    assert told.order().attention == {Attention.CONFLICT}
    assert told.order().money is MoneyState.NOT_PAID


# ---- restart --------------------------------------------------------------------------------


def test_a_sent_order_is_doubted_after_a_restart_and_asked_about_at_once() -> None:
    told = Lane().start().sent().restart().wait(0)
    assert told.order().because == "restart"
    assert [check.number for check in told.of(SendCheck)] == [1]
    assert len(told.of(SendPay)) == 1


def test_after_a_reboot_the_sixty_seconds_are_over() -> None:
    told = Lane().start().sent().reboot()
    assert told.of(VerdictOverdue)
    assert told.verdict() is Verdict.NOT_CONFIRMED
    assert len(told.restart().of(VerdictOverdue)) == 1


@pytest.mark.parametrize("paper", ["PRINTING", "PRINTED", "PROBABLE", "UNKNOWN"])
def test_an_old_payment_with_paper_is_not_asked_about_again(paper: str) -> None:
    event = ProcessStarted(Lane().after(500).at, "boot-1", "posd 1")
    order = orders.order_after(orders.TO_PAPER[paper])
    assert payment.decide(order, event, lanes.RULES) == NOTHING


@pytest.mark.parametrize(("seconds", "late"), [(100, False), (300, True)])
def test_an_unprinted_payment_older_than_180_seconds_is_late_at_restart(
    seconds: float, late: bool
) -> None:
    told = Lane().start().sent().pay(lanes.paid()).not_printed().restart(seconds)
    assert told.order().late is late
    assert told.restart().order().late is late
    assert len(told.of(PaymentLate)) == late


# ---- the scanner after the key was taken ----------------------------------------------------


@pytest.mark.parametrize(("seconds", "refused"), [(1.999, []), (2, ["scan_not_armed"])])
def test_the_same_code_within_two_seconds_is_one_scan(seconds: float, refused: list[str]) -> None:
    assert Lane().sent().after(seconds).scan("key-1").refusals == refused


def test_another_code_while_a_payment_runs_is_refused() -> None:
    told = Lane().sent().after(0.5).scan("another")
    assert told.refusals == ["scan_not_armed"]
    assert len(told.of(SendPay)) == 1


def test_a_code_that_closed_orders_know_is_one_scan_too() -> None:
    assert Lane().sent().pay(lanes.paid()).after(1).scan("key-1").refusals == []
    assert Lane().sent().pay_not_sent().after(1).scan("key-1").refusals == []


# ---- deadlines ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["CONFIRMED", "CAPTURING", "REVERSING", "REVERSED"])
def test_a_closed_order_has_no_deadline(state: str) -> None:
    assert payment.deadline_ns(orders.money(MoneyState(state)), lanes.RULES) is None


def test_an_armed_order_has_its_120_seconds() -> None:
    deadline_ns = payment.deadline_ns(orders.money(MoneyState.ARMED), lanes.RULES)
    assert deadline_ns == lanes.BOOT_NS + 120 * SECOND
