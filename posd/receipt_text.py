"""A receipt document as plain text, for terminals, logs of a demo and `receipt.txt`.

It shows what is on the paper; how the paper looks is the picture's affair.
"""

from __future__ import annotations

import unicodedata

from devices.printers.text import pair, wrap
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

WIDTH = 48  # columns of 80 mm paper in font A


def receipt_text(document: ReceiptDocument, width: int = WIDTH) -> str:
    """The lines of the document, at most `width` columns where that can be had."""
    lines = [line for element in document.elements for line in _lines(element, width)]
    return "\n".join(lines) + "\n"


def _lines(element: Element, width: int) -> list[str]:
    match element:
        case Text(text, align):
            return [_aligned(row, align, width) for row in wrap(text, width, columns)]
        case Columns(left, right):
            rows = pair(left, right, limit=width, gap=1, width_of=columns)
            return [_at_both_edges(*row, width) for row in rows]
        case Rule():
            return ["-" * width]
        case Blank():
            return [""]
        case QrCode(data):
            return [_aligned(f"[QR {data}]", Align.CENTER, width)]
        case Barcode(data):
            return [_aligned(f"[BARCODE {data}]", Align.CENTER, width)]


def _at_both_edges(left: str, right: str, width: int) -> str:
    gap = max(0, width - columns(left) - columns(right))
    return f"{left}{' ' * gap}{right}"


def _aligned(text: str, align: Align, width: int) -> str:
    room = max(0, width - columns(text))
    left = {Align.LEFT: 0, Align.CENTER: room // 2, Align.RIGHT: room}[align]
    return " " * left + text


def columns(text: str) -> int:
    """How many columns a terminal needs: two for wide characters, none for combining ones."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
