"""Stories of voids: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Each begins with order A authorized for a day, at 0 s.
"""

from __future__ import annotations

from posd.core.order import Attention
from posd.core.reversal_records import ReversalSent
from tests.core.beginnings import an_authorized_order, from_here
from tests.core.lanes import (
    ANN,
    authorization,
    paid,
    refunded,
)

HOUR = 3600
DAY = 24 * HOUR
HELD = authorization()
TAKEN = authorization("CAPTURE")

# ---- released --------------------------------------------------------------------------------


def test_voided() -> None:
    told = an_authorized_order()
    told.refund().after(1).reversed(refunded())
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 void a reason
             ! SendReversal A 1 void
        1.0  ReversalAnswered A 1 0000
             = PaymentReversed A 1
             = OrderSettled A
    """)
    assert told.verdict() == "VOIDED"


def test_a_lost_void_that_was_carried_out() -> None:
    told = an_authorized_order()
    told.refund().after(20).reversal_lost()
    told.wait(0).check(authorization("VOIDED_AUTHORIZATION"))
    told.told("""
         0.0  ReversalRequested A
              = ReversalSent A 1 void a reason
              ! SendReversal A 1 void
        20.0  ReversalUnanswered A 1 timeout
              = ReversalUnknown A 1 timeout
        20.0  TimePassed
              = CheckSent A 1 authorizations
              ! SendCheck A 1 authorizations
        20.0  CheckAnswered A 1 0000 VOIDED_AUTHORIZATION
              = CheckReported A 1 reversed 0000
              = PaymentReversed A 1
              = OrderSettled A
    """)


def test_a_lost_void_that_was_not_carried_out_goes_again_once_it_cannot_travel() -> None:
    told = an_authorized_order().refund().after(20).reversal_lost()
    told.wait_answering(30, HELD)
    assert len(told.of(ReversalSent)) == 1
    told.wait_answering(60, HELD)
    assert [sent.attempt for sent in told.of(ReversalSent)] == [1, 2]


def test_a_lost_void_of_what_was_captured_is_a_persons() -> None:
    told = an_authorized_order().refund().reversal_lost()
    told.wait_answering(2 * DAY, TAKEN)
    assert Attention.ESCALATED in told.order().attention
    assert len(told.of(ReversalSent)) == 1


def test_a_void_that_a_supervisor_gives_up_leaves_it_authorized() -> None:
    told = an_authorized_order().refund().reversal_lost().settle(given_back=False)
    assert told.verdict() == "AUTHORIZED"
    told.capture().captured(paid()).printed()
    assert told.verdict() == "PAID"


def test_a_void_that_a_supervisor_books_by_hand() -> None:
    told = an_authorized_order().refund().reversal_lost().settle(given_back=True)
    assert told.verdict() == "VOIDED"


def test_a_part_of_an_authorization_cannot_be_released() -> None:
    told = an_authorized_order().refund(20)
    assert told.refusals == ["not_captured"]
    assert told.refund(120).order().money == "REVERSING"


def test_who_may_void_is_who_may_refund() -> None:
    told = an_authorized_order().refund(actor=ANN)
    assert told.refusals == ["above_cap"]


def test_what_is_authorized_is_voided_and_neither_cancelled_nor_given_up() -> None:
    told = an_authorized_order().cancel().abandon().accept().keep().settle(given_back=True)
    assert told.refusals == [*["void_instead"] * 3, "not_paid", "nothing_owed"]


def test_the_machine_goes_off_while_a_void_is_out() -> None:
    told = an_authorized_order().refund()
    from_here(told).reboot(HOUR).wait(0).check(authorization("VOIDED_AUTHORIZATION"))
    told.told("""
        0.0  ProcessStarted
             = LaneStarted
             = ReversalUnknown A 1 restart
        0.0  TimePassed
             = CheckSent A 1 authorizations
             ! SendCheck A 1 authorizations
        0.0  CheckAnswered A 1 0000 VOIDED_AUTHORIZATION
             = CheckReported A 1 reversed 0000
             = PaymentReversed A 1
             = OrderSettled A
    """)
