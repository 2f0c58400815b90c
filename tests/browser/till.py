"""The cashier's page as a person uses it: what is pressed, and what stands on the screen."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from posd.api.pages import FOLDER
from posd.words import catalogue

from .counter import Counter
from .demo import Demo
from .keyboard import Keyboard
from .witness import Witness

PATIENCE_MS = 30_000


def words(language: str = "en") -> dict[str, str]:
    """All that the page can say in a language, by code."""
    own = json.loads((FOLDER / "words" / f"{language}.json").read_text("utf-8"))
    return {**own, **catalogue(language)}


class Till:
    """One open page of one demo, or of a counter."""

    def __init__(self, page: Page, demo: Demo | Counter) -> None:
        expect.set_options(timeout=PATIENCE_MS)
        self.page = page
        self.demo = demo
        self.witness = Witness(page, demo.url)
        self.keyboard = Keyboard(page)
        if isinstance(demo, Counter):
            self.witness.excuse("status of 404")  # it has no row of the demo's buttons
        page.goto(demo.url)
        expect(page.locator("#keypad button")).to_have_count(12)
        if isinstance(demo, Demo):
            expect(page.locator("#demo button")).to_have_count(6)

    def __getitem__(self, name: str) -> Locator:
        """The element with this id."""
        return self.page.locator(f"#{name}")

    # ---- what the cashier does

    def enter(self, amount: str) -> None:
        for digit in amount:
            self.page.locator(f'#keypad [data-key="{digit}"]').click()

    def charge(self, amount: str = "120", language: str = "en") -> None:
        """Open a sale with the pointer; then the screen asks for the code."""
        self.enter(amount)
        self["charge"].click()
        self.shows("WAITING", language)

    def act(self, name: str) -> Locator:
        """A button of the demo: what a customer or a bad day does."""
        return self.page.locator(f'[data-act="{name}"]')

    def sell(self, amount: str = "120") -> None:
        """A whole sale, paid."""
        self.charge(amount)
        self.act("show-code").click()
        self.shows("PAID")

    def ask(self, name: str, *chosen: str) -> None:
        """Open the dialog of an act and press these of its choices."""
        self[name].click()
        expect(self["act"]).to_be_visible()
        for choice in chosen:
            self["act"].locator(f'[data-choice="{choice}"]').click()

    def sign(self, actor: str = "Lin", pin: str = "4711") -> None:
        """Say who, with the PIN on the pad; then do it."""
        self["act-actor"].fill(actor)
        self["act-pin"].click()
        self.pad(pin)
        self["act-go"].click()

    def pad(self, digits: str) -> None:
        """Digits of the dialog's pad."""
        for digit in digits:
            self.page.locator(f'#act-pad [data-key="{digit}"]').click()

    def speak(self, language: str) -> None:
        """Choose a language, also where a small screen hides the choice for the moment."""
        self["language"].evaluate(
            "(box, to) => { box.value = to; box.dispatchEvent(new Event('change')); }", language
        )
        expect(self["charge"]).to_contain_text(words(language)["page.charge"])

    # ---- what is on the screen

    def shows(self, verdict: str, language: str = "en") -> None:
        """The verdict, in attribute, word and nothing else."""
        expect(self["verdict"]).to_have_attribute("data-verdict", verdict)
        expect(self["title"]).to_have_text(words(language)[f"verdict.{verdict}.title"])
        expect(self["verdict"]).to_be_visible()
        expect(self["till"]).to_be_hidden()

    def says(self, name: str, code: str) -> None:
        """The element says the words of this code."""
        expect(self[name]).to_contain_text(words()[code])

    def is_ready(self) -> None:
        """The screen is for the next amount."""
        expect(self["till"]).to_be_visible()
        expect(self["verdict"]).to_be_hidden()

    def amounts_to(self, amount: str) -> None:
        expect(self["amount"]).to_have_text(f"{amount} TWD")

    # ---- what the API says of it

    def lane(self) -> dict[str, Any]:
        """The lane as the API tells this browser."""
        return dict(self.page.request.get(f"{self.demo.url}v1/lane").json())

    def receipt(self) -> str:
        """The text of the newest sale's receipt."""
        sale = self.lane()["recent"][0]["id"]
        return self.page.request.get(f"{self.demo.url}v1/sales/{sale}/receipt.txt").text()
