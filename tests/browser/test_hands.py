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


def test_a_refund_is_made_with_the_keyboard_alone(till: Till) -> None:
    till.sell("120")
    till.keyboard.by_hand("Enter")
    till.is_ready()
    till.page.keyboard.press("F7")  # the last sale is looked at first
    till.shows("PAID")
    till.page.keyboard.press("F7")
    tab_to(till, '#act [data-choice="mistake"]')
    till.keyboard.by_hand("Enter")
    expect(till["act"].locator('[data-choice="mistake"]')).to_be_focused()
    tab_to(till, "#act-actor")
    till.page.keyboard.insert_text("Lin")
    tab_to(till, "#act-part")
    till.keyboard.by_hand("5", "0")
    expect(till["act-go"]).to_have_text("Refund 50 TWD")
    tab_to(till, "#act-pin")
    till.keyboard.by_hand("4", "7", "1", "1", "Enter")
    expect(till["why"]).to_contain_text("50 TWD")


def leave_by_escape(till: Till, button: str) -> None:
    """Open a dialog and shut it."""
    till[button].click()
    expect(till.page.locator("dialog[open]")).to_have_count(1)
    till.keyboard.by_hand("Escape")
    expect(till.page.locator("dialog[open]")).to_have_count(0)


def test_escape_leaves_a_dialog_and_asks_nothing(till: Till) -> None:
    till.sell()
    leave_by_escape(till, "refund")
    till["new"].click()
    leave_by_escape(till, "find-open")
    leave_by_escape(till, "help-open")
    assert till.lane()["recent"][0]["refunded"] == "0"


@pytest.mark.parametrize("key", ["F1", "F3"])
def test_a_function_key_opens_what_its_button_opens(till: Till, key: str) -> None:
    button = till["tools"].locator("button", has_text=key)
    dialog = till.page.locator("dialog[open]")
    button.click()
    opened = dialog.get_attribute("id")
    till.keyboard.by_hand("Escape")
    till.page.keyboard.press(key)
    assert dialog.get_attribute("id") == opened


def test_what_has_the_focus_is_seen(till: Till) -> None:
    for selector in ("#find-open", "#help-open", "#charge"):
        tab_to(till, selector)
        width = till.page.locator(selector).evaluate(
            "(one) => parseFloat(getComputedStyle(one).outlineWidth)"
        )
        assert width >= 3


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


def test_a_refund_is_made_by_touch_alone_once_the_name_is_known(
    start: Callable[..., Demo], open_till: Open
) -> None:
    till = open_till(start(), width=800, height=480, touch=True)
    till.sell("120")
    till.ask("refund", "returned")
    till["act-part"].tap()
    till.pad("20")
    till.sign()
    expect(till["why"]).to_contain_text("20 TWD")
    till["refund"].tap()
    for choice in ("wrong_amount", "Lin"):
        till["act"].locator(f'[data-choice="{choice}"]').tap()
    till["act-pin"].tap()
    for digit in "4711":
        till.page.locator(f'#act-pad [data-key="{digit}"]').tap()
    till["act-go"].tap()
    till.shows("REFUNDED")


def test_a_scanner_that_types_is_no_pin_and_no_reason(till: Till) -> None:
    till.sell()
    till.ask("refund")
    till["act-text"].focus()
    till.keyboard.by_scanner(PHONE_CODE)
    expect(till["act-text"]).to_have_value("")
    till["act-pin"].focus()
    till.keyboard.by_scanner(PHONE_CODE)
    expect(till["act-pin"]).to_have_text("PIN:")
    assert till.lane()["recent"][0]["refunded"] == "0"


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
