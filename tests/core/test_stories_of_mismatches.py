"""Stories of mismatches: what happened when (s), what became true (=), what to do (!).

A success for another order, amount or currency is not believed: details decide.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core.commands import SendCheck, SendReversal
from posd.core.evidence import Proof
from posd.core.order import Attention
from posd.core.records import AttentionRaised, MismatchProved, MismatchSeen, PrintStarted
from posd.core.reversal_records import ReversalSent
from tests.core.beginnings import from_here
from tests.core.lanes import (
    ABSENT,
    COMPLETE,
    FAIL,
    KNOWN_TO_DETAILS,
    LIN,
    Lane,
    complete,
    details,
    paid,
    refunded,
    said,
)

HOUR = 3600


def a_doubted_order(amount: int = 121) -> Lane:
    """The answer to pay states another amount; details are about to be asked for."""
    return from_here(Lane().start().sent().after(2).pay(paid(amount=amount)))


# ---- details decide --------------------------------------------------------------------------


def test_details_state_the_right_amount_after_all() -> None:
    told = a_doubted_order()
    told.wait(0).check(details(120))
    told.told("""
        0.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        0.0  CheckAnswered A 1 0000
             = CheckReported A 1 complete 0000
             = PaymentConfirmed A
             = PrintStarted A 0
             ! PrintReceipt A 0
    """)
    assert told.verdict() == "PAID"
    assert told.order().attention == {Attention.CONFLICT}


def test_a_check_that_contradicts_the_order_is_doubted_too() -> None:
    told = from_here(Lane().start().sent().wait(15))
    told.check(complete(121)).wait(0).check(details(121))
    told.told("""
        0.0  CheckAnswered A 1 0000 COMPLETE
             = CheckReported A 1 mismatch 0000
             = MismatchSeen A LINE Pay took 121, asked was 120
        0.0  TimePassed
             = CheckSent A 2 details
             ! SendCheck A 2 details
        0.0  CheckAnswered A 2 0000
             = CheckReported A 2 mismatch_proved 0000
             = MismatchProved A
             = ReversalSent A 1 refund mismatch
             ! SendReversal A 1 refund
    """)


def test_the_second_of_a_shift_waits_for_a_person() -> None:
    told = a_doubted_order().wait(0).check(details(121))
    earlier = told.decisions[-1][0]
    told = a_doubted_order().wait(0).happens(replace(earlier, mismatches_before=1))
    assert told.verdict() == "CALL_SUPERVISOR"
    assert told.of(ReversalSent) == []
    told.refund()
    assert [(sent.amount_minor, sent.full) for sent in told.of(ReversalSent)] == [(121, True)]


def test_where_the_goods_are_out_nothing_is_given_back_by_itself() -> None:
    told = a_doubted_order().accept().wait(0).check(details(121))
    assert told.verdict() == "CALL_SUPERVISOR"
    told = a_doubted_order().abandon("goods_gone", actor=LIN).wait(0).check(details(121))
    assert told.verdict() == "CALL_SUPERVISOR"
    assert told.of(ReversalSent) == []


def test_nothing_is_given_back_on_one_word_alone() -> None:
    told = a_doubted_order().wait_answering(HOUR, None)
    assert told.verdict() == "CALL_SUPERVISOR"
    assert told.of(ReversalSent) == []
    assert told.of(PrintStarted) == []


def test_details_and_checks_are_asked_in_turn() -> None:
    told = a_doubted_order().wait_answering(20, None)
    assert [asked.operation for asked in told.of(SendCheck)][:4] == [
        "details",
        "check",
        "details",
        "check",
    ]


@pytest.mark.parametrize("answer", [ABSENT, FAIL, KNOWN_TO_DETAILS, details(order_id="Z")])
def test_a_denial_does_not_undo_a_success_that_was_seen(answer) -> None:
    told = a_doubted_order().wait_answering(2 * HOUR, answer)
    assert told.verdict() == "CALL_SUPERVISOR"
    assert Attention.MISMATCH in told.order().attention


def test_a_check_without_an_amount_does_not_settle_it() -> None:
    told = a_doubted_order().wait(0).no_check().wait(2)
    told.check(complete(None))
    assert told.verdict() == "CALL_SUPERVISOR"


def test_the_same_contradiction_is_told_once() -> None:
    told = a_doubted_order().wait_answering(60, complete(121, "Z"))
    assert len(told.of(MismatchSeen)) == 1


def test_details_without_a_sum_that_is_one_go_to_a_person() -> None:
    told = a_doubted_order()
    told.wait(0).check(details("120.5"))
    told.told("""
        0.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        0.0  CheckAnswered A 1 0000
             = CheckReported A 1 mismatch_proved 0000
             = AttentionRaised A conflict details state 120.5 TWD
    """)
    assert told.of(MismatchProved) == []


def test_what_was_taken_in_another_currency_is_flagged_once_and_never_booked_or_given_back() -> (
    None
):
    told = a_doubted_order()
    told.wait_answering(300, details(120, currency="THB"))
    assert told.of(MismatchProved) == []
    assert [flag.what for flag in told.of(AttentionRaised)] == ["details state 120 THB"]
    told.abandon().wait_answering(300, details(120, currency="THB"))
    assert told.of(SendReversal) == []
    assert told.order().attention >= {Attention.MISMATCH, Attention.CONFLICT}


def test_a_success_and_a_request_that_never_left_contradict_each_other() -> None:
    told = from_here(Lane().start().sent().wait(15))
    told.check(complete(121)).pay_not_sent()
    told.told("""
        0.0  CheckAnswered A 1 0000 COMPLETE
             = CheckReported A 1 mismatch 0000
             = MismatchSeen A LINE Pay took 121, asked was 120
        0.0  PayNotSent A refused
             = AttentionRaised A conflict paid at LINE Pay, yet the request was not sent (refused)
    """)
    assert told.verdict() == "CALL_SUPERVISOR"


def test_what_is_in_mismatch_is_a_supervisors_to_accept() -> None:
    told = a_doubted_order().accept()
    assert told.order().wish == "ACCEPTED"


# ---- no amount was stated --------------------------------------------------------------------


def test_a_success_without_an_amount_is_paid_and_the_amount_is_read() -> None:
    told = from_here(Lane().start().sent())
    told.pay(paid(amount=None)).printed().wait(0).check(details(120))
    told.told("""
        0.0  PayAnswered A 0000
             = PaymentConfirmed A unverified
             = PrintStarted A 0
             ! PrintReceipt A 0
        0.0  PrintSucceeded A 0 proved
             = PrintFinished A 0 proved
        0.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        0.0  CheckAnswered A 1 0000
             = CheckReported A 1 complete 0000
             = AmountVerified A
             = OrderSettled A
    """)
    assert told.order().attention == frozenset()


def test_an_amount_that_nobody_states_is_asked_for_four_times() -> None:
    told = Lane().start().sent().pay(paid(amount=None)).printed()
    told.wait_answering(HOUR, KNOWN_TO_DETAILS)
    assert len(told.of(SendCheck)) == 4
    assert told.order().settled
    assert told.order().attention == {Attention.UNVERIFIED_AMOUNT}


def test_details_state_another_amount_than_the_success_that_stated_none() -> None:
    told = Lane().start().sent().pay(paid(amount=None)).printed()
    from_here(told).wait_answering(HOUR, details(121)).refund()
    told.told("""
                ... 3600 s, 1 checks, 0000: CheckSent, CheckReported, MismatchProved
        3600.0  ReversalRequested A
                = ReversalSent A 1 refund a reason
                ! SendReversal A 1 refund
    """)
    assert [sent.amount_minor for sent in told.of(ReversalSent)] == [121]


def test_what_is_given_up_goes_back_once_its_amount_is_known() -> None:
    told = from_here(Lane().start().sent().abandon())
    told.pay(paid(amount=None)).wait(0).check(details(121))
    told.told("""
        0.0  PayAnswered A 0000
             = PaymentConfirmed A late unverified
        0.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        0.0  CheckAnswered A 1 0000
             = CheckReported A 1 mismatch 0000
             = MismatchProved A
             = ReversalSent A 1 refund abandoned: paid_otherwise
             ! SendReversal A 1 refund
    """)
    assert [sent.amount_minor for sent in told.of(ReversalSent)] == [121]


def given_back_unread() -> Lane:
    """A success that stated no amount was refunded before the details were read."""
    told = Lane().start().sent().pay(paid(amount=None)).printed()
    return from_here(told.refund().reversed(refunded()))


def test_what_is_left_of_a_refund_of_the_asked_amount_is_in_sight() -> None:
    told = given_back_unread()
    told.wait(0).check(details(121, ("99", 120)))
    told.told("""
        0.0  TimePassed
             = CheckSent A 1 details
             ! SendCheck A 1 details
        0.0  CheckAnswered A 1 0000
             = CheckReported A 1 mismatch 0000
             = AttentionRaised A conflict LINE Pay took 121, asked was 120
    """)
    assert told.verdict() == "REFUNDED"
    told.wait_answering(60, details(121, ("99", 120)))
    assert len(told.of(AttentionRaised)) == 1
    assert told.order().settled


def test_a_refund_of_what_was_taken_is_settled_once_the_amount_is_read() -> None:
    told = given_back_unread()
    assert not told.order().settled
    told.wait(0).check(details(120, ("99", 120)))
    assert (told.order().attention, told.order().settled) == (frozenset(), True)


def test_a_refund_whose_amount_nobody_states_is_settled_after_four_questions() -> None:
    told = given_back_unread().wait_answering(HOUR, None)
    assert len(told.of(SendCheck)) == 4
    assert told.order().settled


def test_an_older_answer_that_contradicts_what_was_given_back_is_flagged() -> None:
    told = given_back_unread().wait(0).check(complete(999), number=7)
    assert Attention.CONFLICT in told.order().attention


@pytest.mark.parametrize("answer", [None, ABSENT, said(Proof.UNCERTAIN, "9000")])
def test_no_word_about_the_amount_changes_nothing(answer) -> None:
    told = Lane().start().sent().pay(paid(amount=None)).printed()
    told.wait_answering(HOUR, answer)
    assert told.verdict() == "PAID"


def test_an_older_check_that_contradicts_what_is_paid_is_flagged() -> None:
    told = Lane().start().sent().wait(15).pay(paid()).printed()
    told.check(COMPLETE)
    assert told.order().attention == frozenset()
    told.check(complete(50))
    assert told.order().attention == {Attention.CONFLICT}
    assert told.verdict() == "PAID"
