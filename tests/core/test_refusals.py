"""What a code means as the answer to a refund, whatever else is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core.errors import Contradiction, NotAllowed
from posd.core.evidence import Proof
from posd.core.records import AttentionRaised
from posd.core.reversal_records import RefundOwed, ReversalSent, ReversalUnknown
from tests.core import orders
from tests.core.beginnings import a_paid_order
from tests.core.lanes import Lane, details, refunded, said

PROOFS = (Proof.NO_MONEY_MOVED, Proof.UNCERTAIN)
FOR_NOW, FOR_A_PERSON = ("2042", "1105"), ("1163", "1179")


def refused(code: str, proof: Proof, amount: int | None = None) -> Lane:
    return a_paid_order().refund(amount).reversed(said(proof, code))


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("code", FOR_NOW)
def test_a_refusal_for_now_is_owed_and_tried_again_by_the_machine(code: str, proof: Proof) -> None:
    assert [owed.for_person for owed in refused(code, proof).of(RefundOwed)] == [False]


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("code", FOR_A_PERSON)
def test_a_refusal_for_good_is_owed_and_goes_to_a_person(code: str, proof: Proof) -> None:
    assert [owed.for_person for owed in refused(code, proof).of(RefundOwed)] == [True]


@pytest.mark.parametrize("code", [*FOR_NOW, *FOR_A_PERSON])
def test_a_part_that_is_refused_goes_to_a_person_whatever_the_code_and_its_proof(code: str) -> None:
    told = refused(code, Proof.UNCERTAIN, 20)
    assert [owed.for_person for owed in told.of(RefundOwed)] == [True]


@pytest.mark.parametrize("code", ["1164", "1165"])
def test_a_part_of_which_too_much_was_given_back_is_read_before_anybody_is_told(code: str) -> None:
    """Our books and LINE Pay's differ: what a read shows decides, and a person if it shows none."""
    told = refused(code, Proof.UNCERTAIN, 20).wait(0)
    assert told.of(RefundOwed) == []
    assert len(told.of(ReversalUnknown)) == 1
    told.check(details())
    assert [(owed.code, owed.for_person) for owed in told.of(RefundOwed)] == [(code, True)]


@pytest.mark.parametrize("code", ["9000", "1199", "new"])
def test_any_other_code_is_doubt_and_the_rest_is_read(code: str) -> None:
    told = refused(code, Proof.UNCERTAIN).wait_answering(50, details())
    assert told.of(RefundOwed) == []
    assert [(unknown.because, unknown.code) for unknown in told.of(ReversalUnknown)] == [
        ("answer", code)
    ]
    assert told.order().money == "REVERSAL_UNKNOWN"


@pytest.mark.parametrize(("early_ns", "sent"), [(1, 1), (0, 2)])
def test_a_full_refund_goes_again_after_a_read_that_was_sent_a_minute_after_it(
    early_ns: int, sent: int
) -> None:
    told = a_paid_order().refund().reversal_lost().after(60)
    told.now_ns -= early_ns
    told.time_passes().check(details())
    assert len(told.of(ReversalSent)) == sent


@pytest.mark.parametrize("report", ["ReversalAnswered", "ReversalNotSent", "ReversalUnanswered"])
def test_a_report_of_another_reversal_is_for_a_person_and_changes_nothing(report: str) -> None:
    told = a_paid_order().refund(20).reversed(refunded("r1")).refund(30)
    told.happens(replace(orders.EVENTS[report], number=1))
    assert told.order().money == "REVERSING"
    assert f"{report} of reversal 1 while 2 is out" in told.of(AttentionRaised)[0].what


def test_the_words_of_a_refusal_name_its_code_and_its_details() -> None:
    assert str(NotAllowed("not_paid")) == "not_paid"
    assert str(NotAllowed("not_paid", order_id="A")) == "not_paid {'order_id': 'A'}"
    assert str(Contradiction("A", "what")) == "order A: what"
