"""Receipt documents out of bytes: a line an element, so that a fuzzer's changes stay local.

The first byte chooses paper, language and how codes are printed. The first byte of each line
chooses the element and its style; the rest is its text, halves of surrogate pairs included.
"""

from __future__ import annotations

from collections.abc import Callable

from devices.values import (
    Align,
    Barcode,
    Blank,
    Columns,
    Element,
    QrCode,
    ReceiptDocument,
    Rule,
    Text,
)

MAX_LINES = 12
LANGUAGES = ("en", "zh-TW", "th", "ja")
_MAKERS: tuple[Callable[[str, int], Element], ...] = (
    lambda text, style: Text(
        text, list(Align)[style % 3], bold=bool(style & 4), double=bool(style & 8)
    ),
    lambda text, style: Columns(*_halves(text), bold=bool(style & 4), double=bool(style & 8)),
    lambda text, style: QrCode(text),
    lambda text, style: Barcode(text),
    lambda text, style: Rule(),
    lambda text, style: Blank(),
)


def document_of(data: bytes) -> tuple[ReceiptDocument, int, str]:
    """A document, the width of its paper in dots, and how codes are printed."""
    choice = data[0] if data else 0
    lines = data[1:].split(b"\n")[:MAX_LINES]
    elements = tuple(_element(line) for line in lines if line)
    document = ReceiptDocument(elements, LANGUAGES[choice % 4])
    return document, 384 if choice & 4 else 576, "native" if choice & 8 else "bitmap"


def _element(line: bytes) -> Element:
    make = _MAKERS[line[0] % len(_MAKERS)]
    return make(line[1:].decode("utf-8", "surrogateescape"), line[0] // len(_MAKERS))


def _halves(text: str) -> tuple[str, str]:
    left, _, right = text.partition("|")
    return left, right
