"""Text of a document made safe and cut into lines. Pure.

The one rule: no byte of foreign text can act on the printer, and no visible character is lost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

_THAI_LEADING_VOWELS = "\u0e40\u0e41\u0e42\u0e43\u0e44"
# what stands with the character before it, and with the one behind it (JIS X 4051, CLREQ)
_NEVER_FIRST = (
    "，。、．；：！？）」』】》〉〕］｝〗％‰℃ー…‥・·～々ゝゞヽヾ,.;:!?)]}%"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NEVER_LAST = "（「『【《〈〔［｛〖＄￥£€฿#([{$"
_THAI_FOLLOWERS = "\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46"  # vowels, and marks of a word's end
_BLANKS = dict.fromkeys(map(ord, "\t\n\r\v\f\u00a0\u2028\u2029\u202f\u205f"), " ")
_BLANKS |= dict.fromkeys(range(0x2000, 0x200B), " ")
# they choose a form of the character before, which no receipt font has
_VARIANTS = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """`text` without control and format characters; line breaks, tabs and spaces become blanks.

    Half surrogates become U+FFFD, everything else keeps its meaning (NFC).
    """
    if text.isascii() and text.isprintable():
        return text
    safe = (
        text.translate(_BLANKS | _VARIANTS)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )
    kept = (char for char in safe if unicodedata.category(char) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFC", "".join(kept))


def clusters(text: str) -> Iterator[str]:
    """The parts of `text` that no line break may divide: a letter with its marks and vowels."""
    held = ""
    for char in text:
        if held and not _joins(held[-1], char):
            yield held
            held = ""
        held += char
    if held:
        yield held


def wrap(text: str, limit: float, width_of: Callable[[str], float]) -> list[str]:
    """Cut `text` into lines no wider than `limit`, at blanks or beside wide characters if it can.

    A cluster wider than `limit` stands alone on its line.
    """
    lines = []
    rest = list(clusters(text))
    while rest:
        count = _fitting(rest, limit, width_of)
        if count < len(rest):
            count = _break_before(rest, count)
        lines.append("".join(rest[:count]).rstrip(" "))
        rest = rest[count:]
        while rest and rest[0] == " ":
            rest.pop(0)
    return lines or [""]


def pair(
    left: str, right: str, *, limit: float, gap: float, width_of: Callable[[str], float]
) -> list[tuple[str, str]]:
    """Lay two texts out on as few lines as they need: (at the left edge, at the right edge)."""
    lefts = wrap(left, limit, width_of)
    rights = wrap(right, limit, width_of)
    if width_of(lefts[-1]) + gap + width_of(rights[0]) <= limit:
        joined = (lefts.pop(), rights.pop(0))
        return [(line, "") for line in lefts] + [joined] + [("", line) for line in rights]
    return [(line, "") for line in lefts] + [("", line) for line in rights]


def _joins(before: str, char: str) -> bool:
    if unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    thai = "\u0e01" <= before <= "\u0e4e"
    follows = char in _THAI_FOLLOWERS
    return thai and (follows or (before in _THAI_LEADING_VOWELS and "\u0e01" <= char <= "\u0e2e"))


def _fitting(parts: list[str], limit: float, width_of: Callable[[str], float]) -> int:
    width = 0.0
    for count, part in enumerate(parts):
        width += width_of(part)
        if width > limit and count:
            return count
    return len(parts)


def _break_before(parts: list[str], count: int) -> int:
    """The last place at or before `count` where a line may end; `count` itself if there is none."""
    for place in range(count, 0, -1):
        if _may_part(parts[place - 1], parts[place]) and parts[:place] != [" "] * place:
            return place
    return count


def _may_part(before: str, after: str) -> bool:
    if " " in (before, after):
        return True
    wide = _is_wide(before) or _is_wide(after)
    return wide and after not in _NEVER_FIRST and before not in _NEVER_LAST


def _is_wide(part: str) -> bool:
    return unicodedata.east_asian_width(part[0]) in ("W", "F")
