"""A receipt document as plain text, for terminals, logs of a demo and `receipt.txt`.

It shows what is on the paper; how the paper looks is the picture's affair.
"""

from __future__ import annotations

import unicodedata

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
    return "\n".join(_line(element, width) for element in document.elements) + "\n"


def _line(element: Element, width: int) -> str:
    match element:
        case Text():
            return _aligned(element.text, element.align, width)
        case Columns():
            gap = max(1, width - columns(element.left) - columns(element.right))
            return f"{element.left}{' ' * gap}{element.right}"
        case Rule():
            return "-" * width
        case Blank():
            return ""
        case QrCode():
            return _aligned(f"[QR {element.data}]", Align.CENTER, width)
        case Barcode():
            return _aligned(f"[BARCODE {element.data}]", Align.CENTER, width)


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
