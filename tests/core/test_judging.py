"""What an answer of LINE Pay means for one order."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.evidence import PaidPart, Proof
from posd.core.judging import Finding, confirmed, judge_check, mismatch
from posd.core.money import Money
from posd.core.order import Attention, Checks, MoneyState
from tests.core import lanes, orders

UNSURE = orders.money(MoneyState.UNKNOWN)
DETAILS = orders.money(MoneyState.UNKNOWN, checks=Checks(number=7, operation="details"))
DOUBTED = orders.money(MoneyState.UNKNOWN, attention=frozenset({Attention.MISMATCH}))


@pytest.mark.parametrize(
    ("evidence", "finding"),
    [
        (lanes.COMPLETE, Finding.COMPLETE),
        (lanes.complete(None), Finding.COMPLETE),
        (lanes.complete(121), Finding.MISMATCH),
        (lanes.complete(120, "Z"), Finding.MISMATCH),
        (lanes.status("COMPLETE", currency="THB"), Finding.MISMATCH),
        (lanes.AUTH_READY, Finding.WAITING),
        (lanes.CANCEL, Finding.CANCELLED),
        (lanes.FAIL, Finding.FAILED),
        (lanes.status("REFUND"), Finding.UNCLEAR),
        (lanes.status("complete"), Finding.UNCLEAR),
        (lanes.said(Proof.SUCCESS, "0000"), Finding.UNCLEAR),
        (lanes.ABSENT, Finding.ABSENT),
        (lanes.UNCLEAR, Finding.UNCLEAR),
        (lanes.WRONG_SECRET_AGAIN, Finding.ACCOUNT),
        (lanes.said(Proof.UNCERTAIN, "1104"), Finding.ACCOUNT),
        (lanes.said(Proof.UNCERTAIN, "1105"), Finding.UNCLEAR),
        (lanes.DECLINED, Finding.UNCLEAR),
    ],
)
def test_each_answer_to_a_check_has_one_finding(evidence, finding: Finding) -> None:
    assert judge_check(UNSURE, evidence, 0) is finding


@pytest.mark.parametrize(
    ("evidence", "finding"),
    [
        (lanes.KNOWN_TO_DETAILS, Finding.FOUND),
        (lanes.COMPLETE, Finding.FOUND),
        (lanes.ABSENT, Finding.ABSENT),
        (lanes.UNCLEAR, Finding.UNCLEAR),
    ],
)
def test_details_only_say_whether_the_order_is_known(evidence, finding: Finding) -> None:
    assert judge_check(DETAILS, evidence, 7) is finding


def test_an_answer_to_an_older_question_is_read_as_one_to_a_check() -> None:
    assert judge_check(DETAILS, lanes.COMPLETE, 6) is Finding.COMPLETE


def test_no_code_that_declines_pay_is_an_answer_to_a_check() -> None:
    for proof, code in product([Proof.NO_MONEY_MOVED, Proof.UNCERTAIN], ["1101", "1142", "1133"]):
        assert judge_check(UNSURE, lanes.said(proof, code), 0) is Finding.UNCLEAR


def test_what_is_left_out_contradicts_nothing() -> None:
    assert mismatch(UNSURE, lanes.said(Proof.SUCCESS, "0000")) is None


def test_after_a_contradiction_only_a_stated_amount_makes_it_good_again() -> None:
    assert mismatch(DOUBTED, lanes.complete(None)) is not None
    assert mismatch(DOUBTED, lanes.complete(120)) is None


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (lanes.paid("Z"), "for order Z"),
        (lanes.paid(currency="THB"), "in THB"),
        (lanes.paid(amount=121), "took 121, asked was 120"),
        (lanes.paid(amount="120.5"), "took 120.5, asked was 120"),
        (lanes.paid(amount="NaN"), "took NaN"),
        (lanes.paid("Z" * 500), "for order " + "Z" * 100),
    ],
)
def test_a_contradiction_is_a_sentence_of_bounded_length(evidence, words: str) -> None:
    what = mismatch(UNSURE, evidence)
    assert what is not None
    assert words in what
    assert len(what) < 140


@given(st.lists(st.integers(0, 300), min_size=1, max_size=4))
def test_exactly_the_asked_sum_is_believed(parts: list[int]) -> None:
    evidence = lanes.paid(parts=tuple(PaidPart("BALANCE", Decimal(part)) for part in parts))
    order = orders.money(MoneyState.UNKNOWN, amount=Money(300, "TWD"))
    assert (mismatch(order, evidence) is None) == (sum(parts) == 300)


def test_a_part_too_fine_for_the_currency_leaves_the_parts_out() -> None:
    halves = (PaidPart("POINT", Decimal("0.5")), PaidPart("BALANCE", Decimal("119.5")))
    record = confirmed(UNSURE, lanes.paid(parts=halves), orders.AT, "pay", False)
    assert record.parts == ()
    assert record.verified


def test_a_confirmation_keeps_what_was_said_and_leaves_empty_what_was_not() -> None:
    record = confirmed(UNSURE, lanes.said(Proof.SUCCESS, "0000"), orders.AT, "check", True)
    assert (record.transaction_id, record.transaction_date, record.masked_card) == ("", "", "")
    assert (record.verified, record.late, record.found_by) == (False, True, "check")
    long = lanes.paid(parts=(PaidPart("M" * 99, Decimal(120)),), masked_card="************1234")
    record = confirmed(UNSURE, long, orders.AT, "pay", False)
    assert record.parts[0].method == "M" * 32
    assert record.masked_card == "************1234"
