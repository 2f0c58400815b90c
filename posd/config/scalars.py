"""One written scalar -> one typed value, or the sentence that says what to write instead.

msgspec decides; this room only turns its verdict into words a shopkeeper can follow. Text never
holds a control byte: some of it reaches a printer.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, Final

import msgspec

from posd.config import shapes
from posd.config.problems import did_you_mean
from posd.config.tree import Leaf

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_KINDS: Final = {
    "`int`": "a whole number",
    "`float`": "a number",
    "`str`": "text",
    "`bool`": "true or false",
    "`null`": "nothing",
}


class Unfit(Exception):  # noqa: N818 - what was written, not what failed
    """The value will not do; str() says why and what to write."""


def fit(annotated: Any, leaf: Leaf, folder: Path) -> object:
    """The value of `leaf` as its type wants it, paths resolved against `folder`; raises Unfit."""
    try:
        value = msgspec.convert(leaf.value, annotated, strict=not leaf.loose)
    except msgspec.ValidationError as error:
        raise Unfit(_mismatch(annotated, leaf, str(error))) from None
    if isinstance(value, float) and not math.isfinite(value):
        raise Unfit(f"{leaf.text} is not a finite number")
    if isinstance(value, str) and _CONTROL.search(value):
        raise Unfit("holds a control character or line break; remove it")
    if isinstance(value, str) and value and shapes.extra(annotated).get("path"):
        return str(folder / value)
    return value


def _mismatch(annotated: Any, leaf: Leaf, verdict: str) -> str:
    words = shapes.choices(annotated)
    if leaf.value is None:
        return "is empty; give a value or remove the line"
    if words:
        return _not_one_of(words, leaf.text)
    if shapes.takes(annotated, str) and not isinstance(leaf.value, str):
        return _unquoted(leaf)
    if isinstance(leaf.value, str) and not leaf.loose and _is_number(annotated, leaf.text):
        return f"is a number here: write {leaf.text} without quotes"
    expected = shapes.extra(annotated).get("expected")
    return f"{_shown(leaf)} will not do; write {expected or _plain(verdict)}"


def _not_one_of(words: tuple[str, ...], text: str) -> str:
    if f"v{text}" in words:
        return f"write v{text}, not {text}"
    return f"{text[:40]!r} is not one of {', '.join(words)}{_near(text, words)}"


def _near(text: str, words: tuple[str, ...]) -> str:
    by_lower = {word.lower(): word for word in words}
    hint = did_you_mean(text, by_lower)
    for lower, word in by_lower.items():
        hint = hint.replace(f"mean {lower}?", f"mean {word}?")
    return hint if "did you mean" in hint else ""


def _unquoted(leaf: Leaf) -> str:
    kind = "true or false" if isinstance(leaf.value, bool) else "a number, without leading zeros"
    return f'YAML reads {leaf.text} as {kind}; write it in quotes: "{leaf.text}"'


def _is_number(annotated: Any, text: str) -> bool:
    if not (shapes.takes(annotated, int) or shapes.takes(annotated, float)):
        return False
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None


def _shown(leaf: Leaf) -> str:
    return repr(leaf.text[:40])


def _plain(verdict: str) -> str:
    text = verdict.partition(" - at ")[0].partition(", got")[0].removeprefix("Expected ")
    for kind, words in _KINDS.items():
        text = text.replace(kind, words)
    return text.replace(" | ", " or ")
