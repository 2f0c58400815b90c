"""Every state in every language on every size of screen: nothing clipped, all of it touchable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from posd.words import LANGUAGES

from .conftest import Open
from .demo import Demo
from .layout import audit
from .till import Till

pytestmark = pytest.mark.slow

SIZES = ((800, 480), (1024, 600), (390, 844))
LARGE_PX = 56


class Screens:
    """The same lane on a screen of each size; the first one is where the cashier works."""

    def __init__(self, tills: list[Till]) -> None:
        self.tills = tills
        self.first = tills[0]
        self.wrong: list[str] = []

    def look(self, state: str) -> None:
        """Judge every screen in every language."""
        for till, size in zip(self.tills, SIZES, strict=True):
            for language in LANGUAGES:
                till.speak(language)
                self.wrong += [f"{size} {language} {state}: {text}" for text in audit(till.page)]
            till.speak("en")

    def show(self, verdict: str) -> None:
        for till in self.tills:
            till.shows(verdict)
        self.look(verdict)

    def leave(self) -> None:
        """Each screen back to the amount."""
        for till in self.tills:
            till.page.keyboard.press("Escape")
            till.is_ready()


@pytest.fixture
def screens(start: Callable[..., Demo], open_till: Open) -> Screens:
    demo = start(scale=0.1)  # a verdict is due 6 s after the scan
    return Screens([open_till(demo, width=width, height=height) for width, height in SIZES])


def test_nothing_is_clipped_while_a_sale_goes_well(screens: Screens) -> None:
    screens.look("READY")
    screens.first.charge("12345678")
    screens.first.act("wrong-code").click()
    for till in screens.tills:
        expect(till["verdict-notice"]).not_to_be_empty()
    screens.show("WAITING")
    screens.first.act("paper-out").click()
    screens.first.act("show-code").click()
    for till in screens.tills:
        till.says("why", "printer.paper_out.next")
        expect(till["receipt"]).to_be_visible()
    screens.show("PAID")
    screens.first.act("paper-ok").click()
    for till in screens.tills:
        till.says("why", "page.receipt.PRINTED")
    screens.show("PAID")
    assert not screens.wrong, "\n".join(screens.wrong)


def test_nothing_is_clipped_on_a_bad_day(screens: Screens) -> None:
    till = screens.first
    till.charge()
    till.act("decline").click()
    screens.show("NOT_PAID")
    screens.leave()
    till.demo.contradict()
    till.charge("1234")
    till.act("show-code").click()
    screens.show("CALL_SUPERVISOR")
    screens.leave()
    till.charge("85")
    till.act("lost-answer").click()
    screens.show("WORKING")
    screens.show("NOT_CONFIRMED")
    assert not screens.wrong, "\n".join(screens.wrong)


def test_nothing_is_clipped_in_a_dialog(screens: Screens) -> None:
    screens.first.sell("12345678")
    screens.first.says("why", "page.receipt.PRINTED")
    for till in screens.tills:
        till.shows("PAID")
        screens.wrong += in_each_language(till, lambda one: one.ask("refund", "returned"))
        till["new"].click()
        for name in ("help-open", "find-open"):
            screens.wrong += in_each_language(till, lambda one, name=name: one[name].click())
    screens.first.demo.arm("lost-late:300")
    screens.first.charge("85")
    screens.first.act("show-code").click()
    screens.show("NOT_CONFIRMED")
    for till in screens.tills:
        for name, choice in (("abandon", "goods_gone"), ("accept", "known_customer")):
            screens.wrong += in_each_language(
                till, lambda one, name=name, choice=choice: one.ask(name, choice)
            )
    assert not screens.wrong, "\n".join(screens.wrong)


def in_each_language(till: Till, open_dialog: Callable[[Till], None]) -> list[str]:
    """What is wrong with a dialog that is opened in one language after the other."""
    wrong = []
    for language in LANGUAGES:
        till.speak(language)
        open_dialog(till)
        wrong += [f"{till.page.viewport_size} {language}: {text}" for text in audit(till.page)]
        till.page.keyboard.press("Escape")
    till.speak("en")
    return wrong


def test_nothing_is_clipped_where_a_charge_is_refused(screens: Screens) -> None:
    till = screens.first
    till.demo.contradict()
    till.charge("12345678")
    till.act("show-code").click()
    for one in screens.tills:
        one.shows("CALL_SUPERVISOR")
    screens.leave()
    for one in screens.tills:
        one.witness.excuse("status of 409")
        one.enter("12345678")
        one["charge"].click()
        one.says("notice", "notice.same_amount_unresolved")
        expect(one["another"]).to_be_in_viewport(ratio=1)
    screens.look("refused")
    assert not screens.wrong, "\n".join(screens.wrong)


def test_nothing_is_clipped_when_posd_is_gone(screens: Screens) -> None:
    screens.first.charge()
    for till in screens.tills:
        till.shows("WAITING")
        till.witness.excuse("net::ERR_")
    screens.first.demo.kill()
    for till in screens.tills:
        till.shows("NOT_CONFIRMED")
        assert audit(till.page) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_amount_is_large(
    start: Callable[..., Demo], open_till: Open, width: int, height: int
) -> None:
    till = open_till(start(), width=width, height=height)
    till.sell()
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert till["sum"].evaluate(size) >= LARGE_PX
    till["new"].click()
    assert till["amount"].evaluate(size) >= LARGE_PX


def test_what_is_clipped_small_or_covered_would_be_seen(till: Till) -> None:
    spoil = "(element, style) => Object.assign(element.style, style)"
    assert audit(till.page) == []
    till["charge"].evaluate(spoil, {"minWidth": "40px", "width": "40px", "flex": "none"})
    till["demo"].evaluate(spoil, {"transform": "translateY(-100px)"})
    wrong = " ".join(audit(till.page))
    assert "is wider than its place" in wrong
    assert "#charge is 40" in wrong
    assert '"Clear" is covered by' in wrong
