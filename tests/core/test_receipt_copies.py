"""A reprint is the original with its mark, whatever was sold and whatever the template."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from devices.values import Align, Columns, ReceiptDocument, Text
from posd.core.money import DECIMALS, Money
from posd.core.order import MoneyState
from posd.core.receipt import merchant_copy, receipt
from posd.core.receipt_values import values
from posd.core.records import PaidAs, SoldItem
from posd.core.rules import ReceiptRules
from posd.core.template.parsing import parse
from posd.core.template.vocabulary import SALE, SLIP
from tests.core import lanes, orders

PAID = orders.money(MoneyState.CONFIRMED)
WORDS = {"receipt.copy": "<COPY {number}>", "receipt.merchant_copy": "<MERCHANT>"}
SHORT = parse("[copy]\n[test]\n[each item]\n{item.name} | {item.sum}\n[end]\n{total}", SALE)
ANYTHING = st.text(max_size=20).filter(lambda text: "<" not in text)
AMOUNTS = st.integers(0, 10**9)

ORDERS = st.builds(
    lambda currency, minor, **changes: replace(PAID, amount=Money(minor, currency), **changes),
    currency=st.sampled_from(sorted(DECIMALS)),
    minor=AMOUNTS,
    order_id=ANYTHING,
    receipt_number=ANYTHING,
    reference=ANYTHING,
    cashier=ANYTHING,
    transaction_id=ANYTHING,
    masked_card=ANYTHING,
    captured_minor=AMOUNTS,
    confirmed_ms=st.integers(0, 4 * 10**12),
    items=st.lists(st.builds(SoldItem, ANYTHING, st.integers(1, 99), AMOUNTS), max_size=3).map(
        tuple
    ),
    parts=st.lists(st.builds(PaidAs, ANYTHING, AMOUNTS), max_size=3).map(tuple),
)
LINES = st.lists(ANYTHING, max_size=2).map(tuple)
RULES = st.builds(
    lambda test, **shop: replace(lanes.RULES, test=test, receipt=ReceiptRules(**shop)),
    test=st.booleans(),
    store_name=ANYTHING,
    branch=ANYTHING,
    tax_id=ANYTHING,
    header=LINES,
    footer=LINES,
    tax_rate_hundredths=st.integers(0, 9999),
    template=st.sampled_from([ReceiptRules().template, SHORT]),
    words=st.just(WORDS),
)


def without(document: ReceiptDocument, *marks: str) -> ReceiptDocument:
    lines = [Text(mark, Align.CENTER, double=True) for mark in marks]
    assert [element for element in document.elements if element in lines] == lines
    kept = tuple(element for element in document.elements if element not in lines)
    return replace(document, elements=kept)


@settings(max_examples=50)
@given(ORDERS, RULES, st.integers(1, 999))
def test_copy_n_without_its_mark_is_the_original(order, rules, number: int) -> None:
    copy = receipt(order, rules, copy=number)
    assert without(copy, f"<COPY {number}>") == receipt(order, rules, copy=0)


@settings(max_examples=50)
@given(ORDERS, RULES, st.integers(1, 999))
def test_the_merchants_sheet_is_a_copy_that_says_whose_it_is(order, rules, number: int) -> None:
    sheet = merchant_copy(order, rules, copy=number)
    assert without(sheet, f"<COPY {number}>", "<MERCHANT>") == receipt(order, rules, copy=0)


@settings(max_examples=50)
@given(ORDERS, RULES)
def test_every_placeholder_of_the_vocabulary_has_a_value_and_no_other(order, rules) -> None:
    said = values(order, rules, at_ms=0, copy=0)
    assert set(said.texts) == {*SALE.names, *SLIP.names}
    assert set(said.lists) == set(SALE.blocks)
    for name, entries in said.lists.items():
        assert {key for entry in entries for key in entry} in (set(), set(SALE.blocks[name]))


@given(AMOUNTS, st.integers(1, 9999))
def test_the_tax_is_what_the_total_contains_to_the_nearest_unit(minor: int, rate: int) -> None:
    rules = replace(lanes.RULES, receipt=ReceiptRules(tax_rate_hundredths=rate))
    order = replace(PAID, amount=Money(minor, "TWD"), captured_minor=0)
    said = values(order, rules, at_ms=0, copy=0)
    tax = int(said.texts["tax"].removesuffix(" TWD"))
    # twice the exact tax, minor * rate / (10000 + rate), is within one of twice the told one
    assert abs(2 * tax * (10_000 + rate) - 2 * minor * rate) <= 10_000 + rate
    assert said.texts["tax_rate"] == f"{rate / 100:.2f}".rstrip("0").rstrip(".") + "%"


def test_a_half_of_a_unit_of_tax_is_rounded_upwards() -> None:
    rules = replace(lanes.RULES, receipt=ReceiptRules(tax_rate_hundredths=10_000))
    order = replace(PAID, amount=Money(7, "TWD"), captured_minor=0)
    assert values(order, rules, at_ms=0, copy=0).texts["tax"] == "4 TWD"


def test_the_tax_stands_below_the_total() -> None:
    rules = replace(lanes.RULES, receipt=ReceiptRules(tax_rate_hundredths=725))
    printed = receipt(PAID, rules, copy=0).elements
    at = printed.index(Columns("total", "120 TWD", bold=True, double=True))
    assert printed[at + 1] == Columns("tax_included 7.25%", "8 TWD")


def test_a_shop_without_a_rate_says_nothing_of_taxes() -> None:
    said = values(PAID, lanes.RULES, at_ms=0, copy=0)
    assert (said.texts["tax"], said.texts["tax_rate"]) == ("", "")
