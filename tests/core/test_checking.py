"""When LINE Pay is asked, and when its no is believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core import checking, lane
from posd.core.commands import SendCheck
from posd.core.decision import NOTHING
from posd.core.judging import Finding
from posd.core.order import Attention, MoneyState, Verdict
from posd.core.records import AttentionRaised, CheckSent, MismatchSeen, PaymentNotPaid
from posd.core.rules import SECOND, Waits
from tests.core import lanes, orders
from tests.core.lanes import Lane

MINUTE, HOUR = 60, 3600
WAITS = Waits()


def asked_at(told: Lane) -> list[float]:
    """Seconds after the scan at which LINE Pay was asked."""
    return [(check.sent_ns - lanes.BOOT_NS) / SECOND - 1 for check in told.of(CheckSent)]


def intervals(told: Lane) -> list[float]:
    times = asked_at(told)
    return [round(later - earlier, 3) for earlier, later in zip(times, times[1:], strict=False)]


# ---- the rhythm -----------------------------------------------------------------------------


def test_while_pay_is_out_the_first_check_goes_after_fifteen_seconds_then_every_five() -> None:
    told = Lane().sent().wait_answering(31, lanes.ABSENT)
    assert asked_at(told) == [15, 20, 25, 30]


def test_a_doubt_is_checked_after_0_2_5_seconds_then_every_five_to_the_verdict() -> None:
    told = Lane().sent().after(3).pay_lost().wait_answering(30, lanes.ABSENT)
    assert asked_at(told) == [3, 5, 8, 13, 18, 23, 28, 33]


def test_after_the_verdict_every_ten_seconds_to_the_horizon() -> None:
    told = Lane().sent().after(3).pay_lost().wait_answering(21 * MINUTE - 10, lanes.UNCLEAR)
    after = [time for time in asked_at(told) if time > 61]
    assert set(intervals(told)[-len(after) + 1 :]) == {10}


def test_beyond_the_horizon_the_wait_doubles_to_a_quarter_of_an_hour() -> None:
    told = Lane().sent().pay_lost().wait_answering(3 * HOUR, lanes.UNCLEAR)
    beyond = [pause for pause in intervals(told) if pause > 10]
    assert beyond == [60, 60, 120, 240, 480, *([900] * len(beyond[5:]))]
    assert len(beyond) > 8


def test_after_a_day_once_a_day_with_one_flag_for_a_person() -> None:
    told = Lane().sent().pay_lost().wait_answering(5 * 24 * HOUR, lanes.UNCLEAR)
    assert intervals(told)[-3:] == [24 * HOUR] * 3
    assert told.of(AttentionRaised) == [AttentionRaised("A", "escalated", "unresolved for 24 h")]
    assert told.order().money is MoneyState.UNKNOWN


def test_one_check_is_out_at_a_time() -> None:
    told = Lane().sent().pay_lost().wait(10 * MINUTE)
    assert asked_at(told) == [0]
    assert told.verdict() is Verdict.NOT_CONFIRMED


def test_the_sixty_second_verdict_waits_for_no_check() -> None:
    told = Lane().sent().wait(59.999)
    assert told.verdict() is Verdict.WORKING
    assert told.wait(0.001).verdict() is Verdict.NOT_CONFIRMED


def test_when_the_verdict_is_overdue_the_checks_begin_anew() -> None:
    told = Lane().sent().wait(15).wait(46).no_check().wait_answering(9, lanes.UNCLEAR)
    assert asked_at(told) == [15, 61, 63, 66]


def test_an_unanswered_check_of_a_decline_is_repeated_in_the_same_rhythm() -> None:
    told = Lane().sent().after(1).pay(lanes.DECLINED).wait_answering(12, None)
    assert asked_at(told) == [1, 3, 6, 11]


def test_the_decline_is_checked_at_once_even_when_a_check_was_out() -> None:
    told = Lane().sent().wait(15).after(1).pay(lanes.DECLINED).no_check().wait(0)
    assert asked_at(told) == [15, 16]


def test_a_slow_check_is_not_followed_by_a_burst() -> None:
    told = Lane().sent().pay_lost().wait(0).after(20).no_check().wait_answering(9, None)
    assert asked_at(told) == [0, 20, 23, 28]


def test_a_mismatch_that_every_check_repeats_is_noted_once_and_asked_in_the_usual_rhythm() -> None:
    told = Lane().sent().after(3).pay(lanes.paid(amount=121))
    told.wait_answering(30, lanes.complete(121))
    assert asked_at(told) == [3, 5, 8, 13, 18, 23, 28, 33]
    assert len(told.of(MismatchSeen)) == 1


def test_questions_go_to_the_account_that_the_order_was_sent_with() -> None:
    told = Lane().sent().pay_lost()
    moved = replace(lanes.RULES, account=lanes.AccountName("other.test", "9", "v2"))
    told.state = replace(told.state, rules=moved)
    assert told.wait(0).of(SendCheck)[0].account == lanes.ACCOUNT


def test_an_order_without_account_is_not_asked_about() -> None:
    order = orders.money(MoneyState.UNKNOWN, account=None)
    assert checking.due(order, order.scan_ns + 3 * SECOND, WAITS) == NOTHING


def test_nothing_is_due_before_its_time() -> None:
    order = orders.money(MoneyState.SENT)
    assert checking.due(order, order.scan_ns + 15 * SECOND - 1, WAITS) == NOTHING


def test_with_a_check_out_and_the_verdict_given_there_is_no_deadline() -> None:
    order = Lane().sent().pay_lost().wait(61).order()
    assert checking.deadline_ns(order, WAITS) is None


def test_an_order_without_a_scan_counts_from_its_opening() -> None:
    order = orders.money(MoneyState.SENT, scan_ns=None)
    assert checking.next_check_ns(order, WAITS) == order.opened_ns + 15 * SECOND


# ---- absence --------------------------------------------------------------------------------

HORIZON = 21 * MINUTE


def past_checks(told: Lane) -> list[CheckSent]:
    return [check for check in told.of(CheckSent) if check.past_horizon]


def test_absence_needs_two_checks_past_the_horizon_a_minute_apart_and_details() -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON + 300, lanes.ABSENT)
    first, second, details = past_checks(told)
    assert [first.operation, second.operation, details.operation] == ["check", "check", "details"]
    assert first.sent_ns > lanes.BOOT_NS + (1 + HORIZON) * SECOND
    assert second.sent_ns - first.sent_ns >= 60 * SECOND
    assert told.of(PaymentNotPaid) == [PaymentNotPaid("A", "absent", "1150")]


def test_no_number_of_checks_before_the_horizon_proves_absence() -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON - 1, lanes.ABSENT)
    assert len(told.of(CheckSent)) > 100
    assert not past_checks(told)
    assert told.order().checks.absent_ns == ()
    assert told.order().money is MoneyState.UNKNOWN


def test_a_check_sent_before_the_horizon_and_answered_after_it_counts_for_nothing() -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON - 15, lanes.ABSENT).wait(14)
    assert told.order().checks.in_flight
    assert told.after(30).check(lanes.ABSENT).order().checks.absent_ns == ()


@pytest.mark.parametrize("between", [lanes.UNCLEAR, lanes.AUTH_READY])
def test_any_other_answer_between_begins_the_proof_anew(between) -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON + 65, lanes.ABSENT)
    assert len(told.order().checks.absent_ns) == 1
    told.wait(60).check(between)
    assert told.order().checks.absent_ns == ()


def test_no_answer_between_neither_helps_nor_hurts_the_proof() -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON + 65, lanes.ABSENT)
    told.wait(60).no_check()
    assert len(told.order().checks.absent_ns) == 1


def test_after_a_reboot_the_horizon_and_the_proof_begin_anew() -> None:
    told = Lane().start().sent().pay_lost().wait_answering(HORIZON + 125, lanes.ABSENT)
    assert len(told.order().checks.absent_ns) == 2
    told.reboot()
    assert told.order().checks.absent_ns == ()
    told.wait_answering(HORIZON - 1, lanes.ABSENT)
    assert told.order().money is MoneyState.UNKNOWN
    told.wait_answering(2 * HOUR, lanes.ABSENT)
    assert told.order().because == "absent"


def test_details_that_know_the_order_stop_the_proof_and_call_a_person() -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON + 125, lanes.ABSENT).wait(300)
    assert told.order().checks.operation == "details"
    told.check(lanes.KNOWN_TO_DETAILS)
    assert told.order().attention == {Attention.CONFLICT}
    assert told.order().money is MoneyState.UNKNOWN
    assert told.order().checks.absent_ns == ()


def test_a_late_answer_to_an_older_check_does_not_stand_for_details() -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON + 125, lanes.ABSENT).wait(300)
    number = told.order().checks.number
    told.check(lanes.ABSENT, number=number - 1)
    assert told.order().money is MoneyState.UNKNOWN
    assert told.order().checks.in_flight
    assert told.check(lanes.ABSENT).order().money is MoneyState.NOT_PAID


def test_a_late_complete_of_an_older_check_wins_over_details() -> None:
    told = Lane().sent().pay_lost().wait_answering(HORIZON + 125, lanes.ABSENT).wait(300)
    told.check(lanes.COMPLETE, number=told.order().checks.number - 1)
    assert told.verdict() is Verdict.PAID_LATE


# ---- what denies ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "declined_code", "expected"),
    [
        (Finding.CANCELLED, "", "cancelled"),
        (Finding.CANCELLED, "1142", "declined"),
        (Finding.FAILED, "", "failed"),
        (Finding.FAILED, "1142", "declined"),
        (Finding.ABSENT, "", None),
        (Finding.ABSENT, "1142", "declined"),
        (Finding.ACCOUNT, "", None),
        (Finding.ACCOUNT, "1142", None),
        (Finding.ACCOUNT, "1104", "declined"),
        (Finding.ACCOUNT, "1106", "declined"),
        (Finding.WAITING, "1142", None),
        (Finding.UNCLEAR, "1142", None),
        (Finding.COMPLETE, "1142", None),
        (Finding.MISMATCH, "1142", None),
        (Finding.FOUND, "1142", None),
    ],
)
def test_each_finding_denies_or_does_not(
    finding: Finding, declined_code: str, expected: str | None
) -> None:
    order = orders.money(MoneyState.UNKNOWN, declined_code=declined_code)
    assert checking.denial(order, 1, finding) == expected


def test_a_check_sent_before_the_decline_does_not_confirm_it() -> None:
    told = Lane().sent().wait(15).after(1).pay(lanes.DECLINED).check(lanes.ABSENT)
    assert told.order().money is MoneyState.UNKNOWN
    assert told.wait(0).check(lanes.ABSENT).order().because == "declined"


def test_auth_ready_overrides_a_decline() -> None:
    told = Lane().sent().after(1).pay(lanes.DECLINED).wait(0).check(lanes.AUTH_READY)
    assert told.order().checks.awaiting_customer
    assert told.wait(2).check(lanes.ABSENT).order().money is MoneyState.UNKNOWN


@pytest.mark.parametrize("evidence", [lanes.CANCEL, lanes.FAIL, lanes.ABSENT])
def test_nothing_denies_an_order_whose_amount_was_contradicted(evidence) -> None:
    told = Lane().sent().pay(lanes.paid(amount=121)).pay(lanes.DECLINED).wait(0).check(evidence)
    assert told.order().money is MoneyState.UNKNOWN
    assert told.verdict() is Verdict.CALL_SUPERVISOR


def test_the_customer_is_no_longer_awaited_once_there_is_a_verdict() -> None:
    told = Lane().sent().wait(15).check(lanes.AUTH_READY).after(1)
    assert told.order().checks.awaiting_customer
    assert not told.pay(lanes.paid()).order().checks.awaiting_customer
    told = Lane().sent().wait(15).check(lanes.AUTH_READY).after(1)
    assert not told.pay_not_sent().order().checks.awaiting_customer


def test_a_customer_is_still_awaited_while_a_check_brings_nothing() -> None:
    told = Lane().sent().wait(15).check(lanes.AUTH_READY).wait(5).no_check()
    assert told.order().checks.awaiting_customer
    assert not told.wait(5).check(lanes.UNCLEAR).order().checks.awaiting_customer


def test_a_scaled_lane_keeps_the_same_story() -> None:
    rules = replace(lanes.RULES, waits=WAITS.scaled(0.01))
    told = Lane(rules).sale().after(0.1).scan().pay_lost().wait_answering(13, lanes.ABSENT)
    assert told.order().money is MoneyState.UNKNOWN
    assert told.wait_answering(3, lanes.ABSENT).order().because == "absent"


def test_step_and_checking_agree_on_the_deadline() -> None:
    told = Lane().sent().pay_lost()
    assert lane.next_deadline_ns(told.state) == checking.deadline_ns(told.order(), WAITS)
