"""Stories of lost refunds: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Each begins with order A paid and printed, at 0 s.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from posd.core.commands import PrintReceipt
from posd.core.evidence import Proof
from posd.core.order import Attention
from posd.core.reversal_records import ReversalSent
from posd.core.rules import SECOND
from tests.core.beginnings import a_paid_order, from_here
from tests.core.lanes import (
    Lane,
    complete,
    details,
    paid,
    refunded,
    said,
)

HOUR = 3600
DAY = 24 * HOUR

# ---- the answer is lost ----------------------------------------------------------------------


def test_a_lost_answer_and_a_read_that_shows_it() -> None:
    told = a_paid_order()
    told.refund().after(20).reversal_lost()
    told.wait(0).after(1).check(details(120, ("r1", 120)))
    told.told("""
         0.0  ReversalRequested A
              = ReversalSent A 1 refund a reason
              ! SendReversal A 1 refund
        20.0  ReversalUnanswered A 1 timeout
              = ReversalUnknown A 1 timeout
        20.0  TimePassed
              = CheckSent A 1 details
              ! SendCheck A 1 details
        21.0  CheckAnswered A 1 0000
              = CheckReported A 1 reversed 0000
              = PaymentReversed A 1
              = OrderSettled A
    """)
    assert told.verdict() == "REFUNDED"


def test_a_lost_request_goes_again_once_it_cannot_travel_any_more() -> None:
    told = a_paid_order()
    told.refund().after(20).reversal_lost()
    told.wait(0).check(details()).wait(2).check(details()).wait(3).check(details())
    told.wait(10).check(details()).wait(20).check(details()).wait(40)
    assert len(told.of(ReversalSent)) == 1
    told.check(details()).after(1).reversed(said(Proof.UNCERTAIN, "1165"))
    told.told("""
         0.0  ReversalRequested A
              = ReversalSent A 1 refund a reason
              ! SendReversal A 1 refund
        20.0  ReversalUnanswered A 1 timeout
              = ReversalUnknown A 1 timeout
        20.0  TimePassed
              = CheckSent A 1 details
              ! SendCheck A 1 details
        20.0  CheckAnswered A 1 0000
              = CheckReported A 1 kept 0000
        22.0  TimePassed
              = CheckSent A 2 details
              ! SendCheck A 2 details
        22.0  CheckAnswered A 2 0000
              = CheckReported A 2 kept 0000
        25.0  TimePassed
              = CheckSent A 3 details
              ! SendCheck A 3 details
        25.0  CheckAnswered A 3 0000
              = CheckReported A 3 kept 0000
        35.0  TimePassed
              = CheckSent A 4 details
              ! SendCheck A 4 details
        35.0  CheckAnswered A 4 0000
              = CheckReported A 4 kept 0000
        55.0  TimePassed
              = CheckSent A 5 details
              ! SendCheck A 5 details
        55.0  CheckAnswered A 5 0000
              = CheckReported A 5 kept 0000
        95.0  TimePassed
              = CheckSent A 6 details
              ! SendCheck A 6 details
        95.0  CheckAnswered A 6 0000
              = CheckReported A 6 kept 0000
              = ReversalSent A 1 refund again
              ! SendReversal A 1 refund
        96.0  ReversalAnswered A 1 1165
              = PaymentReversed A 1
              = OrderSettled A
    """)
    assert told.verdict() == "REFUNDED"


def losing_each_until(told: Lane, seconds: int) -> None:
    """Every refund is lost, every read shows nothing given back."""
    while told.now_ns < told.origin_ns + seconds * SECOND:
        if told.order().money == "REVERSING":
            told.after(20).reversal_lost()
        told.wait_answering(600, details())


def test_one_that_is_lost_again_and_again_is_given_ever_more_time_up_to_an_hour() -> None:
    told = a_paid_order().refund()
    losing_each_until(told, DAY)
    sent = told.of(ReversalSent)
    apart_s = [(b.sent_ns - a.sent_ns) // SECOND for a, b in pairwise(sent)]
    assert [each.attempt for each in sent] == list(range(1, len(sent) + 1))
    assert all(apart >= min(60 << tries, HOUR) for tries, apart in enumerate(apart_s))
    assert 12 < len(sent) < 32


def test_one_that_is_lost_again_and_again_is_flagged_after_a_day() -> None:
    told = a_paid_order().refund()
    losing_each_until(told, DAY - HOUR)
    assert Attention.ESCALATED not in told.order().attention
    losing_each_until(told, DAY + HOUR)
    assert Attention.ESCALATED in told.order().attention


def test_a_lost_part_and_a_read_that_shows_it() -> None:
    told = a_paid_order()
    told.refund(20).after(20).reversal_lost()
    told.wait(0).after(1).check(details(120, ("r1", 20)))
    told.told("""
         0.0  ReversalRequested A
              = ReversalSent A 1 refund a reason
              ! SendReversal A 1 refund
        20.0  ReversalUnanswered A 1 timeout
              = ReversalUnknown A 1 timeout
        20.0  TimePassed
              = CheckSent A 1 details
              ! SendCheck A 1 details
        21.0  CheckAnswered A 1 0000
              = CheckReported A 1 reversed 0000
              = PaymentPartlyRefunded A 1
              = OrderSettled A
    """)
    assert told.order().refunds == ("r1",)


def test_a_lost_part_is_never_sent_again() -> None:
    told = a_paid_order()
    told.refund(20).after(20).reversal_lost()
    told.wait_answering(DAY - 20, details())
    assert Attention.ESCALATED not in told.order().attention
    told.wait_answering(DAY, details())
    assert Attention.ESCALATED in told.order().attention
    told.wait_answering(3 * DAY, details())
    told.told("""
         0.0  ReversalRequested A
              = ReversalSent A 1 refund a reason
              ! SendReversal A 1 refund
        20.0  ReversalUnanswered A 1 timeout
              = ReversalUnknown A 1 timeout
              ... 86380 s, 104 checks, 0000: CheckSent, CheckReported
              ... 86400 s, 1 checks, 0000: AttentionRaised, CheckSent, CheckReported
              ... 259200 s, 3 checks, 0000: CheckSent, CheckReported
    """)
    assert told.verdict() == "REFUND_OWED"
    assert len(told.of(ReversalSent)) == 1


@pytest.mark.parametrize(("given_back", "refunded_minor"), [(True, 20), (False, 0)])
def test_a_supervisor_says_how_a_lost_part_ended(given_back: bool, refunded_minor: int) -> None:
    told = a_paid_order()
    told.refund(20).after(20).reversal_lost()
    told.wait_answering(2 * DAY, details())
    told.settle(given_back)
    assert told.order().refunded_minor == refunded_minor
    assert told.verdict() == "PAID"
    assert told.order().settled
    assert told.order().attention == frozenset()


def test_what_a_person_booked_is_not_taken_for_a_later_part_of_the_same_amount() -> None:
    told = a_paid_order()
    told.refund(20).reversal_lost().settle(given_back=True)
    from_here(told).refund(20).after(20).reversal_lost()
    told.wait(0).after(1).check(details(120, ("r1", 20)))
    told.wait(1).check(details(120, ("r1", 20), ("r2", 20)))
    told.told("""
         0.0  ReversalRequested A
              = ReversalSent A 2 refund a reason
              ! SendReversal A 2 refund
        20.0  ReversalUnanswered A 2 timeout
              = ReversalUnknown A 2 timeout
        20.0  TimePassed
              = CheckSent A 1 details
              ! SendCheck A 1 details
        21.0  CheckAnswered A 1 0000
              = CheckReported A 1 kept 0000
        22.0  TimePassed
              = CheckSent A 2 details
              ! SendCheck A 2 details
        22.0  CheckAnswered A 2 0000
              = CheckReported A 2 reversed 0000
              = PaymentPartlyRefunded A 2
              = OrderSettled A
    """)
    assert told.order().refunded_minor == 40


def test_an_old_refund_is_not_taken_for_a_new_one_of_the_same_amount() -> None:
    told = a_paid_order().refund(20).reversed(refunded("r1"))
    told.refund(20).after(20).reversal_lost()
    told.wait(0).check(details(120, ("r1", 20)))
    assert told.verdict() == "REFUND_OWED"
    assert told.order().refunded_minor == 20


@pytest.mark.parametrize("answer", [said(Proof.UNCERTAIN, "9000"), said(Proof.UNCERTAIN, "1165")])
def test_an_answer_that_says_nothing_is_read_about(answer) -> None:
    told = a_paid_order().refund(20)
    told.reversed(answer).wait(0)
    assert told.order().money == "REVERSAL_UNKNOWN"
    assert told.order().checks.in_flight


def test_no_read_is_no_evidence() -> None:
    told = a_paid_order().refund().reversal_lost().wait(0)
    told.no_check().wait(2).check(said(Proof.UNCERTAIN, "9000"))
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        0.0  ReversalUnanswered A 1 timeout
             = ReversalUnknown A 1 timeout
        0.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        0.0  CheckUnanswered A 1 timeout
             = CheckReported A 1 no_answer timeout
        2.0  TimePassed
             = CheckSent A 2 details
             ! SendCheck A 2 details
        2.0  CheckAnswered A 2 9000
             = CheckReported A 2 unclear 9000
    """)
    assert told.order().money == "REVERSAL_UNKNOWN"


# ---- restarts --------------------------------------------------------------------------------


def test_killed_while_a_refund_is_out() -> None:
    told = a_paid_order()
    told.refund().restart(2).wait(0)
    told.after(1).check(details())
    told.wait(2).check(details(120, ("r1", 120)))
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        2.0  ProcessStarted
             = LaneStarted
             = ReversalUnknown A 1 restart
        2.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        3.0  CheckAnswered A 1 0000
             = CheckReported A 1 kept 0000
        4.0  TimePassed
             = CheckSent A 2 details
             ! SendCheck A 2 details
        5.0  CheckAnswered A 2 0000
             = CheckReported A 2 reversed 0000
             = PaymentReversed A 1
             = OrderSettled A
    """)


def test_the_machine_goes_off_while_a_part_is_out() -> None:
    told = a_paid_order()
    told.refund(20).reboot(HOUR).wait(0)
    told.after(1).check(details())
    told.wait_answering(2 * DAY, details())
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        0.0  ProcessStarted
             = LaneStarted
             = ReversalUnknown A 1 restart
        0.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        1.0  CheckAnswered A 1 0000
             = CheckReported A 1 kept 0000
             ... 172800 s, 104 checks, 0000: CheckSent, CheckReported, AttentionRaised
    """)
    assert len(told.of(ReversalSent)) == 1


def test_reading_goes_on_after_a_reboot() -> None:
    told = a_paid_order().refund(20).reversal_lost().wait(0)
    from_here(told).reboot(HOUR).wait(60)
    told.check(details(120, ("r1", 20)))
    told.told("""
         0.0  ProcessStarted
              = LaneStarted
         2.0  TimePassed
              = CheckSent A 2 details
              ! SendCheck A 2 details
        60.0  CheckAnswered A 2 0000
              = CheckReported A 2 reversed 0000
              = PaymentPartlyRefunded A 1
              = OrderSettled A
    """)


def test_what_may_still_be_given_back_is_not_called_lost_before_a_day_of_reads() -> None:
    told = a_paid_order()
    told.refund(20).after(20).reversal_lost()
    told.wait_answering(DAY - 40, details())
    told.settle(given_back=False)
    assert told.refusals == ["still_reading"]
    told.wait_answering(40, details()).settle(given_back=False)
    assert told.verdict() == "PAID"


def test_the_second_night_counts_as_a_day() -> None:
    told = a_paid_order()
    told.refund(20).after(20).reversal_lost()
    told.wait_answering(8 * HOUR, details()).reboot().wait_answering(8 * HOUR, details())
    assert Attention.ESCALATED not in told.order().attention
    told.settle(given_back=False)
    assert told.refusals == ["still_reading"]
    told.reboot().wait_answering(HOUR, details())
    assert Attention.ESCALATED in told.order().attention
    assert told.settle(given_back=False).verdict() == "PAID"


def test_nights_before_the_refund_are_not_counted() -> None:
    told = Lane().start().sent().pay_lost()
    told.reboot().wait_answering(HOUR, None).reboot().wait(0).check(complete()).keep().printed()
    told.refund(20).after(20).reversal_lost().settle(given_back=False)
    assert told.refusals == ["still_reading"]


def test_nights_are_counted_over_every_try_of_one_refund() -> None:
    told = a_paid_order().refund().reversal_lost().reboot().wait_answering(HOUR, details())
    assert told.order().reversal.attempt > 1
    assert told.order().reversal.reboots == 1


@pytest.mark.parametrize("answered", [False, True])
def test_what_is_left_of_a_payment_prints_nothing_after_a_night(answered: bool) -> None:
    told = Lane().start().sent().after(1).pay(paid()).not_printed().refund(20)
    if answered:
        told.reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    told.reboot().wait(3600).check(details(120, ("r1", 20)))
    assert told.verdict() == "PAID_LATE"
    told.printer_ready()
    assert len(told.of(PrintReceipt)) == 1
    assert len(told.keep().of(PrintReceipt)) == 2
