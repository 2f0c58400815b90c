"""docs/how-to/first-day.md names what is on the page, and its tasks are as short as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from posd.words import LANGUAGES

from .till import Till, words

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "first-day.md"
TEXT = PAGE.read_text("utf-8")
MAX_BYTES = 60_000


def test_every_word_in_bold_is_on_the_page() -> None:
    named = {name for name in re.findall(r"\*\*([^*]+)\*\*", TEXT) if ":" not in name}
    assert len(named) > 20
    assert named <= set(words().values())


def test_every_picture_is_there_and_small() -> None:
    pictures = [PAGE.parent / name for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", TEXT)]
    assert len(pictures) == 5
    for picture in pictures:
        assert picture.stat().st_size < MAX_BYTES
        with Image.open(picture) as image:
            assert image.size == (800, 480)
            assert image.mode == "P"


def test_each_task_begins_within_three_touches_of_the_main_screen(till: Till) -> None:
    till.sell()
    till.says("why", "page.receipt.PRINTED")
    till["new"].click()

    till["recent"].locator("button").first.click()
    expect(till["reprint"]).to_be_visible()
    till["refund"].click()
    expect(till["act-pin"]).to_be_visible()
    till["act-back"].click()
    till["new"].click()

    till["help-open"].click()
    till.says("help-devices", "printer.ready.next")
    till["help-back"].click()

    till["find-open"].click()
    till["find-earlier"].click()
    till.says("find-notice", "page.find.none")
    till["find-back"].click()

    for language in LANGUAGES:
        till["language"].select_option(language)
        expect(till["find-open"]).to_contain_text(words(language)["page.find"])
