"""Acts on money from the page: why, how much, who and with which PIN; and what a refusal says."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect

from posd.core import payment
from posd.core.order import MoneyState
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
    CaptureRequested,
    ReversalRequested,
    SettlementRequested,
)

from .conftest import Open
from .demo import Demo
from .till import Till, words

pytestmark = pytest.mark.slow

PIN = "4711"
REQUESTS = {
    AbandonRequested: {"abandon", "reverse"},
    AcceptRequested: {"accept"},
    CaptureRequested: {"capture"},
    ReversalRequested: {"refund", "void"},
    SettlementRequested: {"settle"},
}

# Another till gives the sale up, and the page is asked before it can hear of it.
ANOTHER_CAME_FIRST = """([sale, seq]) => {
  const till = new XMLHttpRequest();
  till.open("POST", `/v1/sales/${sale}/abandon`, false);
  till.setRequestHeader("Content-Type", "application/json");
  till.setRequestHeader("Idempotency-Key", "another-till-1");
  till.setRequestHeader("If-Match", `"${seq}"`);
  till.send(JSON.stringify({ because: "paid_otherwise" }));
  document.getElementById("act-go").click();
}"""


@pytest.fixture
def doubtful(start: Callable[..., Demo], open_till: Open) -> Till:
    """A payment of 85 that is NOT CONFIRMED; LINE Pay took the money, and tells it much later."""
    till = open_till(start(scale=0.1))  # the verdict is due 6 s after the scan
    till.demo.arm("lost-late:20")
    till.charge("85")
    till.act("show-code").click()
    till.shows("NOT_CONFIRMED")
    return till


def kept_in(till: Till) -> str:
    """All that the page holds where it could be read: its elements and its stores."""
    return str(
        till.page.evaluate(
            "[document.documentElement.outerHTML, JSON.stringify(localStorage),"
            " JSON.stringify(sessionStorage), ...[...document.querySelectorAll('input')]"
            ".map((box) => box.value)].join(' ')"
        )
    )


def posts_to(till: Till, end: str) -> list[Request]:
    """The requests of the page to an address, from now on."""
    seen: list[Request] = []
    till.page.on("request", lambda sent: seen.append(sent) if sent.url.endswith(end) else None)
    return seen


def test_a_part_is_refunded_with_a_reason_a_name_and_a_pin(till: Till) -> None:
    till.sell("120")
    asked = posts_to(till, "/refunds")
    till.ask("refund", "returned")
    till["act-part"].click()
    till.pad("20")
    expect(till["act-go"]).to_have_text("Refund 20 TWD")
    till.sign()
    expect(till["act"]).to_be_hidden()
    given = words()["page.given_back"].format(refunded="20 TWD", left="100 TWD")
    expect(till["why"]).to_contain_text(given)
    till.shows("PAID")
    (request,) = asked
    sent = json.loads(request.post_data or "")
    assert sent["reason"] == words()["page.reason.returned"]
    assert (sent["actor"], sent["amount"]) == ("Lin", "20")
    assert till.lane()["recent"][0]["refunded"] == "20"


def test_all_of_it_is_refunded_where_no_part_was_typed(till: Till) -> None:
    till.sell("120")
    till.ask("refund")
    till["act-text"].fill("the cup was broken")
    expect(till["act-go"]).to_have_text("Refund 120 TWD")
    till.sign()
    till.shows("REFUNDED")
    expect(till["refund"]).to_be_hidden()


def test_the_pin_is_in_no_element_and_no_store_and_forgotten_once_sent(till: Till) -> None:
    till.sell("120")
    till.witness.excuse("status of 403")
    till.ask("refund", "mistake")
    till["act-pin"].click()
    till.pad(PIN)
    expect(till["act-pin"]).to_have_text("PIN: ●●●●")
    assert PIN not in kept_in(till)
    till["act-actor"].fill("Nobody")
    till["act-go"].click()
    till.says("act-notice", "notice.wrong_pin")
    expect(till["act-pin"]).to_have_text("PIN:")
    till.pad(PIN)
    till["act-back"].click()
    till["refund"].click()
    expect(till["act-pin"]).to_have_text("PIN:")
    assert PIN not in kept_in(till)


def test_a_cashier_alone_is_told_who_may_refund(till: Till) -> None:
    till.sell("120")
    till.witness.excuse("status of 403")
    till.ask("refund", "returned")
    till["act-go"].click()
    till.says("act-notice", "notice.above_cap")
    till.sign()
    till.shows("REFUNDED")


def test_without_a_reason_nothing_is_asked(till: Till) -> None:
    till.sell("120")
    asked = posts_to(till, "/refunds")
    till.ask("refund")
    till.sign()
    till.says("act-notice", "notice.reason_needed")
    assert asked == []


def test_a_lost_answer_is_asked_for_again_with_the_same_key(till: Till) -> None:
    till.sell("120")
    asked = posts_to(till, "/refunds")
    till.witness.excuse("net::ERR_")
    till.ask("refund", "returned")
    till.page.context.set_offline(True)
    till.sign()
    till.says("act-notice", "page.unclear_act")
    till.page.context.set_offline(False)
    till.pad(PIN)
    till["act-go"].click()
    till.shows("REFUNDED")
    keys = [request.headers["idempotency-key"] for request in asked]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_copy_whose_answer_was_lost_is_asked_for_with_the_same_key(till: Till) -> None:
    till.sell()
    till.says("why", "page.receipt.PRINTED")
    asked = posts_to(till, "/receipt/print")
    till.witness.excuse("net::ERR_")
    till.page.context.set_offline(True)
    till["reprint"].click()
    till.says("verdict-notice", "page.unclear_act")
    till.page.context.set_offline(False)
    till["reprint"].click()
    expect(till["verdict-notice"]).to_be_empty()
    keys = [request.headers["idempotency-key"] for request in asked]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_dialog_is_shut_where_the_sale_went_on_without_it(till: Till, open_till: Open) -> None:
    till.sell("120")
    other = open_till(till.demo)
    other["recent"].locator("button").first.click()
    till.ask("refund", "returned")
    other.ask("refund", "returned")
    other["act-part"].click()
    other.pad("50")
    other.sign()
    expect(till["act"]).to_be_hidden()
    till.says("verdict-notice", "notice.sale_changed")
    expect(till["why"]).to_contain_text("50 TWD")
    till.ask("refund", "returned")
    expect(till["act-go"]).to_have_text("Refund 70 TWD")


def test_who_decides_on_what_has_changed_is_told_and_decides_anew(doubtful: Till) -> None:
    sale = doubtful.lane()["unfinished"][0]
    doubtful.ask("abandon", "goods_kept")
    doubtful.witness.excuse("status of 412|Synchronous XMLHttpRequest")
    doubtful.page.evaluate(ANOTHER_CAME_FIRST, [sale["id"], sale["seq"]])
    doubtful.says("act-notice", "notice.sale_changed")
    expect(doubtful["act"].locator('[data-choice="paid_otherwise"]')).to_have_count(0)
    doubtful["act-go"].click()
    doubtful.says("next", "page.wish.goods_kept.next")


def test_a_doubt_is_given_up_before_another_payment_is_taken(doubtful: Till) -> None:
    till = doubtful
    for name in ("refund", "void", "capture", "settle", "keep", "reverse", "reprint"):
        expect(till[name]).to_be_hidden()
    till.ask("abandon", "paid_otherwise")
    expect(till["act-who"]).to_be_hidden()
    till["act-go"].click()
    till.says("next", "page.wish.paid_otherwise.next")
    till.says("customer", "page.wish.paid_otherwise.customer")
    till.shows("REFUNDED")  # what came late was given back by itself


def test_goods_that_are_gone_are_the_supervisors(doubtful: Till) -> None:
    doubtful.witness.excuse("status of 403")
    doubtful.ask("abandon", "goods_gone")
    doubtful["act-go"].click()
    doubtful.says("act-notice", "notice.needs_supervisor")
    doubtful.sign()
    doubtful.says("next", "page.wish.goods_gone.next")


def test_goods_are_handed_over_unconfirmed_by_a_supervisor(doubtful: Till) -> None:
    doubtful.ask("accept", "shown_on_phone")
    doubtful.sign()
    doubtful.says("next", "page.wish.accepted.next")
    for name in ("abandon", "accept"):
        expect(doubtful[name]).to_be_hidden()


def test_a_payment_that_came_late_is_given_back(doubtful: Till) -> None:
    doubtful.shows("PAID_LATE")
    doubtful.ask("reverse", "goods_kept")
    doubtful["act-go"].click()
    doubtful.shows("REFUNDED")


def test_a_decision_on_a_doubt_that_is_over_is_shut_by_the_verdict(doubtful: Till) -> None:
    doubtful.ask("accept", "known_customer")
    expect(doubtful["act"]).to_be_hidden()
    doubtful.shows("PAID_LATE")


def test_an_owed_refund_is_settled_by_a_supervisor(till: Till) -> None:
    till.sell("120")
    till.demo.arm("decline:2042", "refund")
    till.ask("refund", "returned")
    till.sign()
    till.shows("REFUND_OWED")
    till.ask("settle", "yes", "paid_in_cash")
    till.sign()
    till.shows("REFUNDED")


def test_the_table_of_the_page_is_that_of_the_core(till: Till) -> None:
    offered = till.page.evaluate(
        "async (states) => { const { actsOf } = await import('/static/acts.js');"
        " const sale = (state, verdict) => ({ state, verdict, wish: 'WANTED', captured: '9',"
        "   refunded: '0', currency: 'TWD' });"
        " return states.map((state) => [...actsOf(sale(state, 'PAID')),"
        "   ...actsOf(sale(state, 'PAID_LATE'))]); }",
        list(MoneyState),
    )
    for state, names in zip(MoneyState, offered, strict=True):
        refused = payment.REFUSED.get(state, {})
        for request, acts in REQUESTS.items():
            allowed = request in payment.DECISIONS[state] and request not in refused
            assert allowed == bool(acts & set(names)), (state, request)
