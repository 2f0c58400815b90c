"""What is heard: never a sound alone, a doubt until somebody touches, each can be turned off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Open
from .demo import Demo
from .till import Till, words

pytestmark = pytest.mark.slow

# Hears every tone that the page starts; nothing of the page is replaced.
LISTEN = """() => {
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    window.heard.push(this.frequency.value);
    return start.apply(this, when);
  };
}"""
HIGH, LOW, MID = 1320, 300, 660


def listen(till: Till) -> Till:
    till.page.evaluate(LISTEN)
    return till


def heard(till: Till) -> list[float]:
    return list(till.page.evaluate("window.heard"))


def hears(till: Till, *tones: float) -> None:
    """Wait for these and no others."""
    till.page.wait_for_function("(count) => window.heard.length >= count", arg=len(tones))
    assert heard(till) == list(tones)


def test_paid_is_one_high_tone_and_not_paid_two_low_ones(till: Till) -> None:
    listen(till).sell()
    hears(till, HIGH)
    till["new"].click()
    till.charge()
    till.act("decline").click()
    till.shows("NOT_PAID")
    hears(till, HIGH, LOW, LOW)


def test_a_sale_that_is_only_looked_up_is_silent(till: Till) -> None:
    till.sell()
    till["new"].click()
    listen(till)["recent"].locator("button").first.click()
    till.shows("PAID")
    assert heard(till) == []


def test_a_doubt_is_heard_again_until_somebody_touches(
    start: Callable[..., Demo], open_till: Open
) -> None:
    till = listen(open_till(start(scale=0.1)))
    till.demo.arm("lost-late:300")
    till.charge("85")
    till.act("show-code").click()
    till.shows("NOT_CONFIRMED")
    till.page.wait_for_function("(count) => window.heard.length >= count", arg=6)
    assert set(heard(till)) == {MID}
    expect(till.page.locator("body")).to_have_attribute("data-repeats", "doubt")
    till["customer"].click()
    expect(till.page.locator("body")).not_to_have_attribute("data-repeats", "doubt")


def test_what_was_turned_off_stays_off_on_this_screen(till: Till) -> None:
    till["help-open"].click()
    for name in ("paid", "colours"):
        switch = till["help-switches"].locator(f'[data-switch="{name}"]')
        expect(switch).to_have_attribute("aria-pressed", "true")
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "false")
    till.page.reload()
    listen(till).sell()
    expect(till["title"]).to_have_text(words()["verdict.PAID.title"])
    assert heard(till) == []
    colour = till["verdict"].evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert colour == "rgb(0, 0, 0)"
