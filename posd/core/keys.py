"""What a scanned code is, by its shape alone: no call is spent to find out.

Rule: a code is taken as a one-time key only if it is digits of the one length that this lane
takes. Anything else is named. A scanner's AIM identifier, where it sends one, is believed over
the length: an EAN of 12 digits is a product code, not a Thai key. Without one, only a length that
no key has (13 or 8) and a right check digit name a product.
"""

from __future__ import annotations

import re

KEY = "key"
PRODUCT_CODE = "product_code"
RECEIPT_NUMBER = "receipt_number"
NOT_DIGITS = "not_digits"
WRONG_LENGTH = "wrong_length"

_RECEIPT_NUMBER = re.compile(r"R(?:[0-9]{2}){3,10}")
_PRODUCT_AIM_IDS = ("]E", "]e", "]I", "]C1")  # EAN/UPC, DataBar, ITF, GS1-128


def classify(text: str, *, aim_id: str, key_length: int) -> str:
    """One of the names above for what the scanner read."""
    if _RECEIPT_NUMBER.fullmatch(text):
        return RECEIPT_NUMBER
    if aim_id.startswith(_PRODUCT_AIM_IDS):
        return PRODUCT_CODE
    if not (text.isascii() and text.isdigit()):
        return NOT_DIGITS
    if len(text) == key_length:
        return KEY
    return PRODUCT_CODE if _is_ean(text) else WRONG_LENGTH


def _is_ean(digits: str) -> bool:
    """EAN-13 or EAN-8: the digits, weighted 1 and 3 from the right, add up to a multiple of 10."""
    weighted = (int(digit) * (1, 3)[at % 2] for at, digit in enumerate(reversed(digits)))
    return len(digits) in (13, 8) and sum(weighted) % 10 == 0
