"""QR codes of other payment systems that follow EMVCo's layout: which one a text is.

Rule: a text is one of them only if its own checksum says so; any text is answered.

Sources: EMV QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1 (objects of
two digits id, two digits length; id 63 is a CRC over everything in front of its value) and
Consumer-Presented Mode 1.1 (base64 of BER-TLV that begins with tag 85, "CPV01"). PromptPay: Thai
QR Payment standard of the Bank of Thailand (application ids A000000677...). Transfer slips: SCB,
"Extracting data from mini QR" (id 00 holds API id 000001, id 91 the CRC).
"""

from __future__ import annotations

import re
from binascii import crc_hqx
from collections.abc import Iterator

_SHOP = re.compile(r"000201.*6304([0-9A-Fa-f]{4})", re.DOTALL)
_SLIP = re.compile(r"00[0-9]{2}0006000001.*9104([0-9A-Fa-f]{4})", re.DOTALL)
_CRC_DIGITS = 4
_MERCHANT_ACCOUNTS = range(26, 52)  # the ids of templates that open with an application's id
_PROMPTPAY = "0016A000000677"


def is_shop_qr(text: str) -> bool:
    """A merchant-presented code, whoever's, with a right CRC."""
    return _crc_holds(_SHOP, text)


def is_promptpay(text: str) -> bool:
    """A merchant-presented code by which PromptPay is paid: transfers and bills."""
    accounts = (value for id_, value in _objects(text) if id_ in _MERCHANT_ACCOUNTS)
    return is_shop_qr(text) and any(value.startswith(_PROMPTPAY) for value in accounts)


def is_transfer_slip(text: str) -> bool:
    """The code of a Thai bank's slip: somebody transferred something, somewhere."""
    return _crc_holds(_SLIP, text)


def _crc_holds(shape: re.Pattern[str], text: str) -> bool:
    """CRC-16 with polynomial 1021 and start FFFF, over all in front of its four hex digits."""
    found = shape.fullmatch(text)
    covered = text[:-_CRC_DIGITS].encode("utf-8", "surrogatepass")
    return found is not None and crc_hqx(covered, 0xFFFF) == int(found[1], 16)


def _objects(text: str) -> Iterator[tuple[int, str]]:
    """The objects of the outermost level, as far as they are well formed."""
    while re.match(r"[0-9]{4}", text):
        end = 4 + int(text[2:4])
        yield int(text[:2]), text[4:end]
        text = text[end:]
