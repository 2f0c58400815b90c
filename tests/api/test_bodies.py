"""What POST /v1/sales takes, and how it says no."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.api.problems import Problem
from posd.api.schema import read_sale
from posd.core.money import Money

GOOD = {"reference": "basket-1", "amount": "120", "currency": "TWD"}


def read(body: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_sale(data, currency="TWD", idempotency_key="key")


def refusal(body: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        read(body)
    return caught.value


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0", "TWD"),
        ("-1", "TWD"),
        ("+1", "TWD"),
        ("1e3", "TWD"),
        ("1,000", "TWD"),
        (" 1", "TWD"),
        ("12.5", "TWD"),
        ("0.001", "THB"),
        ("9999999999999", "TWD"),
        ("NaN", "TWD"),
        ("١٢", "TWD"),
    ],
)
def test_an_amount_that_cannot_be_charged_is_named(amount: str, currency: str) -> None:
    problem = refusal({**GOOD, "amount": amount, "currency": currency})
    assert (problem.status, problem.code) == (422, "amount")
    assert 'such as "120"' in problem.detail


@pytest.mark.parametrize("amount", [120, 120.0, None, True, ["120"]])
def test_an_amount_that_is_no_string_is_refused(amount: object) -> None:
    problem = refusal({**GOOD, "amount": amount})
    assert (problem.status, problem.code) == (422, "amount")
    assert "string" in problem.detail


def test_an_unknown_member_is_refused_with_its_neighbour() -> None:
    problem = refusal({**GOOD, "refrence": "x"})
    assert (problem.status, problem.code) == (422, "unknown_member")
    assert "did you mean reference?" in problem.detail


def test_an_unknown_member_of_an_item_is_refused_with_its_place() -> None:
    problem = refusal({**GOOD, "items": [{"name": "tea", "prise": "1"}]})
    assert problem.detail == "items[0].prise is not known; did you mean price?"


def test_a_missing_member_is_named() -> None:
    problem = refusal({"amount": "1"})
    assert (problem.status, problem.code) == (422, "missing_member")
    assert "reference" in problem.detail


@pytest.mark.parametrize(
    "change",
    [
        {"reference": ""},
        {"reference": "x" * 101},
        {"reference": 5},
        {"another_customer": "yes"},
        {"another_customer": 1},
        {"items": "tea"},
        {"items": [{"name": "tea", "price": "1", "quantity": 0}]},
        {"items": [{"name": "tea", "price": "1", "quantity": True}]},
        {"items": [{"name": "tea", "price": "1"}] * 201},
        {"cashier": "Mei\x1b@"},
        {"reference": "two\nlines"},
        {"items": [{"name": "te\x00a", "price": "1"}]},
    ],
)
def test_a_member_of_a_wrong_type_or_size_is_refused(change: dict[str, Any]) -> None:
    problem = refusal({**GOOD, **change})
    assert (problem.status, problem.code) == (422, "wrong_member")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"\xff":1}', b"[" * 60_000, b'{"a":1}x']
)
def test_a_body_that_is_no_json_object_is_400(body: bytes) -> None:
    problem = refusal(body)
    assert (problem.status, problem.code) == (400, "bad_json")


def test_a_currency_that_no_lane_takes_is_named() -> None:
    problem = refusal({**GOOD, "currency": "EUR"})
    assert (problem.status, problem.code) == (422, "currency")


def test_an_item_price_is_read_in_the_currency_of_the_sale() -> None:
    problem = refusal({**GOOD, "items": [{"name": "tea", "price": "1.5"}]})
    assert problem.code == "amount"
    assert problem.detail.startswith("items[0].price: ")


@given(st.integers(min_value=1, max_value=10**12))
def test_every_amount_is_read_to_the_minor_unit(minor: int) -> None:
    money = Money(minor, "THB")
    ask = read({**GOOD, "amount": money.text, "currency": "THB"})
    assert ask.amount == money


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise_than_with_a_problem(body: bytes) -> None:
    assert refusal(body).status in (400, 422)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "items", "cashier", "another_customer"]), _JSON))
def test_no_json_makes_it_fail_otherwise_than_with_a_problem(body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    try:
        ask = read(data)
    except Problem as problem:
        assert problem.status in (400, 422)
    else:
        assert ask.amount.minor > 0
