"""Judging an answer against what was asked, and lists as LINE Pay should not give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import DECIMALS, MAX_MINOR
from posd.linepay import (
    Answer,
    Contradicted,
    Money,
    PaymentStatus,
    PayStatus,
    TransactionType,
    contradictions,
    money,
)
from posd.linepay.dialects import refund_body
from posd.linepay.members import NotAnAnswer
from posd.linepay.reading import parse_answer, parse_payments, parse_refund

from .samples import BOOKED, DETAILS, PAID_INFO, REFUND_LIST, envelope, exact


def answer(**changes: Any) -> Answer:
    return parse_answer(envelope(PAID_INFO | changes))


def test_an_answer_to_what_was_asked_agrees_and_one_that_states_nothing_too() -> None:
    for stated in (answer(), answer(orderId=None, payInfo=None, currency=None)):
        agreed = stated.or_raise().agreeing(order_id="O-1", amount=Money(100, "TWD"))
        assert agreed is stated


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"orderId": "O-2"}, ("order_id",)),
        ({"orderId": ""}, ("order_id",)),
        ({"payInfo": [{"method": "BALANCE", "amount": 99}]}, ("amount",)),
        ({"payInfo": [{"method": "BALANCE", "amount": "100.01"}]}, ("amount",)),
        ({"currency": "THB"}, ("currency",)),
        ({"currency": "twd", "orderId": "o-1"}, ("order_id", "currency")),
    ],
)
def test_success_of_something_else_is_named(
    changes: dict[str, Any], fields: tuple[str, ...]
) -> None:
    stated = answer(**changes)
    with pytest.raises(Contradicted, match=fields[0]) as caught:
        stated.agreeing(order_id="O-1", amount=Money(100, "TWD"))
    assert caught.value.fields == fields


def test_details_are_judged_the_same_way() -> None:
    (found,) = parse_payments(envelope([DETAILS])).content
    assert contradictions(found, order_id="O-1", amount=Money(100, "TWD")) == ()
    assert contradictions(found, order_id="O-1", amount=Money(101, "TWD")) == ("amount",)


def test_known_values_compare_with_what_came_and_unknown_ones_are_kept() -> None:
    assert answer(status="COMPLETE").status == PaymentStatus.COMPLETE
    assert answer(status="REFUNDED").status == "REFUNDED"
    found = parse_payments(envelope([BOOKED, BOOKED | {"payStatus": "NEW"}])).content
    assert found[0].pay_status == PayStatus.CAPTURE
    assert found[0].transaction_type == TransactionType.PAYMENT
    assert found[1].pay_status == "NEW"


@pytest.mark.parametrize("amount", [-30, 30, "-30", -30.0])
def test_a_refund_is_positive_whatever_its_sign_on_the_wire(amount: object) -> None:
    entries = [REFUND_LIST[0] | {"refundAmount": amount}]
    (found,) = parse_payments(envelope([DETAILS | {"refundList": entries}])).content
    assert found.refunds[0].amount == Decimal(30)


@pytest.mark.parametrize(
    "reference",
    [None, 5, [], {}, {"affiliateCards": 5}, {"affiliateCards": [5]}],
)
def test_an_odd_merchant_reference_spoils_no_payment(reference: object) -> None:
    assert answer(merchantReference=reference).affiliate_cards == ()


def test_an_affiliate_card_of_odd_members_is_empty() -> None:
    (card,) = answer(merchantReference={"affiliateCards": [{"cardId": 5}]}).affiliate_cards
    assert (card.card_type, card.card_id) == ("", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"orderId": []},
        {"transactionId": 1.5},
        {"originalTransactionId": {}},
        {"currency": 5},
        {"payStatus": 5},
        {"transactionType": []},
        {"payInfo": {"amount": 1}},
        {"payInfo": [{"method": "BALANCE"}]},
        {"refundList": {"refundAmount": -30}},
        {"refundList": [5]},
        {"refundList": [{}]},
        {"refundList": [{"refundAmount": "NaN"}]},
        {"refundList": [{"refundAmount": -30, "refundTransactionId": True}]},
        {"refundList": [{"refundAmount": -30, "transactionType": 1}]},
    ],
)
def test_a_list_with_one_member_of_another_type_is_no_answer(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAnAnswer) as caught:
        parse_payments(envelope([DETAILS, DETAILS | changes]))
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("info", [{}, {"orderId": "O-1"}, "x", [1], 5])
def test_a_list_that_is_none_is_no_answer(info: object) -> None:
    if info == {}:
        assert parse_payments(envelope(info)).content == ()
        return
    with pytest.raises(NotAnAnswer):
        parse_payments(envelope(info))


def test_a_refund_id_of_another_type_is_no_answer() -> None:
    with pytest.raises(NotAnAnswer):
        parse_refund(envelope({"refundTransactionId": 1.5}))


@given(st.integers(1, MAX_MINOR), st.sampled_from(sorted(DECIMALS)))
def test_an_amount_comes_back_from_the_wire_to_the_last_unit(minor: int, currency: str) -> None:
    asked = Money(minor, currency)
    sent = exact(refund_body(asked))["refundAmount"]
    stated = envelope([DETAILS]).replace(b"-20.5", f"-{sent}".encode())
    (found,) = parse_payments(stated).content
    assert money(found.refunds[1].amount, currency) == asked


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.5", "TWD"), ("0.005", "THB"), ("1", "JPY"), ("NaN", "USD"), ("Infinity", "USD")],
)
def test_an_amount_that_is_no_whole_unit_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="whole minor units"):
        money(Decimal(amount), currency)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(DETAILS)), _JSON)
def test_details_with_any_member_of_any_kind_are_an_answer_or_none(name: str, value: Any) -> None:
    try:
        reply = parse_payments(envelope([DETAILS | {name: value}]))
    except NotAnAnswer as error:
        assert error.reason in {"not_json", "malformed"}
    else:
        (found,) = reply.content
        assert all(refund.amount >= 0 for refund in found.refunds)


@given(st.text(st.characters(categories=["Nd"], max_codepoint=57), min_size=1, max_size=400))
def test_a_transaction_id_of_any_length_stays_the_text_it_was(identifier: str) -> None:
    stated = envelope([DETAILS]).replace(b'"2026112412345678903"', f'"{identifier}"'.encode())
    assert parse_payments(stated).content[0].refunds[1].transaction_id == identifier
