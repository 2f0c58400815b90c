"""Which words of a receipt a shop may say in its own way, and what such a word must keep.

The one rule: a word keeps its {placeholders} and says something, or the mark of a copy or of a
test could be lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from posd.words import catalogue

PREFIX: Final = "receipt."
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")


@cache
def receipt_words() -> Mapping[str, str]:
    """Every word of receipts and slips in English, by its key without `receipt.`."""
    words = catalogue("en").items()
    return {key.removeprefix(PREFIX): text for key, text in words if key.startswith(PREFIX)}


def template_words() -> frozenset[str]:
    """The keys that `{word:...}` may name in a template: those that stand by themselves."""
    return frozenset(key for key, text in receipt_words().items() if not _placeholders(text))


def own_words(words: Mapping[str, str]) -> str | None:
    """What is wrong with the shop's own words, as a sentence; None if nothing is."""
    for key, text in words.items():
        needed = _placeholders(receipt_words().get(key, text))
        if not text.strip():
            return f"{key} says nothing; write a text or remove the line"
        if _placeholders(text) != needed:
            wanted = " and ".join(sorted(needed)) or "no placeholder"
            return f"{key} needs {wanted} in its text"
    return None


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))
