"""What a scanned code is, by its shape alone: no call is spent to find out.

Rule: a code is taken as a one-time key only if it is digits of the one length that this lane
takes, and a code of that length is refused only if the scanner's AIM identifier proves that it is
something else: an EAN of 12 digits is a product code, not a Thai key. Without that proof the
lane's country decides, and `doubt` says what else the code may be. Anything else is named.
"""

from __future__ import annotations

from posd.core.code_kinds import CodeKind
from posd.core.code_shapes import DOUBTFUL, NAMED, PROVED, first_fit

KEY = CodeKind.KEY

_TAIWAN = 18
_DONATION = range(3, 8)


def classify(text: str, *, aim_id: str, key_length: int) -> CodeKind:
    """The kind of what the scanner read, for a lane whose keys have `key_length` digits."""
    proved = first_fit(PROVED, text, aim_id)
    if proved:
        return proved
    digits = text.isascii() and text.isdigit()
    if digits and len(text) == key_length:
        return KEY
    named = first_fit(DOUBTFUL + NAMED, text, aim_id)
    return named or (_by_length(text, key_length) if digits else CodeKind.NOT_DIGITS)


def doubt(text: str, *, aim_id: str) -> CodeKind | None:
    """What a code that was taken as a key may be as well; None where nothing known is like it."""
    return first_fit(DOUBTFUL, text, aim_id)


def _by_length(digits: str, key_length: int) -> CodeKind:
    if key_length == _TAIWAN and len(digits) in _DONATION:
        return CodeKind.DONATION_CODE
    return CodeKind.TOO_SHORT if len(digits) < key_length else CodeKind.TOO_LONG
