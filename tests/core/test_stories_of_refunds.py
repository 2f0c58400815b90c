"""Stories of refunds: what happened when (s), what became true (=), what to do (!).

A refusal is marked x. Each begins with order A paid and printed, at 0 s.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core.evidence import Proof
from posd.core.order import Attention
from posd.core.people import Role
from posd.core.records import SaleOpened
from posd.core.reversal_records import ReversalSent
from tests.core.beginnings import a_paid_order, from_here
from tests.core.lanes import (
    ANN,
    COMPLETE,
    DECLINED,
    LIN,
    RULES,
    Lane,
    details,
    paid,
    refunded,
    said,
)

# ---- given back ------------------------------------------------------------------------------


def test_all_of_it_is_given_back() -> None:
    told = a_paid_order()
    told.refund().after(1).reversed(refunded())
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        1.0  ReversalAnswered A 1 0000
             = PaymentReversed A 1
             = OrderSettled A
    """)
    assert told.verdict() == "REFUNDED"
    assert told.order().refunded_minor == 120


def test_in_two_parts_and_the_rest() -> None:
    told = a_paid_order()
    told.refund(20).after(1).reversed(refunded("r1"))
    told.refund(30).after(1).reversed(refunded("r2"))
    told.refund().after(1).reversed(refunded("r3"))
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        1.0  ReversalAnswered A 1 0000
             = PaymentPartlyRefunded A 1
             = OrderSettled A
        1.0  ReversalRequested A
             = ReversalSent A 2 refund a reason
             ! SendReversal A 2 refund
        2.0  ReversalAnswered A 2 0000
             = PaymentPartlyRefunded A 2
             = OrderSettled A
        2.0  ReversalRequested A
             = ReversalSent A 3 refund a reason
             ! SendReversal A 3 refund
        3.0  ReversalAnswered A 3 0000
             = PaymentReversed A 3
             = OrderSettled A
    """)
    assert [sent.amount_minor for sent in told.of(ReversalSent)] == [20, 30, 70]
    assert [sent.full for sent in told.of(ReversalSent)] == [False, False, True]
    assert [sent.seen for sent in told.of(ReversalSent)] == [(), ("r1",), ("r1", "r2")]


@pytest.mark.parametrize("amount", [0, -1, 101])
def test_never_more_than_is_left(amount: int) -> None:
    told = a_paid_order().refund(20).reversed(refunded("r1"))
    told.refund(amount)
    assert told.refusals == ["more_than_left"]
    assert len(told.of(ReversalSent)) == 1


def test_what_was_given_back_is_not_given_back_again() -> None:
    told = a_paid_order().refund().reversed(refunded())
    told.refund()
    assert told.refusals == ["already_reversed"]


# ---- paper -----------------------------------------------------------------------------------


def test_a_print_ends_while_its_money_goes_back() -> None:
    told = from_here(Lane().start().sent().after(1).pay(paid()))
    told.refund().after(1).reversed(refunded())
    told.after(1).printed()
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        1.0  ReversalAnswered A 1 0000
             = PaymentReversed A 1
        2.0  PrintSucceeded A 0 proved
             = PrintFinished A 0 proved
             = OrderSettled A
    """)


def test_a_receipt_that_was_held_back_does_not_come_out_once_the_money_is_back() -> None:
    told = from_here(Lane().start().sent().after(1).pay(paid()))
    told.refund().not_printed().printer_ready()
    told.after(1).reversed(refunded()).printer_ready().reprint()
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        0.0  PrintNotStarted A 0 paper_out
             = PrintHeld A 0 paper_out
        0.0  PrinterReady
        1.0  ReversalAnswered A 1 0000
             = PaymentReversed A 1
             = OrderSettled A
        1.0  PrinterReady
        1.0  ReprintRequested A
             x not_paid
    """)
    assert told.order().paper == "HELD"


def test_a_print_of_which_nobody_knows_stays_in_sight_when_the_money_is_back() -> None:
    told = from_here(Lane().start().sent().after(1).pay(paid()))
    told.refund().print_lost().reversed(refunded())
    assert Attention.PRINT_UNKNOWN in told.order().attention


# ---- late words ------------------------------------------------------------------------------


def test_the_answer_to_pay_comes_while_the_money_goes_back() -> None:
    told = from_here(Lane().start().sent().wait(15).check(COMPLETE).printed())
    told.refund().pay(paid())
    told.reversed(refunded()).pay(DECLINED).pay(paid(amount=50))
    told.told("""
        0.0  ReversalRequested A
             = ReversalSent A 1 refund a reason
             ! SendReversal A 1 refund
        0.0  PayAnswered A 0000
        0.0  ReversalAnswered A 1 0000
             = PaymentReversed A 1
             = OrderSettled A
        0.0  PayAnswered A 1142
        0.0  PayAnswered A 0000
             = AttentionRaised A conflict LINE Pay took 50, asked was 120
             = OrderSettled A
    """)
    assert told.verdict() == "REFUNDED"


def test_a_read_of_an_older_number_says_nothing() -> None:
    told = a_paid_order().refund().reversal_lost()
    told.wait(0).no_check().wait(2)
    from_here(told).check(details(120, ("r1", 120)), number=1)
    told.told("""
        0.0  CheckAnswered A 1 0000
    """)
    assert told.order().money == "REVERSAL_UNKNOWN"


def test_an_answer_after_it_was_given_up_is_flagged_and_not_believed() -> None:
    told = a_paid_order().refund(20).reversal_lost()
    told.reversed(refunded("r1"))
    assert told.order().attention == {Attention.CONFLICT}
    assert (told.order().money, told.order().refunded_minor) == ("REVERSAL_UNKNOWN", 0)


def test_an_answer_to_another_reversal_is_flagged() -> None:
    told = a_paid_order().refund(20).reversed(refunded("r1")).refund(30)
    answer = replace(told.decisions[-2][0], order_id="A", number=1)
    from_here(told).happens(answer)
    told.told("""
        0.0  ReversalAnswered A 1 0000
             = AttentionRaised A conflict ReversalAnswered of reversal 1 while 2 is out
    """)
    assert told.order().money == "REVERSING"


# ---- who may ---------------------------------------------------------------------------------


def test_a_cashier_gives_back_what_the_cap_allows_and_no_more() -> None:
    caps = {Role.CASHIER: 50, Role.SUPERVISOR: 100}
    told = a_paid_order(replace(RULES, refund_cap_minor=caps))
    told.refund(30, actor=ANN).reversed(refunded("r1"))
    told.refund(21, actor=ANN).refund(20, actor=ANN).reversed(refunded("r2"))
    told.refund(actor=ANN).refund()
    assert told.refusals == ["above_cap", "above_cap", "above_cap"]
    assert told.order().refunded_minor == 50


def test_without_a_cap_of_their_own_cashiers_give_nothing_back() -> None:
    told = a_paid_order().refund(1, actor=ANN)
    assert told.refusals == ["above_cap"]


def test_who_settles_is_a_supervisor_and_says_why() -> None:
    told = a_paid_order().refund(20).reversal_lost()
    told.settle(given_back=True, actor=ANN)
    asked = told.decisions[-1][0]
    told.happens(replace(asked, asking=replace(asked.asking, actor=LIN, reason="  ")))
    assert told.refusals == ["needs_supervisor", "reason_needed"]
    assert told.order().money == "REVERSAL_UNKNOWN"


def test_one_at_a_time_and_nothing_else_meanwhile() -> None:
    told = a_paid_order().settle(given_back=True)
    told.refund(20).refund(20).settle(given_back=True).cancel().keep().abandon().accept()
    told.capture()
    assert told.refusals == ["nothing_owed", *["reversal_running"] * 2, *["being_reversed"] * 5]
    assert len(told.of(ReversalSent)) == 1


# ---- the counter -----------------------------------------------------------------------------


def test_others_are_served_while_a_refund_is_owed() -> None:
    told = a_paid_order().refund().reversed(said(Proof.NO_MONEY_MOVED, "2042"))
    told.sent().pay(paid("B")).printed()
    assert (told.verdict("A"), told.verdict("B")) == ("REFUND_OWED", "PAID")
    assert len(told.of(SaleOpened)) == 2
