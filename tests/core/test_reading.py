"""When LINE Pay is read again about what is not settled, to the second."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core import payment, reading
from posd.core.decision import NOTHING
from posd.core.order import Attention, Checks, MoneyState
from posd.core.records import CheckReported, CheckSent
from posd.core.reversal_records import CaptureFailed, CaptureUnknown
from posd.core.rules import SECOND, Waits
from tests.core import orders
from tests.core.beginnings import AUTHORIZING, a_paid_order, an_authorized_order, from_here
from tests.core.lanes import ABSENT, DECLINED, Lane, authorization, details, paid

HOUR = 3600
DAY = 24 * HOUR
WAITS = Waits()


def asked_at(told: Lane) -> list[float]:
    """Seconds after the story began at which LINE Pay was asked."""
    return [round((sent.sent_ns - told.origin_ns) / SECOND, 3) for sent in told.of(CheckSent)]


# ---- the rhythm ------------------------------------------------------------------------------


def test_a_lost_refund_is_read_at_once_then_ever_less_often_to_a_quarter_of_an_hour() -> None:
    told = a_paid_order().refund(20).reversal_lost().wait_answering(2 * HOUR, details())
    assert asked_at(told)[:9] == [0, 2, 5, 15, 35, 75, 155, 315, 635]
    assert asked_at(told)[9:12] == [1275, 2175, 3075]


def test_after_a_slow_answer_the_next_read_keeps_its_distance() -> None:
    told = a_paid_order().refund(20).reversal_lost().wait(0).after(20).no_check()
    told.wait_answering(30, None)
    assert asked_at(told) == [0, 20, 23, 33]


def test_what_a_day_of_reads_has_not_proved_is_read_daily() -> None:
    told = a_paid_order().refund(20).reversal_lost().wait_answering(4 * DAY, details())
    last = asked_at(told)[-3:]
    assert [later - earlier for earlier, later in zip(last, last[1:], strict=False)] == [DAY, DAY]


def test_a_read_that_went_exactly_a_day_after_the_doubt_is_not_yet_followed_by_a_daily_one() -> (
    None
):
    doubt = Checks(number=99, made_since=99, since_ns=SECOND, sent_ns=SECOND + DAY * SECOND)
    order = orders.money(MoneyState.REVERSAL_UNKNOWN, checks=doubt)
    assert reading.deadline_ns(order, WAITS) == doubt.sent_ns + 900 * SECOND
    later = replace(order, checks=replace(doubt, sent_ns=doubt.sent_ns + 1))
    assert reading.deadline_ns(later, WAITS) == doubt.sent_ns + 1 + DAY * SECOND


def test_the_flag_for_a_person_is_raised_when_a_day_has_passed_and_not_before() -> None:
    order = orders.money(MoneyState.REFUND_OWED)
    early, due = (
        reading.flagged(order, NOTHING, "unproved", age_ns=age_ns, waits=WAITS)
        for age_ns in (DAY * SECOND - 1, DAY * SECOND)
    )
    assert early == NOTHING
    assert [record.reason for record in due.records] == [Attention.ESCALATED]


def test_nothing_is_read_without_an_account_or_before_it_is_due_or_while_a_read_is_out() -> None:
    order = orders.money(MoneyState.REVERSAL_UNKNOWN)
    due_ns = reading.deadline_ns(order, WAITS)
    assert due_ns is not None
    assert reading.read(order, "details", due_ns, WAITS) != NOTHING
    assert reading.read(order, "details", due_ns - 1, WAITS) == NOTHING
    assert reading.read(replace(order, account=None), "details", due_ns, WAITS) == NOTHING
    out = replace(order, checks=replace(order.checks, in_flight=True))
    assert reading.read(out, "details", due_ns, WAITS) == NOTHING


def test_an_amount_that_was_left_out_is_asked_for_four_times_at_most() -> None:
    told = from_here(Lane().start().sent().pay(paid(amount=None)).printed())
    told.wait_answering(3 * DAY, details(None))
    assert asked_at(told) == [0, 2, 5, 15]
    assert told.order().settled


# ---- a capture -------------------------------------------------------------------------------


def test_authorizations_and_details_are_read_in_turn_for_a_lost_capture() -> None:
    told = an_authorized_order().capture().capture_lost().wait_answering(80, ABSENT)
    asked = [sent.operation for sent in told.of(CheckSent)]
    assert asked == ["authorizations", "details"] * 3


@pytest.mark.parametrize(("early_ns", "over"), [(1, False), (0, True)])
def test_a_capture_can_travel_for_a_minute(early_ns: int, over: bool) -> None:
    """Only a read that was sent later proves that it was not carried out."""
    sent_ns = orders.CAPTURE_UNKNOWN.since_ns + 60 * SECOND - early_ns
    read = CheckSent("A", 1, "authorizations", sent_ns, False)
    order = orders.order_after((*orders.TO_MONEY["CAPTURE_UNKNOWN"], read))
    answer = replace(orders.EVENTS["CheckAnswered"], evidence=authorization())
    records = payment.decide(order, answer, AUTHORIZING).records
    assert [type(record) for record in records] == [CheckReported, CaptureFailed][: 1 + over]


def test_a_lost_capture_is_doubted_from_the_moment_it_was_lost() -> None:
    told = an_authorized_order().capture().after(20).capture_lost()
    assert told.of(CaptureUnknown)[0].since_ns == told.now_ns
    told.wait_answering(6, ABSENT)
    assert asked_at(told) == [20, 22, 25]


# ---- the end of an authorization -------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends_in_s", "looked_at_after_s"),
    [(None, DAY), (-5, 0), (HOUR, 0), (HOUR + 0.001, 0.001), (2 * HOUR, HOUR), (30 * DAY, DAY)],
)
def test_an_authorization_is_looked_at_an_hour_before_it_ends_or_after_a_day(
    ends_in_s: float | None, looked_at_after_s: float
) -> None:
    told = Lane(AUTHORIZING).start().sent()
    ends_ms = None if ends_in_s is None else told.wall_ms + round(ends_in_s * 1000)
    told.pay(authorization(expires_ms=ends_ms))
    assert told.order().alert_ns == told.now_ns + round(looked_at_after_s * SECOND)


# ---- sweeps ----------------------------------------------------------------------------------


def test_a_lane_that_was_off_keeps_the_second_sweep_ten_minutes_away() -> None:
    told = from_here(Lane().start().sent().pay(DECLINED).wait(0).check(ABSENT))
    told.wait(6 * HOUR).check(ABSENT).reboot(12 * HOUR)
    before = len(told.of(CheckSent))
    told.wait_answering(DAY, ABSENT)
    assert asked_at(told)[before:] == [600]
    assert told.order().settled
