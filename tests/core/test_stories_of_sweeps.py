"""Stories of sweeps: what happened when (s), what became true (=), what to do (!).

A denial of what was sent is asked about once more, at the day's end and the next day.
"""

from __future__ import annotations

import pytest

from posd.core.commands import SendCheck
from posd.core.evidence import Proof
from posd.core.order import Attention
from posd.core.records import AttentionRaised, CheckSent, SweepAnswered
from posd.core.rules import SECOND
from tests.core.beginnings import AUTHORIZING, from_here
from tests.core.lanes import (
    ABSENT,
    AUTH_READY,
    CANCEL,
    COMPLETE,
    DECLINED,
    FAIL,
    Lane,
    authorization,
    complete,
    details,
    paid,
    said,
)

HOUR = 3600
DAY = 24 * HOUR


def a_declined_order() -> Lane:
    return from_here(Lane().start().sent().pay(DECLINED).wait(0).check(ABSENT))


def test_a_decline_is_asked_about_after_6_and_24_hours_and_is_over() -> None:
    told = a_declined_order()
    told.wait(6 * HOUR).after(1).check(ABSENT)
    told.wait(18 * HOUR).after(1).check(ABSENT)
    told.told("""
        21600.0  TimePassed
                 = CheckSent A 2 check
                 ! SendCheck A 2 check
        21601.0  CheckAnswered A 2 1150
                 = CheckReported A 2 absent 1150
                 = SweepAnswered A
        86400.0  TimePassed
                 = CheckSent A 3 check
                 ! SendCheck A 3 check
        86402.0  CheckAnswered A 3 1150
                 = CheckReported A 3 absent 1150
                 = SweepAnswered A
                 = OrderSettled A
    """)
    assert told.verdict() == "NOT_PAID"
    told.wait(3 * DAY)
    assert len(told.of(SweepAnswered)) == 2


@pytest.mark.parametrize("denial", [CANCEL, FAIL])
def test_other_denials_of_what_was_sent_are_swept_too(denial) -> None:
    told = Lane().start().sent().wait(15).check(denial)
    assert not told.order().settled
    told.wait_answering(DAY, denial)
    assert told.order().settled
    assert len(told.of(SweepAnswered)) == 2


def test_what_never_left_is_over_at_once() -> None:
    told = Lane().start().sent().pay_not_sent()
    assert told.order().settled
    told = Lane().start().sale().cancel()
    assert told.order().settled


def test_a_sweep_finds_the_payment_and_a_person_decides() -> None:
    told = a_declined_order()
    told.wait(6 * HOUR).check(COMPLETE)
    assert told.verdict() == "PAID_LATE"
    told.after(1).keep()
    told.told("""
        21600.0  TimePassed
                 = CheckSent A 2 check
                 ! SendCheck A 2 check
        21600.0  CheckAnswered A 2 0000 COMPLETE
                 = PaymentConfirmed A late
        21601.0  KeepRequested A
                 = PaymentKept A
                 = PrintStarted A 0
                 ! PrintReceipt A 0
    """)


def test_a_sweep_that_finds_another_amount_is_for_a_person_and_goes_on() -> None:
    told = a_declined_order()
    told.wait(6 * HOUR).check(complete(50))
    told.wait(300).check(complete(50))
    told.told("""
        21600.0  TimePassed
                 = CheckSent A 2 check
                 ! SendCheck A 2 check
        21600.0  CheckAnswered A 2 0000 COMPLETE
                 = CheckReported A 2 mismatch 0000
                 = AttentionRaised A conflict LINE Pay took 50, asked was 120
        21900.0  TimePassed
                 = CheckSent A 3 check
                 ! SendCheck A 3 check
        21900.0  CheckAnswered A 3 0000 COMPLETE
                 = CheckReported A 3 mismatch 0000
    """)
    assert told.order().attention == {Attention.CONFLICT}
    told.wait_answering(DAY, ABSENT)
    assert told.order().settled


@pytest.mark.parametrize("answer", [AUTH_READY, said(Proof.UNCERTAIN, "9000")])
def test_a_sweep_without_a_clear_word_is_made_again(answer) -> None:
    told = a_declined_order().wait(6 * HOUR).check(answer)
    assert told.of(SweepAnswered) == []
    told.wait(299)
    assert len(told.of(SendCheck)) == 2
    told.wait(1).no_check().wait(599)
    assert len(told.of(SendCheck)) == 3
    assert len(told.wait(1).of(SendCheck)) == 4


def test_sweeps_that_never_get_a_clear_word_become_daily() -> None:
    told = a_declined_order().wait_answering(6 * HOUR + DAY, None)
    asked = len(told.of(SendCheck))
    assert asked < 15
    assert len(told.wait_answering(5 * DAY, None).of(SendCheck)) - asked in (4, 5)


def test_an_older_answer_that_contradicts_a_denial_is_flagged() -> None:
    told = a_declined_order().wait(6 * HOUR).no_check().wait(300)
    told.check(ABSENT, number=2).no_check(number=2)
    assert told.of(AttentionRaised) == []
    told.check(complete(50), number=2)
    assert told.order().attention == {Attention.CONFLICT}


def test_an_older_answer_may_find_the_payment() -> None:
    told = a_declined_order().wait(6 * HOUR).no_check().wait(300)
    told.check(COMPLETE, number=2)
    assert told.verdict() == "PAID_LATE"


def test_a_lane_that_is_off_at_night_sweeps_in_the_morning() -> None:
    told = a_declined_order()
    told.reboot(12 * HOUR).wait(300).check(ABSENT)
    told.wait(300).check(ABSENT)
    told.told("""
          0.0  ProcessStarted
               = LaneStarted
        300.0  TimePassed
               = CheckSent A 2 check
               ! SendCheck A 2 check
        300.0  CheckAnswered A 2 1150
               = CheckReported A 2 absent 1150
               = SweepAnswered A
        600.0  TimePassed
               = CheckSent A 3 check
               ! SendCheck A 3 check
        600.0  CheckAnswered A 3 1150
               = CheckReported A 3 absent 1150
               = SweepAnswered A
               = OrderSettled A
    """)


def test_a_restart_in_the_middle_of_a_sweep() -> None:
    told = a_declined_order().wait(6 * HOUR).restart(2)
    from_here(told).wait(300).check(ABSENT)
    told.told("""
        298.0  TimePassed
               = CheckSent A 3 check
               ! SendCheck A 3 check
        300.0  CheckAnswered A 3 1150
               = CheckReported A 3 absent 1150
               = SweepAnswered A
    """)


def test_where_money_is_authorized_first_the_authorizations_are_swept() -> None:
    told = Lane(AUTHORIZING).start().sent().pay(DECLINED).wait(0).check(ABSENT)
    from_here(told).wait(6 * HOUR).check(authorization())
    told.told("""
        21600.0  TimePassed
                 = CheckSent A 2 authorizations
                 ! SendCheck A 2 authorizations
        21600.0  CheckAnswered A 2 0000 AUTHORIZATION
                 = PaymentAuthorized A
    """)
    assert told.verdict() == "AUTHORIZED"


def test_the_reads_of_an_amount_keep_their_distance_on_a_machine_that_is_up_for_days() -> None:
    told = Lane().start()
    told.wait(2 * DAY)
    told = from_here(told.sent().pay(paid(amount=None)).printed())
    told.wait_answering(60, details(None))
    asked = [(sent.sent_ns - told.origin_ns) // SECOND for sent in told.of(CheckSent)]
    assert asked == [0, 2, 5, 15]
