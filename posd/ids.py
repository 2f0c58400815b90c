"""Names that are given once: sale and order ids, receipt numbers, fingerprints of keys.

Nothing here counts: a counter can reset, and an order id must never come twice.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(wall_ms: int) -> str:
    """26 characters that sort by time: 48 bits of it, then 80 of chance (the ULID layout)."""
    value = (wall_ms & (1 << 48) - 1) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def order_id(store_id: str, lane_id: str, sale_id: str) -> str:
    """The merchant's order id at LINE Pay: at most 100 characters of `[A-Za-z0-9_-]`."""
    return f"{store_id}-{lane_id}-{sale_id}"


def receipt_number(wall_ms: int) -> str:
    """`R` and 14 digits: the UTC time to a hundredth of a second.

    An even number of digits keeps the CODE128 short, and with its letter it can never be taken
    for a one-time key. The caller makes sure that it is new.
    """
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC)
    return f"R{moment:%y%m%d%H%M%S}{moment.microsecond // 10_000:02d}"


def fingerprint(secret: bytes, code: str) -> str:
    """The HMAC-SHA256 of a scanned code, in hex: the journal knows keys by this alone."""
    return hmac.digest(secret, code.encode(), "sha256").hex()
