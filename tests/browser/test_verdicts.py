"""What the cashier reads at the counter, from the code to the receipt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Open
from .demo import Demo
from .till import Till, words

pytestmark = pytest.mark.slow


def test_a_payment_shows_paid_with_its_receipt_and_that_it_is_a_test(till: Till) -> None:
    till.charge("120")
    till.says("next", "verdict.WAITING.next")
    till.act("show-code").click()
    till.shows("PAID")
    expect(till["sum"]).to_have_text("120 TWD")
    till.says("next", "verdict.PAID.next")
    till.says("why", "page.receipt.PRINTED")
    till.says("test", "notice.test")
    expect(till["receipt"]).to_be_visible()
    width, height = till["receipt"].evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert width >= 384
    assert height > width
    assert till.demo.papers == 1


def test_a_decline_says_why_and_what_to_do_next(till: Till) -> None:
    till.charge()
    till.act("decline").click()
    till.shows("NOT_PAID")
    till.says("why", "linepay.1142")
    till.says("next", "next.other_tender")
    till.says("alarm", "verdict.NOT_PAID.title")
    expect(till["receipt"]).to_be_hidden()
    till["new"].click()
    till.is_ready()


def test_a_lost_answer_is_counted_down_and_paid_once_the_check_finds_it(till: Till) -> None:
    till.charge()
    till.act("lost-answer").click()
    till.shows("WORKING")
    till.says("next", "verdict.WORKING.next")
    first = int(till["seconds"].inner_text())
    assert 30 < first <= 60
    expect(till["seconds"]).to_have_text(str(first - 1))
    for name in ("cancel", "new"):
        expect(till[name]).to_be_hidden()
    till.shows("PAID")
    assert till.demo.control("GET", "/control/stats")["pay_requests"] == 1


def test_a_wrong_code_is_named_and_the_right_one_still_pays(till: Till) -> None:
    till.charge()
    till.act("wrong-code").click()
    wrong = words()["notice.key_product_code"]
    expect(till["verdict-notice"]).to_have_text(wrong)
    till.shows("WAITING")
    till.act("show-code").click()
    till.shows("PAID")
    expect(till["verdict-notice"]).to_be_empty()


def test_a_code_without_a_sale_is_refused_in_words(till: Till) -> None:
    till.act("show-code").click()
    till.says("notice", "notice.scan_not_armed")
    till.is_ready()
    assert till.demo.control("GET", "/control/stats")["pay_requests"] == 0


def test_a_sale_is_cancelled_while_it_waits_for_the_code(till: Till) -> None:
    till.charge()
    till["cancel"].click()
    till.shows("NOT_PAID")
    till.says("why", "reason.cashier")
    till.says("next", "next.new_sale")
    till["new"].click()
    till.is_ready()
    till.amounts_to("0")


def test_an_empty_roll_never_delays_paid_and_its_receipt_follows(till: Till) -> None:
    till.act("paper-out").click()
    till.sell()
    till.says("devices", "printer.paper_out.title")
    for code in ("page.receipt.HELD", "printer.paper_out.next"):
        till.says("why", code)
    expect(till["reprint"]).to_be_hidden()
    assert till.demo.papers == 0
    till.act("paper-ok").click()
    till.says("why", "page.receipt.PRINTED")
    till.says("devices", "printer.ready.title")
    assert till.demo.papers == 1


def test_a_second_print_is_copy_one(till: Till) -> None:
    till.sell()
    till.says("why", "page.receipt.PRINTED")
    with till.page.expect_response(lambda answer: "receipt.png?copy=1" in answer.url) as answered:
        till["reprint"].click()
    assert answered.value.ok
    till.says("why", "page.receipt.PRINTED")
    expect(till["reprint"]).to_be_visible()
    assert words()["receipt.copy"].format(number=1) in till.receipt()
    assert till.demo.papers == 2


def test_a_doubt_is_listed_as_unfinished_until_it_is_paid_late_and_kept(
    start: Callable[..., Demo], open_till: Open
) -> None:
    till = open_till(start(scale=0.1))  # the verdict is due 6 s after the scan, late begins at 18 s
    till.demo.arm("lost-late:20")
    till.charge("85")
    till.act("show-code").click()
    till.shows("NOT_CONFIRMED")
    till.says("next", "verdict.NOT_CONFIRMED.next")
    till.page.keyboard.press("Enter")  # a doubt is not typed away
    till.shows("NOT_CONFIRMED")
    till["new"].click()
    till.is_ready()
    till.witness.excuse("status of 409")
    till.enter("85")
    till["charge"].click()
    till.says("notice", "notice.same_amount_unresolved")
    expect(till["another"]).to_be_visible()
    till["unfinished"].get_by_text(words()["verdict.PAID_LATE.title"]).click()
    till.shows("PAID_LATE")
    till["keep"].click()
    till.shows("PAID")
    till["new"].click()
    till.is_ready()
    expect(till["unfinished"].locator("button")).to_have_count(0)


def test_an_answer_about_another_amount_calls_the_supervisor(till: Till) -> None:
    till.demo.contradict()
    till.charge()
    till.act("show-code").click()
    till.shows("CALL_SUPERVISOR")
    till.says("why", "attention.mismatch")
    till.says("alarm", "verdict.CALL_SUPERVISOR.title")
