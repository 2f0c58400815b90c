"""What stands out on a receipt, and where it stands."""

from __future__ import annotations

from dataclasses import replace

from devices.values import Align, Columns, Rule, Text
from posd.core.order import MoneyState
from posd.core.receipt import receipt
from posd.core.records import SoldItem
from posd.core.rules import ReceiptRules
from tests.core import lanes, orders

SHOP = ReceiptRules(
    store_name="Pineapple Tea",
    branch="Main Street",
    header=("since 1952",),
    footer=("Thank you",),
    words={"receipt.copy": "COPY {number}"},
)
RULES = replace(lanes.RULES, receipt=SHOP, test=True)
PAID = orders.money(MoneyState.CONFIRMED, items=(SoldItem("Tea", 3, 40),))
PRINTED = receipt(PAID, RULES, copy=2).elements


def test_the_shops_name_its_header_and_the_mark_of_a_test_are_bold() -> None:
    bold = [element.text for element in PRINTED if isinstance(element, Text) and element.bold]
    assert bold == ["Pineapple Tea", "since 1952", "test"]


def test_the_kind_of_paper_and_the_number_of_a_copy_are_of_double_size() -> None:
    double = [element.text for element in PRINTED if isinstance(element, Text) and element.double]
    assert double == ["sale", "COPY 2"]


def test_the_total_alone_is_bold_and_of_double_size_among_the_amounts() -> None:
    amounts = [element for element in PRINTED if isinstance(element, Columns)]
    assert [amount for amount in amounts if amount.bold or amount.double] == [
        Columns("total", "120 TWD", bold=True, double=True)
    ]


def test_the_order_stands_at_the_right_the_words_at_the_left_the_shop_in_the_middle() -> None:
    placed = {element.text: element.align for element in PRINTED if isinstance(element, Text)}
    assert placed["A"] is Align.RIGHT
    assert placed["paid_with"] is Align.LEFT
    assert {placed[text] for text in ("Pineapple Tea", "Main Street", "Thank you", "sale")} == {
        Align.CENTER
    }


def test_a_rule_divides_head_facts_basket_total_and_foot() -> None:
    assert sum(isinstance(element, Rule) for element in PRINTED) == 4


def test_a_line_of_the_basket_is_the_quantity_times_the_price() -> None:
    assert Columns("Tea x3", "120") in PRINTED
