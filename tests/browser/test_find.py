"""Finding a sale again: by the day, by its number, by its paper; and printing it once more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Open
from .counter import Counter
from .demo import Demo
from .till import Till, words

pytestmark = pytest.mark.slow


def sell(till: Till, counter: Counter, amount: str) -> dict[str, str]:
    """A sale at a counter, paid and printed; the screen is ready for the next one."""
    till.charge(amount)
    counter.twins.scan(counter.twins.mint())
    till.shows("PAID")
    till.says("why", "page.receipt.PRINTED")
    till["new"].click()
    till.is_ready()
    return dict(till.lane()["recent"][0])


def test_a_sale_is_found_by_its_number_and_printed_again(till: Till) -> None:
    till.sell("77")
    number = till.lane()["recent"][0]["receipt_number"]
    till["new"].click()
    till.sell("88")
    till["new"].click()
    till["find-open"].click()
    for key in number:
        till.page.locator(f'#find-pad [data-key="{key}"]').click()
    till["find-go"].click()
    till.shows("PAID")
    expect(till["sum"]).to_have_text("77 TWD")
    expect(till["receipt"]).to_be_visible()
    with till.page.expect_response(lambda answer: "receipt.png?copy=1" in answer.url):
        till["reprint"].click()


def test_a_number_that_nobody_knows_is_said_in_words(till: Till) -> None:
    till.witness.excuse("status of 404")
    till.page.keyboard.press("F3")
    till["find-name"].fill("R00000000000000")
    till.page.keyboard.press("Enter")
    till.says("find-notice", "notice.no_such_sale")
    till.page.keyboard.press("Escape")
    till.is_ready()


def test_the_sales_of_a_day_are_listed_also_after_a_restart(
    counter: Counter, open_till: Open
) -> None:
    till = open_till(counter)
    old = sell(till, counter, "31")
    sell(till, counter, "32")
    till.witness.excuse("net::ERR_")
    counter.restart()
    till.page.reload()
    till.is_ready()
    till["find-open"].click()
    expect(till["find-list"].locator("button")).to_have_count(2)
    till["find-earlier"].click()
    till.says("find-notice", "page.find.none")
    till["find-later"].click()
    till["find-list"].get_by_text("31 TWD").click()
    till.shows("PAID")
    till["reprint"].click()
    expect(till["receipt"]).to_have_attribute("data-loaded", re.compile("copy=1$"))
    till.says("why", "page.receipt.PRINTED")
    text = till.page.request.get(f"{counter.url}v1/sales/{old['id']}/receipt.txt").text()
    assert words()["receipt.copy"].format(number=1) in text


def test_the_paper_of_a_sale_under_the_scanner_shows_that_sale(
    counter: Counter, open_till: Open
) -> None:
    till = open_till(counter)
    first = sell(till, counter, "41")
    sell(till, counter, "42")
    counter.twins.scan(first["receipt_number"])
    till.shows("PAID")
    expect(till["sum"]).to_have_text("41 TWD")
    said = words()["notice.paper_scanned"].partition("{order_id}")
    expect(till["verdict-notice"]).to_contain_text(first["order_id"] + said[2])


def test_a_customers_code_typed_by_a_scanner_is_no_search(till: Till) -> None:
    till["find-open"].click()
    till["find-name"].focus()
    till.keyboard.by_scanner("381234567890123456")
    expect(till["find-name"]).to_have_value("")
    assert not [url for url in till.witness.requests if "3812345" in url]


def test_yesterday_is_two_touches_from_the_main_screen(
    start: Callable[..., Demo], open_till: Open
) -> None:
    till = open_till(start(), width=800, height=480, touch=True)
    till["find-open"].tap()
    with till.page.expect_response(lambda answer: "/v1/sales?date=" in answer.url):
        till["find-earlier"].tap()
    till.says("find-notice", "page.find.none")
