"""Stories of payments learned late, kept or not: when (s), what became true (=), what to do (!).

A refusal is marked x. An order that a supervisor accepted unconfirmed is never late.
"""

from __future__ import annotations

import pytest

from posd.core.order import Attention
from posd.core.records import PrintStarted
from posd.core.reversal_records import ReversalSent
from tests.core.beginnings import an_unknown_order, from_here
from tests.core.lanes import (
    ABSENT,
    ANN,
    COMPLETE,
    DECLINED,
    FAIL,
    LIN,
    Lane,
    paid,
    refunded,
    status,
)

HOUR = 3600

# ---- paid late -------------------------------------------------------------------------------


def a_late_order() -> Lane:
    told = an_unknown_order().wait_answering(200, None).wait(10)
    return from_here(told.check(COMPLETE))


def test_paid_late_prints_nothing_until_somebody_keeps_it() -> None:
    told = a_late_order()
    told.wait(HOUR)
    assert told.verdict() == "PAID_LATE"
    told.keep().printed()
    told.told("""
        3600.0  KeepRequested A
                = PaymentKept A
                = PrintStarted A 0
                ! PrintReceipt A 0
        3600.0  PrintSucceeded A 0 proved
                = PrintFinished A 0 proved
                = OrderSettled A
    """)


@pytest.mark.parametrize("because", ["paid_otherwise", "goods_kept"])
def test_paid_late_and_not_wanted_is_given_back(because: str) -> None:
    told = a_late_order().abandon(because)
    assert [(sent.amount_minor, sent.full) for sent in told.of(ReversalSent)] == [(120, True)]
    told.reversed(refunded())
    assert told.verdict() == "REFUNDED"
    assert Attention.LATE not in told.order().attention


def test_paid_late_with_the_goods_gone_is_kept_and_printed() -> None:
    told = a_late_order()
    told.abandon("goods_gone", actor=LIN)
    told.told("""
        0.0  AbandonRequested A goods_gone
             = SaleAbandoned A goods_gone a reason
             = PaymentKept A
             = PrintStarted A 0
             ! PrintReceipt A 0
    """)


def test_whoever_decides_first_about_paid_late_has_decided() -> None:
    told = a_late_order().keep().abandon()
    assert told.refusals == ["already_paid"]
    told = a_late_order().abandon().keep()
    assert told.refusals == ["being_reversed"]


def test_paid_late_part_refunded_and_not_wanted_the_rest_is_given_back() -> None:
    told = a_late_order()
    told.refund(20).reversed(refunded("r1"))
    told.after(1).abandon().reversed(refunded("r2"))
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        0.0  ReversalAnswered A 1 0000
             = PaymentPartlyRefunded A 1
        1.0  AbandonRequested A paid_otherwise
             = SaleAbandoned A paid_otherwise a reason
             = ReversalSent A 2 refund abandoned: paid_otherwise
             ! SendReversal A 2 refund
        1.0  ReversalAnswered A 2 0000
             = PaymentReversed A 2
             = OrderSettled A
    """)
    assert told.order().refunded_minor == 120


def test_given_up_once_more_after_its_refund_was_given_up_it_is_tried_once_more() -> None:
    told = a_late_order().abandon().reversal_lost().settle(given_back=False)
    told.abandon()
    assert [sent.number for sent in told.of(ReversalSent)] == [1, 2]


def test_a_receipt_held_back_over_a_reboot_waits_for_a_person() -> None:
    told = from_here(Lane().start().sent().pay(paid()).not_printed())
    told.reboot(HOUR).printer_ready().keep()
    told.told("""
        0.0  ProcessStarted
             = LaneStarted
             = PaymentLate A
        0.0  PrinterReady
        0.0  KeepRequested A
             = PaymentKept A
             = PrintStarted A 0
             ! PrintReceipt A 0
    """)


# ---- accepted --------------------------------------------------------------------------------


def test_accepted_then_paid_is_kept_and_nothing_prints_by_itself() -> None:
    told = an_unknown_order()
    told.accept().wait_answering(300, None).wait(60).check(COMPLETE)
    told.told("""
          0.0  AcceptRequested A
               = SaleAccepted A a reason
               ... 300 s, 30 checks, no answer: CheckSent, CheckReported
        305.0  TimePassed
               = CheckSent A 36 check
               ! SendCheck A 36 check
        360.0  CheckAnswered A 36 0000 COMPLETE
               = CheckReported A 36 complete 0000
               = PaymentConfirmed A
               = OrderSettled A
    """)
    assert told.verdict() == "PAID"
    told.reprint()
    assert len(told.of(PrintStarted)) == 1


def test_accepted_and_never_paid_is_a_loss() -> None:
    told = an_unknown_order()
    told.accept().wait(15).check(status("CANCEL"))
    told.told("""
         0.0  AcceptRequested A
              = SaleAccepted A a reason
         5.0  TimePassed
              = CheckSent A 6 check
              ! SendCheck A 6 check
        15.0  CheckAnswered A 6 0000 CANCEL
              = CheckReported A 6 cancelled 0000
              = PaymentNotPaid A cancelled 0000
              = AttentionRaised A loss accepted by the store, and never paid
    """)
    assert Attention.LOSS in told.order().attention


def test_a_loss_that_is_found_paid_is_none() -> None:
    told = an_unknown_order().accept().wait(15).check(FAIL)
    told.wait(6 * HOUR).check(COMPLETE)
    assert told.verdict() == "PAID"
    assert told.order().attention == frozenset()


def test_a_loss_by_a_decline_is_told_once() -> None:
    told = an_unknown_order().accept().pay(DECLINED).wait(0).check(ABSENT)
    told.wait_answering(48 * HOUR, ABSENT)
    losses = [record for record in told.records if getattr(record, "reason", "") == "loss"]
    assert len(losses) == 1
    assert told.order().settled


def test_accepting_is_a_supervisors_and_waits_for_the_60_s() -> None:
    told = Lane().start().sent().accept()
    told.wait_answering(61, None).accept(actor=ANN).accept().accept()
    assert told.refusals == ["still_working", "needs_supervisor"]
    assert told.order().wish == "ACCEPTED"


def test_accepted_is_not_abandoned_and_abandoned_not_accepted() -> None:
    told = an_unknown_order().accept().abandon()
    assert told.refusals == ["accepted"]
    told = an_unknown_order().abandon().accept()
    assert told.refusals == ["abandoned"]
