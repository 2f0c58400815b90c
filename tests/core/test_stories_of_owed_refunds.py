"""Stories of refused refunds: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Each begins with order A paid and printed, at 0 s.
"""

from __future__ import annotations

import pytest

from posd import history
from posd.core import lane
from posd.core.evidence import Proof
from posd.core.order import Attention
from posd.core.reversal_records import ReversalSent
from tests.core.beginnings import a_paid_order
from tests.core.lanes import (
    COMPLETE,
    RULES,
    Lane,
    details,
    refunded,
    said,
)

HOUR = 3600
DAY = 24 * HOUR

# ---- refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["1105", "1900"])
def test_other_refusals_for_now_are_tried_again(code: str) -> None:
    told = a_paid_order().refund().reversed(said(Proof.UNCERTAIN, code))
    assert told.verdict() == "REFUND_OWED"
    told.wait(HOUR).check(details())
    assert [sent.attempt for sent in told.of(ReversalSent)] == [1, 2]


def test_refused_for_now_is_read_and_tried_again_hourly() -> None:
    told = a_paid_order()
    told.refund().after(1).reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    told.wait(HOUR).after(1).check(details())
    told.after(1).reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    told.wait(HOUR).after(1).check(details())
    told.after(1).reversed(refunded())
    told.told("""
           0.0  ReversalRequested A
                = ReversalSent A 1 refund a reason
                ! SendReversal A 1 refund
           1.0  ReversalAnswered A 1 2042
                = RefundOwed A 1 refused 2042
        3601.0  TimePassed
                = CheckSent A 1 details
                ! SendCheck A 1 details
        3602.0  CheckAnswered A 1 0000
                = CheckReported A 1 kept 0000
                = ReversalSent A 1 refund again
                ! SendReversal A 1 refund
        3603.0  ReversalAnswered A 1 2042
                = RefundOwed A 1 refused 2042
        7203.0  TimePassed
                = CheckSent A 2 details
                ! SendCheck A 2 details
        7204.0  CheckAnswered A 2 0000
                = CheckReported A 2 kept 0000
                = ReversalSent A 1 refund again
                ! SendReversal A 1 refund
        7205.0  ReversalAnswered A 1 0000
                = PaymentReversed A 1
                = OrderSettled A
    """)
    assert told.verdict() == "REFUNDED"


def test_refused_for_now_and_given_back_in_another_way() -> None:
    told = a_paid_order()
    told.refund().after(1).reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    told.wait(HOUR).after(1).check(details(120, ("by-hand", 120)))
    assert told.verdict() == "REFUNDED"
    assert len(told.of(ReversalSent)) == 1


@pytest.mark.parametrize("code", ["1163", "1179", "1150"])
def test_other_refusals_go_to_a_person_at_once(code: str) -> None:
    proof = Proof.NO_SUCH_TRANSACTION if code == "1150" else Proof.NO_MONEY_MOVED
    told = a_paid_order().refund().reversed(said(proof, code))
    told.wait_answering(3 * DAY, details())
    assert told.verdict() == "REFUND_OWED"
    assert Attention.OWED in told.order().attention
    assert len(told.of(ReversalSent)) == 1
    told.settle(given_back=True)
    assert told.verdict() == "REFUNDED"


def test_one_that_line_pay_says_is_too_much_is_read_and_goes_to_a_person() -> None:
    told = a_paid_order().refund().reversed(said(Proof.UNCERTAIN, "1164"))
    told.wait(0).check(details())
    assert told.verdict() == "REFUND_OWED"
    told.wait_answering(DAY, details())
    assert len(told.of(ReversalSent)) == 1


def test_a_part_that_is_refused_goes_to_a_person_whatever_the_code() -> None:
    told = a_paid_order()
    told.refund(20).after(1).reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    told.wait_answering(DAY, details())
    told.settle(given_back=False).refund(20)
    told.told("""
            0.0  ReversalRequested A
                 = ReversalSent A 1 refund a reason
                 ! SendReversal A 1 refund
            1.0  ReversalAnswered A 1 2042
                 = RefundOwed A 1 refused 2042
                 ... 86400 s, 24 checks, 0000: CheckSent, CheckReported, AttentionRaised
        86401.0  SettlementRequested A
                 = ReversalGivenUp A 1 a reason
                 = OrderSettled A
        86401.0  ReversalRequested A
                 = ReversalSent A 2 refund a reason
                 ! SendReversal A 2 refund
    """)


def test_what_is_refused_for_now_for_days_is_flagged() -> None:
    told = a_paid_order().refund().reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    for _ in range(26):
        told.wait(HOUR).check(details()).reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    assert told.order().attention == {Attention.OWED, Attention.ESCALATED}


def test_a_refund_of_which_no_byte_left_is_owed_and_goes_later() -> None:
    told = a_paid_order()
    told.refund().reversal_not_sent()
    told.wait(HOUR).check(details())
    told.told("""
           0.0  ReversalRequested A
                = ReversalSent A 1 refund a reason
                ! SendReversal A 1 refund
           0.0  ReversalNotSent A 1 refused
                = RefundOwed A 1 refused
        3600.0  TimePassed
                = CheckSent A 1 details
                ! SendCheck A 1 details
        3600.0  CheckAnswered A 1 0000
                = CheckReported A 1 kept 0000
                = ReversalSent A 1 refund again
                ! SendReversal A 1 refund
    """)


def test_a_part_of_which_no_byte_left_goes_to_a_person() -> None:
    told = a_paid_order().refund(20).reversal_not_sent()
    told.wait_answering(DAY, details())
    assert len(told.of(ReversalSent)) == 1
    assert told.verdict() == "REFUND_OWED"


def test_what_is_owed_is_owed_after_a_reboot() -> None:
    told = a_paid_order().refund().reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    told.reboot(HOUR)
    assert told.verdict() == "REFUND_OWED"
    told.wait(HOUR).check(details())
    assert [sent.attempt for sent in told.of(ReversalSent)] == [1, 2]


def test_an_order_of_an_earlier_boot_is_tried_again_hourly_too() -> None:
    told = Lane().start().after(5 * DAY).sent().after(45).pay_lost().wait(0)
    told.check(COMPLETE).printed()
    assert told.order().settled
    named = told.order().order_id
    told.state = lane.without_settled(told.state)
    told.reboot(HOUR)
    mine = [record for record in told.records if getattr(record, "order_id", "") == named]
    order, _ = history.rebuild(RULES, enumerate(mine))
    told.state = lane.recalled(told.state, order)
    told.refund(order_id=named).reversed(said(Proof.NO_MONEY_MOVED, "2042"), named)
    told.wait(HOUR)
    assert told.order().checks.in_flight
