"""From a paid order to its document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.values import Barcode, Columns, QrCode, ReceiptDocument, Text
from posd.core.money import Money
from posd.core.order import MoneyState
from posd.core.receipt import local_time, receipt
from posd.core.records import PaidAs, SoldItem
from posd.core.rules import ReceiptRules
from tests.core import lanes, orders

SHOP = ReceiptRules(
    words={
        "receipt.sale": "SALE",
        "receipt.copy": "COPY {number}",
        "receipt.test": "TEST - NOT VALID",
        "receipt.tax_id": "Tax ID",
        "receipt.total": "TOTAL",
        "receipt.paid_with": "Paid with",
        "receipt.balance": "Balance",
        "receipt.card": "Card",
        "receipt.date": "Date",
        "receipt.lane": "Lane",
        "receipt.cashier": "Cashier",
        "receipt.order": "Order",
        "receipt.transaction": "Transaction",
        "receipt.reference": "Reference",
        "receipt.not_tax_invoice": "This is not a tax invoice",
    },
    store_name="Pineapple Tea",
    branch="Main Street",
    address="1 Main Street",
    tax_id="12345678",
    header=("since 1952", ""),
    footer=("Thank you", ""),
    utc_offset_minutes=480,
    zone="UTC+8",
)
RULES = replace(lanes.RULES, receipt=SHOP)
PAID = orders.money(
    MoneyState.CONFIRMED,
    items=(SoldItem("Tea", 2, 50), SoldItem("Cake", 1, 20)),
    masked_card="************1234",
)


def told(document: ReceiptDocument) -> list[str]:
    """One line an element."""
    lines = []
    for element in document.elements:
        match element:
            case Text(text=text):
                lines.append(text)
            case Columns(left=left, right=right):
                lines.append(f"{left} | {right}")
            case QrCode(data=data) | Barcode(data=data):
                lines.append(f"{type(element).__name__} {data}")
            case _:
                lines.append(type(element).__name__)
    return lines


def test_a_receipt_from_top_to_bottom() -> None:
    assert told(receipt(PAID, RULES, copy=0)) == [
        "Pineapple Tea",
        "since 1952",
        "Main Street",
        "1 Main Street",
        "Tax ID 12345678",
        "Blank",
        "SALE",
        "Rule",
        "Date | 2025-11-25 00:00:02 UTC+8",
        "Lane | l1",
        "Cashier | Lin",
        "Order | ",
        "A",
        "Transaction | 2026112400000000001",
        "Reference | till-A",
        "Rule",
        "Tea x2 | 100",
        "Cake | 20",
        "Rule",
        "TOTAL | 120 TWD",
        "Paid with",
        "Balance | 120 TWD",
        "Card | ************1234",
        "Rule",
        "QrCode A",
        "Barcode R000001",
        "Thank you",
        "This is not a tax invoice",
    ]


def test_a_shop_without_particulars_and_an_order_without_any_print_what_is_left() -> None:
    bare = replace(
        PAID, items=(), cashier="", reference="", transaction_id="", parts=(), masked_card=""
    )
    assert told(receipt(bare, lanes.RULES, copy=0)) == [
        "Blank",
        "sale",
        "Rule",
        "date | 2025-11-24 16:00:02 UTC",
        "lane | l1",
        "order | ",
        "A",
        "Rule",
        "total | 120 TWD",
        "paid_with",
        "Rule",
        "QrCode A",
        "Barcode R000001",
        "not_tax_invoice",
    ]


def test_a_copy_carries_its_number_and_an_original_none() -> None:
    original, copy = receipt(PAID, RULES, copy=0), receipt(PAID, RULES, copy=3)
    assert set(copy.elements) - set(original.elements) == {
        element for element in copy.elements if getattr(element, "text", "") == "COPY 3"
    }
    assert len(copy.elements) == len(original.elements) + 1


def test_a_test_lane_says_so_on_paper() -> None:
    assert "TEST - NOT VALID" in told(receipt(PAID, replace(RULES, test=True), copy=0))
    assert "TEST - NOT VALID" not in told(receipt(PAID, RULES, copy=0))


def test_the_document_carries_the_language() -> None:
    thai = replace(RULES, receipt=replace(SHOP, language="th"))
    assert receipt(PAID, thai, copy=0).language == "th"


def test_each_means_of_payment_is_told_and_an_unknown_one_by_its_own_name() -> None:
    mixed = replace(PAID, parts=(PaidAs("POINT", 20), PaidAs("BALANCE", 100)))
    lines = told(receipt(mixed, RULES, copy=0))
    assert "point | 20 TWD" in lines
    assert "Balance | 100 TWD" in lines


def test_amounts_have_the_decimals_of_their_currency() -> None:
    baht = replace(PAID, amount=Money(4950, "THB"), captured_minor=4950, parts=())
    baht = replace(baht, items=(SoldItem("Tea", 3, 1650),))
    lines = told(receipt(baht, RULES, copy=0))
    assert "Tea x3 | 49.50" in lines
    assert "TOTAL | 49.50 THB" in lines


@pytest.mark.parametrize(
    ("year", "expected"),
    [("gregorian", "2025"), ("roc", "114"), ("buddhist", "2568")],
)
def test_the_year_is_the_shops_own(year: str, expected: str) -> None:
    shop = replace(SHOP, year=year)
    assert local_time(lanes.WALL_MS, shop) == f"{expected}-11-25 00:00:00 UTC+8"


def test_a_leap_day_is_a_day_in_every_calendar() -> None:
    assert local_time(1_709_164_800_000, replace(SHOP, year="roc")) == "113-02-29 08:00:00 UTC+8"


@given(st.integers(0, 4_000_000_000_000), st.integers(-720, 840))
def test_a_label_shows_the_second_and_not_the_next_one(wall_ms: int, offset: int) -> None:
    shop = replace(SHOP, utc_offset_minutes=offset)
    assert int(local_time(wall_ms, shop)[17:19]) == wall_ms // 1000 % 60


def test_no_receipt_knows_the_fingerprint_of_a_key() -> None:
    order = replace(PAID, fingerprint="f1f2f3f4")
    assert "f1f2f3f4" not in str(receipt(order, RULES, copy=1))


def test_a_long_reference_does_not_break_the_line() -> None:
    order = replace(PAID, reference="x" * 200)
    assert "Reference | " + "x" * 24 in told(receipt(order, RULES, copy=0))
