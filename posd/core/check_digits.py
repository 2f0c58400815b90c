"""Whether the check digit of a product's number is right.

Rule: digits in, a bool out, for any text; one wrong digit is always found (GS1 General
Specifications, section 7.9: check digit calculations, and 7.10: UPC-E).
"""

from __future__ import annotations

import re

ADD_ON_DIGITS = 5  # what a book's price add-on brings behind its 13 digits

_DIGITS = re.compile(r"[0-9]+")
_UPC_E = re.compile(r"[01][0-9]{7}")


def gtin_holds(digits: str) -> bool:
    """GTIN-8, -12, -13 and -14: weighted 3 and 1 from the right, a multiple of 10 with the last."""
    if not _DIGITS.fullmatch(digits):
        return False
    weighted = (int(digit) * (1, 3)[at % 2] for at, digit in enumerate(reversed(digits)))
    return sum(weighted) % 10 == 0


def gtin_8_holds(digits: str) -> bool:
    """Eight digits that are an EAN-8, or a UPC-E with its 0 or 1 in front and its check digit."""
    return gtin_holds(digits) or (bool(_UPC_E.fullmatch(digits)) and gtin_holds(_expanded(digits)))


def gtin_13_with_add_on_holds(digits: str) -> bool:
    """An EAN-13 and the five digits of its add-on, sent as one number."""
    return gtin_holds(digits[:-ADD_ON_DIGITS])


def _expanded(upc_e: str) -> str:
    """The UPC-A whose zeros a UPC-E leaves out; its last digit but one says where they stood."""
    system, body, last, check = upc_e[0], upc_e[1:6], upc_e[6], upc_e[7]
    if last in "012":
        return f"{system}{body[:2]}{last}0000{body[2:]}{check}"
    if last in "34":
        kept = int(last)
        return f"{system}{body[:kept]}00000{body[kept:]}{check}"
    return f"{system}{body}0000{last}{check}"
