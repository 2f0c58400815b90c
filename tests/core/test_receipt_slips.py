"""Slips: what each kind says of itself, and what it must never be taken for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devices.values import Align, Barcode, Columns, QrCode, ReceiptDocument, Rule, Text
from posd.core.order import MoneyState, Reversal
from posd.core.rules import ReceiptRules
from posd.core.slips import SlipKind, slip
from posd.core.trial_page import BARCODE_DATA, QR_DATA, trial_page
from tests.core import lanes, orders
from tests.core.test_receipt import told

SHOP = ReceiptRules(
    store_name="Pineapple Tea",
    footer=("Thank you",),
    words={"receipt.copy": "COPY {number}", "receipt.test": "TEST - NOT VALID"},
)
RULES = replace(lanes.RULES, receipt=SHOP)
UNSURE = orders.money(MoneyState.UNKNOWN)
BACK = orders.money(MoneyState.REVERSED)
AT_MS = lanes.WALL_MS + 5000
HEADINGS = {
    SlipKind.UNKNOWN: "unknown",
    SlipKind.ACCEPTED: "accepted",
    SlipKind.VOIDED: "voided",
    SlipKind.REFUNDED: "refunded",
    SlipKind.DECLINED: "declined",
}


def paper(kind: SlipKind, **changes: object) -> ReceiptDocument:
    return slip(kind, replace(UNSURE, **changes), RULES, at_ms=AT_MS)  # type: ignore[arg-type]


def test_the_slip_of_an_unknown_result_from_top_to_bottom() -> None:
    assert told(paper(SlipKind.UNKNOWN)) == [
        "Pineapple Tea",
        "Blank",
        "unknown",
        "not_a_receipt",
        "Rule",
        "date | 2025-11-24 16:00:05 UTC",
        "lane | l1",
        "cashier | Lin",
        "order | ",
        "A",
        "reference | till-A",
        "Rule",
        "amount | 120 TWD",
        "Rule",
        "unknown_next",
        "unknown_later",
        "QrCode A",
        "Barcode R000001",
    ]


@pytest.mark.parametrize("kind", SlipKind)
def test_every_kind_says_in_large_letters_what_it_is(kind: SlipKind) -> None:
    large = [e for e in paper(kind).elements if isinstance(e, Text) and e.double]
    assert large == [Text(HEADINGS[kind], Align.CENTER, double=True)]


@pytest.mark.parametrize("kind", [SlipKind.UNKNOWN, SlipKind.ACCEPTED, SlipKind.DECLINED])
def test_what_is_no_proof_of_payment_says_that_it_is_no_receipt(kind: SlipKind) -> None:
    lines = paper(kind).elements
    at = lines.index(Text("not_a_receipt", Align.CENTER, bold=True))
    assert at == lines.index(Text(HEADINGS[kind], Align.CENTER, double=True)) + 1
    assert f"{kind}_next" in told(paper(kind))
    assert not {"total", "paid_with", "sale"} & set(told(paper(kind)))


def test_a_declined_slip_has_nothing_to_scan() -> None:
    assert not [e for e in paper(SlipKind.DECLINED).elements if isinstance(e, QrCode | Barcode)]


@pytest.mark.parametrize("kind", [kind for kind in SlipKind if kind is not SlipKind.DECLINED])
def test_every_other_slip_can_be_scanned_for_its_order(kind: SlipKind) -> None:
    assert {QrCode("A"), Barcode("R000001")} <= set(paper(kind).elements)


def test_a_whole_refund_says_what_was_given_back_and_by_which_number() -> None:
    lines = told(slip(SlipKind.REFUNDED, BACK, RULES, at_ms=AT_MS))
    assert lines[lines.index("Rule", 5) + 1 : -5] == [
        "paid | 120 TWD",
        "given_back | 120 TWD",
        "refund_id | 99",
    ]


def test_a_part_refund_says_what_was_given_back_last_and_what_is_left() -> None:
    part = replace(
        orders.money(MoneyState.CONFIRMED),
        reversal=Reversal(2, "refund", 30, False, (), 0),
        refunded_minor=50,
        refunds=("98", "99"),
    )
    lines = told(slip(SlipKind.REFUNDED, part, RULES, at_ms=AT_MS))
    assert {"paid | 120 TWD", "given_back | 30 TWD", "left | 70 TWD", "refund_id | 99"} <= set(
        lines
    )


def test_a_refund_whose_number_nobody_told_has_no_line_for_it() -> None:
    lines = told(slip(SlipKind.REFUNDED, replace(BACK, refunds=()), RULES, at_ms=AT_MS))
    assert not [line for line in lines if line.startswith("refund_id")]


def test_a_reversal_that_another_made_counts_as_what_was_given_back() -> None:
    found = replace(BACK, reversal=None, refunded_minor=120)
    assert "released | 120 TWD" in told(slip(SlipKind.VOIDED, found, RULES, at_ms=AT_MS))


def test_an_authorization_is_released_whole() -> None:
    held = replace(
        orders.money(MoneyState.AUTHORIZED), reversal=Reversal(1, "void", 0, True, (), 0)
    )
    lines = told(slip(SlipKind.VOIDED, held, RULES, at_ms=AT_MS))
    assert "released | 120 TWD" in lines
    assert not [line for line in lines if line.startswith("left")]


@pytest.mark.parametrize("kind", SlipKind)
def test_a_copy_of_a_slip_differs_by_its_mark_alone(kind: SlipKind) -> None:
    first = slip(kind, BACK, RULES, at_ms=AT_MS).elements
    third = slip(kind, BACK, RULES, at_ms=AT_MS, copy=2).elements
    mark = Text("COPY 2", Align.CENTER, double=True)
    assert mark not in first
    assert tuple(element for element in third if element != mark) == first


@pytest.mark.parametrize("kind", SlipKind)
def test_a_slip_of_a_test_lane_says_so(kind: SlipKind) -> None:
    marked = slip(kind, BACK, replace(RULES, test=True), at_ms=AT_MS)
    assert "TEST - NOT VALID" in told(marked)
    assert "TEST - NOT VALID" not in told(slip(kind, BACK, RULES, at_ms=AT_MS))


def test_no_slip_follows_the_shops_own_template() -> None:
    own = replace(RULES, receipt=replace(SHOP, template=replace(SHOP.template, nodes=())))
    assert slip(SlipKind.VOIDED, BACK, own, at_ms=AT_MS) == slip(
        SlipKind.VOIDED, BACK, RULES, at_ms=AT_MS
    )


@pytest.mark.parametrize("columns", [48, 42, 40, 39, 32])
def test_the_ruler_of_the_test_page_is_as_wide_as_the_paper(columns: int) -> None:
    page = trial_page(RULES, at_ms=AT_MS, columns=columns).elements
    at = page.index(Rule())
    tens, ones = page[at - 2], page[at - 1]
    assert isinstance(ones, Text)
    assert len(ones.text) == columns
    assert isinstance(tens, Text)
    assert len(tens.text) == columns // 10 * 10
    for ten in range(10, columns + 1, 10):
        assert tens.text[:ten].endswith(str(ten))
        assert ones.text[ten - 1] == "0"


def test_the_test_page_has_a_code_of_each_kind_every_script_and_the_time() -> None:
    page = trial_page(RULES, at_ms=AT_MS, columns=48).elements
    assert {QrCode(QR_DATA), Barcode(BARCODE_DATA)} <= set(page)
    assert Columns("l1", "2025-11-24 16:00:05 UTC") in page
    rights = "".join(element.right for element in page if isinstance(element, Columns))
    for sign in ("謝", "ขอ", "あ", "ｶ", "Thank"):
        assert sign in rights
