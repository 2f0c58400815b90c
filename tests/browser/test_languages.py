"""The page in each language: its verdicts, its buttons, its demo."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from posd.words import LANGUAGES

from .till import Till, words

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_is_told_in_the_words_of_the_language(till: Till, language: str) -> None:
    said = words(language)
    till["language"].select_option(language)
    expect(till.page.locator("html")).to_have_attribute("lang", language)
    expect(till["test"]).to_have_text(said["notice.test"])
    expect(till["hint"]).to_have_text(said["verdict.READY.next"])
    till.charge(language=language)
    till.act("decline").click()
    till.shows("NOT_PAID", language)
    expect(till["next"]).to_have_text(said["next.other_tender"])
    expect(till["why"]).to_contain_text(said["linepay.1142"])
    expect(till["customer"]).to_have_text(said["verdict.NOT_PAID.customer"])
    for code in ("show-code", "decline", "lost-answer", "wrong-code", "paper-out", "paper-ok"):
        expect(till.act(code)).to_have_text(said[f"page.demo.{code}"])


def test_a_language_is_changed_under_a_verdict_and_kept_for_the_next_visit(till: Till) -> None:
    till.sell()
    till["language"].select_option("ja")
    till.shows("PAID", "ja")
    till.page.reload()
    expect(till["charge"]).to_contain_text(words("ja")["page.charge"])
    expect(till["language"]).to_have_value("ja")
