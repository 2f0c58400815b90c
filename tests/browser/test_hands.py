"""Keyboard alone, touch alone, and a scanner that types: what is done by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Open
from .demo import Demo
from .till import Till

pytestmark = pytest.mark.slow

PHONE_CODE = "381234567890123456"
MAX_TABS = 30


def tab_to(till: Till, selector: str) -> None:
    """Tab until the element has the focus, as who has no pointer does."""
    wanted = till.page.locator(selector)
    for _ in range(MAX_TABS):
        till.keyboard.by_hand("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_a_sale_is_made_with_the_keyboard_alone(till: Till) -> None:
    till.keyboard.by_hand("1", "2", "5", "Backspace", "0", "Enter")
    till.shows("WAITING")
    expect(till["sum"]).to_have_text("120 TWD")
    tab_to(till, '[data-act="show-code"]')
    till.keyboard.by_hand("Enter")
    till.shows("PAID")
    till.keyboard.by_hand("Enter")
    till.is_ready()
    till.amounts_to("0")


def test_escape_clears_the_amount_cancels_the_sale_and_goes_back(till: Till) -> None:
    till.keyboard.by_hand("7", "5")
    till.amounts_to("75")
    till.keyboard.by_hand("Escape")
    till.amounts_to("0")
    till.keyboard.by_hand("7", "5", "Enter")
    till.shows("WAITING")
    till.keyboard.by_hand("Escape")
    till.shows("NOT_PAID")
    till.keyboard.by_hand("Escape")
    till.is_ready()


def test_a_copy_is_printed_with_the_keyboard_alone(till: Till) -> None:
    till.sell()
    till.says("why", "page.receipt.PRINTED")
    tab_to(till, "#reprint")
    with till.page.expect_response(lambda answer: "receipt.png?copy=1" in answer.url):
        till.keyboard.by_hand("Enter")
    till.says("why", "page.receipt.PRINTED")


def test_digits_are_the_amount_also_after_a_language_was_chosen(till: Till) -> None:
    till["language"].focus()
    till.page.keyboard.press("ArrowDown")
    expect(till["language"]).to_have_value("zh-TW")
    till.keyboard.by_hand("4", "5")
    till.amounts_to("45")


def test_a_sale_is_made_by_touch_alone(start: Callable[..., Demo], open_till: Open) -> None:
    till = open_till(start(), width=800, height=480, touch=True)
    for digit in ("1", "2", "00"):
        till.page.locator(f'#keypad [data-key="{digit}"]').tap()
    till.amounts_to("1200")
    till.page.locator('#keypad [data-key="back"]').tap()
    till["charge"].tap()
    till.shows("WAITING")
    expect(till["sum"]).to_have_text("120 TWD")
    till.act("show-code").tap()
    till.shows("PAID")
    till.says("why", "page.receipt.PRINTED")
    till["reprint"].tap()
    till["new"].tap()
    till.is_ready()
    till["recent"].locator("button").first.tap()
    till.shows("PAID")


def test_a_scanner_that_types_never_enters_the_amount(till: Till) -> None:
    till.keyboard.by_hand("4", "5")
    till.keyboard.by_scanner(PHONE_CODE)
    till.amounts_to("45")
    till.is_ready()
    assert till.lane()["recent"] == []
    till.keyboard.by_hand("0")
    till.amounts_to("450")


def test_a_scanner_that_types_leaves_no_verdict_and_presses_no_button(till: Till) -> None:
    till.charge()
    tab_to(till, "#cancel")
    till.keyboard.by_scanner(PHONE_CODE)
    till.shows("WAITING")
    till.act("show-code").click()
    till.shows("PAID")
    till.keyboard.by_scanner(PHONE_CODE)
    till.shows("PAID")
    assert [sale["verdict"] for sale in till.lane()["recent"]] == ["PAID"]


def test_two_presses_of_charge_are_one_sale(till: Till) -> None:
    till.enter("60")
    till["charge"].dblclick()
    till.shows("WAITING")
    till.act("show-code").click()
    till.shows("PAID")
    assert len(till.lane()["recent"]) == 1
