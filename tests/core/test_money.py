"""Money: whole minor units, read and written without loss."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import DECIMALS, MAX_MINOR, BadAmount, Money, parse_money, to_minor

CURRENCIES = st.sampled_from(sorted(DECIMALS))
AMOUNTS = st.builds(Money, st.integers(1, MAX_MINOR), CURRENCIES)


@given(AMOUNTS)
def test_what_is_written_reads_back_as_the_same(amount: Money) -> None:
    assert parse_money(amount.text, amount.currency) == amount


@given(AMOUNTS)
def test_decimals_go_to_minor_units_and_back_without_loss(amount: Money) -> None:
    assert to_minor(amount.decimal, amount.currency) == amount.minor


@given(AMOUNTS)
def test_text_has_exactly_the_decimals_of_its_currency(amount: Money) -> None:
    whole, _, fraction = amount.text.partition(".")
    assert whole.isdigit()
    assert len(fraction) == DECIMALS[amount.currency]
    assert str(amount) == f"{amount.text} {amount.currency}"


@given(st.text(max_size=30), CURRENCIES)
def test_any_text_is_an_amount_or_a_sentence_about_why_not(text: str, currency: str) -> None:
    try:
        amount = parse_money(text, currency)
    except BadAmount as why:
        assert len(str(why)) > 20
    else:
        assert amount.decimal == Decimal(text)
        assert 0 < amount.minor <= MAX_MINOR


@given(st.from_regex(r"\A[0-9]{1,15}(\.[0-9]{1,9})?\Z"), CURRENCIES)
def test_plain_decimals_are_taken_exactly_or_not_at_all(text: str, currency: str) -> None:
    exact = Decimal(text) * 10 ** DECIMALS[currency]
    fits = exact == int(exact) and 0 < exact <= MAX_MINOR and Decimal(text) <= MAX_MINOR
    if fits:
        assert parse_money(text, currency).minor == exact
    else:
        with pytest.raises(BadAmount):
            parse_money(text, currency)


@given(st.decimals(allow_nan=True, allow_infinity=True, places=3), CURRENCIES)
def test_minor_units_are_exact_or_none(amount: Decimal, currency: str) -> None:
    minor = to_minor(amount, currency)
    if minor is not None:
        assert Decimal(minor).scaleb(-DECIMALS[currency]) == amount


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1e3", "1,000", " 1", "1 ", ".5", "1.", "٣", "1_0"]
)
def test_what_a_till_should_not_write_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadAmount, match="plain positive decimal"):
        parse_money(text, "TWD")


def test_taiwan_dollars_take_no_decimals_but_zeros() -> None:
    assert parse_money("100.00", "TWD") == Money(100, "TWD")
    with pytest.raises(BadAmount, match="TWD takes 0 decimals, not '100.5'"):
        parse_money("100.5", "TWD")


@pytest.mark.parametrize("text", ["0", "0.00", str(MAX_MINOR)])
def test_amounts_out_of_bounds_are_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        parse_money(text, "THB")


def test_an_unknown_currency_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BadAmount, match="'EUR' is not one of TWD, THB, USD"):
        parse_money("1", "EUR")


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+99", "1E-99"])
def test_numbers_that_are_no_amounts_have_no_minor_units(text: str) -> None:
    assert to_minor(Decimal(text), "THB") is None


def test_a_hair_more_than_the_amount_is_not_the_amount() -> None:
    assert to_minor(Decimal("100.00000000000000000000000000001"), "TWD") is None
    assert to_minor(Decimal("-0.01"), "THB") == -1


def test_an_amount_beyond_all_baskets_is_told_with_the_most_that_is_taken() -> None:
    with pytest.raises(BadAmount, match=r"at most 10000000000\.00 THB"):
        parse_money("99999999999999", "THB")
