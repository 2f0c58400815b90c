"""posd vanishes in the middle: the page keeps what is true on its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .demo import Demo
from .till import Till, words

pytestmark = pytest.mark.slow

CONNECTION = r"net::ERR_"


@pytest.mark.parametrize("go", [Demo.kill, Demo.end])
def test_a_payment_under_way_stays_not_confirmed(till: Till, go: Callable[[Demo], None]) -> None:
    till.charge()
    till.act("lost-answer").click()
    till.shows("WORKING")
    till.witness.excuse(CONNECTION)
    go(till.demo)
    till.shows("NOT_CONFIRMED")
    expect(till["sum"]).to_have_text("120 TWD")
    till.says("next", "verdict.NOT_CONFIRMED.next")
    expect(till["lost"]).to_be_visible()
    expect(till["lost"]).to_have_text(words()["page.lost"])
    for name in ("countdown", "devices"):
        expect(till[name]).to_be_hidden()
    till.keyboard.by_hand("Enter", "Escape")
    till.shows("NOT_CONFIRMED")
    for name in ("new", "cancel", "keep", "reprint"):
        expect(till[name]).to_be_hidden()


def test_a_verdict_that_was_told_stays_told(till: Till) -> None:
    till.sell()
    till.says("why", "page.receipt.PRINTED")
    till.witness.excuse(CONNECTION)
    till.demo.kill()
    expect(till["lost"]).to_be_visible()
    till.shows("PAID")


def test_a_sale_that_nobody_took_is_said_to_be_unclear_and_keeps_its_amount(till: Till) -> None:
    till.enter("120")
    till.witness.excuse(CONNECTION)
    till.demo.kill()
    expect(till["lost"]).to_be_visible()
    till["charge"].click()
    till.says("notice", "page.unclear")
    till.is_ready()
    till.amounts_to("120")
