"""docs/how-to/first-sale.md names what is on the page, and its pictures are there and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from .till import Till, words

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "first-sale.md"
TEXT = PAGE.read_text("utf-8")
MAX_BYTES = 60_000


def test_every_word_in_bold_is_on_the_page() -> None:
    named = set(re.findall(r"\*\*([^*]+)\*\*", TEXT))
    assert len(named) > 10
    assert named <= set(words().values())


def test_every_button_of_the_demo_is_told(till: Till) -> None:
    buttons = till["demo"].locator("button").all_inner_texts()
    assert len(buttons) == 6
    assert [label for label in buttons if f"**{label}**" not in TEXT] == []


def test_every_picture_is_there_and_small() -> None:
    pictures = [PAGE.parent / name for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", TEXT)]
    assert len(pictures) == 5
    for picture in pictures:
        assert picture.stat().st_size < MAX_BYTES
        with Image.open(picture) as image:
            assert image.size == (800, 480)
            assert image.mode == "P"
