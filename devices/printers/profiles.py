"""What python-escpos knows of printer models: width, code pages, codes that they draw themselves.

The one rule: only what a profile says is believed; `default` says nothing, so it prints ASCII as
text and all else, codes too, as dots. Reads the file of profiles alone, since checking a
configuration must not load python-escpos.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from devices.options import BadOption
from devices.values import Barcode, QrCode

DEFAULT = "default"
USUAL_DOTS = 576  # 72 mm at 203 dpi, what most printers for 80 mm paper have
# Pages in which each byte is one cell from left to right, the first tried first.
_PAGES = {
    "CP437": "cp437",
    "CP858": "cp858",
    "CP850": "cp850",
    "CP1252": "cp1252",
    "CP852": "cp852",
    "CP1250": "cp1250",
    "ISO_8859-15": "iso8859_15",
    "ISO_8859-2": "iso8859_2",
}
Code = QrCode | Barcode
_FEATURES: dict[type[Code], str] = {QrCode: "qrCode", Barcode: "barcodeB"}  # CODE128 is of B


@dataclass(frozen=True, slots=True)
class CodePage:
    """A page that a printer has: the number for ESC t, and Python's name of it."""

    slot: int
    codec: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A printer model: its printable width, a multiple of 8, and its pages by preference.

    `draws` are the codes that it draws by itself: QrCode, Barcode.
    """

    dots: int
    pages: tuple[CodePage, ...] = ()
    draws: frozenset[type[Code]] = frozenset()

    def page_for(self, text: str) -> CodePage | None:
        """The first page that has every character of `text`, else None."""
        return next((page for page in self.pages if _has(page, text)), None)

    def sets(self, text: str) -> bool:
        """Whether the printer has letters for all of `text`."""
        return text.isascii() or self.page_for(text) is not None


@cache
def profile_of(name: str) -> Profile:
    """The profile of that name; raises BadOption for one that python-escpos does not have."""
    if name == DEFAULT:  # it says nothing, which needs no file
        return Profile(USUAL_DOTS)
    known = _profiles()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "leave it out if unsure"
        raise BadOption("profile", f"python-escpos has no profile {name!r}; {hint}")
    found = known[name]
    dots = found["media"]["width"].get("pixels", "Unknown")
    width = USUAL_DOTS if dots == "Unknown" else int(dots) // 8 * 8
    draws = frozenset(code for code, name in _FEATURES.items() if found["features"].get(name))
    return Profile(width, _pages(found["codePages"]), draws)


def _profiles() -> dict[str, Any]:
    package = find_spec("escpos")
    if package is None or package.origin is None:
        raise BadOption("profile", "python-escpos is not installed; posd needs it to print")
    text = Path(package.origin).with_name("capabilities.json").read_text(encoding="utf-8")
    profiles: dict[str, Any] = json.loads(text)["profiles"]
    return profiles


def _pages(slots: dict[str, str]) -> tuple[CodePage, ...]:
    first = {name: int(slot) for slot, name in reversed(slots.items())}
    return tuple(CodePage(first[name], codec) for name, codec in _PAGES.items() if name in first)


def _has(page: CodePage, text: str) -> bool:
    try:
        return len(text.encode(page.codec)) == len(text)
    except UnicodeEncodeError:
        return False
