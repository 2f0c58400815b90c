"""The shapes of codes that are scanned by mistake: three tables, read from the top; the first wins.

Rule: only what somebody documents stands here, with its source; what is merely usual does not.

PROVED is asked before a key is thought of: this shop's own numbers, which no key can look like,
and what the scanner's AIM identifier proves. DOUBTFUL are digits that a LINE Pay code and
something else may have; NAMED is the rest. In each, the narrower shape stands above the wider.

Sources
- AIM ids: ISO/IEC 15424. ]E EAN/UPC, ]I Interleaved 2 of 5, and those that carry only GS1 element
  strings: ]C1 GS1-128, ]d2 GS1 DataMatrix, ]Q3 GS1 QR Code, ]J1 GS1 DotCode, ]e DataBar.
- GS1 General Specifications, 1.4 (prefixes: 02, 04, 2 restricted circulation; 977 ISSN; 978 and 979
  ISBN and ISMN; 980 to 983 and 99 coupons and refund receipts) and 3 (application identifiers:
  01 GTIN, 8018 GSRN of a recipient, such as a member).
- E-invoice: Ministry of Finance, bar code specification 1.8 (19 characters: period, number, random
  code; two QR codes, the left one of at least 77 characters, the right one after `**`) and its
  carriers: phone `/` and 7 of 0-9 A-Z + - . ; citizen certificate 2 letters and 14 digits; donation
  codes 3 to 7 digits.
- TWQR: `TWQRP://<name>/158/<kind>/V1?...`, FISC's common QR code, also sent percent-encoded.
- Alipay `auth_code`: 16 to 24 digits that begin with 25 to 30 (alipay.trade.pay). WeChat Pay: 18
  digits that begin with 10 to 15 or 160 (Quick Pay). UnionPay: 19 digits that begin with 62.
- LINE's links: developers.line.biz, "LINE URL scheme"; LINE Pay's payment pages: paymentUrl of its
  Online API. Contacts and Wi-Fi: ZXing, "Barcode Contents".
JKOPAY, PX Pay, Pi, icash Pay, PayPay, TrueMoney and shops' membership cards document no shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from posd.core import check_digits, payment_qr
from posd.core.code_kinds import CodeKind

_ANY = ""
_UNNAMED = r"\Z"  # the scanner says nothing of the symbology
_RETAIL = r"\]E"
_ITF = r"\]I"
_GS1 = r"\]C1|\]d2|\]Q3|\]J1|\]e"

# EAN-13, by what its prefix says
_BOOK = r"97[89][0-9]{10}"
_MAGAZINE = r"977[0-9]{10}"
_COUPON = r"(?:98[0-3]|99[0-9])[0-9]{10}"
_SHOP = r"(?:0[24][0-9]|2[0-9]{2})[0-9]{10}"


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind, what begins the scanner's AIM id, the whole text, and what must hold besides."""

    kind: CodeKind
    aim_id: re.Pattern[str]
    text: re.Pattern[str]
    holds: Callable[[str], bool]

    def fits(self, text: str, aim_id: str) -> bool:
        """Whether this scan has the shape."""
        looks = self.aim_id.match(aim_id) and self.text.fullmatch(text)
        return looks is not None and self.holds(text)


def _shape(
    kind: CodeKind, text: str, aim_id: str = _ANY, holds: Callable[[str], bool] = bool
) -> Shape:
    return Shape(kind, re.compile(aim_id), re.compile(text, re.DOTALL), holds)


def first_fit(shapes: tuple[Shape, ...], text: str, aim_id: str) -> CodeKind | None:
    """The kind of the first shape that fits; None where none does."""
    return next((shape.kind for shape in shapes if shape.fits(text, aim_id)), None)


PROVED = (
    _shape(CodeKind.RECEIPT_NUMBER, r"R(?:[0-9]{2}){3,10}"),
    _shape(
        CodeKind.ORDER_ID, r"[A-Za-z0-9_-]{1,32}-[A-Za-z0-9_-]{1,32}-[0-7][0-9A-HJKMNP-TV-Z]{25}"
    ),
    _shape(CodeKind.BOOK_CODE, _BOOK + ".*", _RETAIL),
    _shape(CodeKind.MAGAZINE_CODE, _MAGAZINE + ".*", _RETAIL),
    _shape(CodeKind.COUPON_CODE, _COUPON + ".*", _RETAIL),
    _shape(CodeKind.SHOP_CODE, _SHOP + ".*", _RETAIL),
    _shape(CodeKind.PRODUCT_CODE, r".*", _RETAIL),
    _shape(CodeKind.PRODUCT_CODE, r".*", _ITF),
    _shape(CodeKind.MEMBERSHIP_CODE, r"8018[0-9]{18}.*", _GS1),
    _shape(CodeKind.PRODUCT_CODE, r"01[0-9]{14}.*", _GS1),
    _shape(CodeKind.GS1_CODE, r".*", _GS1),
)

DOUBTFUL = (
    _shape(CodeKind.LINE_PAY_OR_PRODUCT, r"[0-9]{12}", _UNNAMED, check_digits.gtin_holds),
    _shape(
        CodeKind.LINE_PAY_OR_PRODUCT,
        r"97[789][0-9]{15}",
        _UNNAMED,
        check_digits.gtin_13_with_add_on_holds,
    ),
    _shape(
        CodeKind.LINE_PAY_OR_WALLET,
        r"1[0-5][0-9]{16}|160[0-9]{15}|2[5-9][0-9]{16}|30[0-9]{16}",
    ),
)

NAMED = (
    _shape(CodeKind.LINE_PAY_ABROAD, r"[0-9]{12}|[0-9]{18}"),
    _shape(CodeKind.EINVOICE_CARRIER, r"/[0-9A-Z+.-]{7}"),
    _shape(CodeKind.CITIZEN_CARRIER, r"[A-Z]{2}[0-9]{14}"),
    _shape(CodeKind.EINVOICE, r"[0-9]{5}[A-Z]{2}[0-9]{12}"),
    _shape(CodeKind.EINVOICE, r"[A-Z]{2}[0-9]{19}[0-9A-Fa-f]{16}[0-9]{16}.{24}.*"),
    _shape(CodeKind.EINVOICE, r"\*\*.*"),
    _shape(CodeKind.TWQR, r"(?i:TWQRP(?::|%3A)(?:/|%2F){2}).*"),
    _shape(CodeKind.PROMPTPAY_QR, r"000201.*", holds=payment_qr.is_promptpay),
    _shape(CodeKind.SHOP_QR, r"000201.*", holds=payment_qr.is_shop_qr),
    _shape(CodeKind.TRANSFER_SLIP, r"00.*", holds=payment_qr.is_transfer_slip),
    _shape(CodeKind.WALLET_QR, r"hQVDUFYwMW[0-9A-Za-z+/]+={0,2}"),
    _shape(CodeKind.LINE_PAY_LINK, r"(?i:line://pay|https://line\.me/R/pay)(?:[/?#].*)?"),
    _shape(
        CodeKind.LINE_PAY_LINK,
        r"(?i:https://(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]*pay\.line\.me)(?:[/?#].*)?",
    ),
    _shape(
        CodeKind.LINE_LINK, r"(?i:line://|https://(?:[a-z0-9-]{1,63}\.)*line\.me(?:[/?#]|\Z)).*"
    ),
    _shape(CodeKind.LINE_LINK, r"(?i:https://lin\.ee/).*"),
    _shape(CodeKind.WIFI_CODE, r"(?i:WIFI:).*"),
    _shape(
        CodeKind.CONTACT_CODE,
        r"(?i:(?:BEGIN|END):VCARD|MECARD:|BIZCARD:|mailto:|tel:|sms(?:to)?:).*",
    ),
    _shape(CodeKind.CONTACT_CODE, r"[^\s@:/]{1,64}@[^\s@.:/]+(?:\.[^\s@.:/]+)+"),
    _shape(CodeKind.WEB_ADDRESS, r"(?i:[a-z][a-z0-9+.-]{0,31}://|www\.).*"),
    _shape(CodeKind.BOOK_CODE, _BOOK, _UNNAMED, check_digits.gtin_holds),
    _shape(CodeKind.MAGAZINE_CODE, _MAGAZINE, _UNNAMED, check_digits.gtin_holds),
    _shape(CodeKind.COUPON_CODE, _COUPON, _UNNAMED, check_digits.gtin_holds),
    _shape(CodeKind.SHOP_CODE, _SHOP, _UNNAMED, check_digits.gtin_holds),
    _shape(CodeKind.PRODUCT_CODE, r"[0-9]{13,14}", _UNNAMED, check_digits.gtin_holds),
    _shape(CodeKind.PRODUCT_CODE, r"[0-9]{8}", _UNNAMED, check_digits.gtin_8_holds),
    _shape(CodeKind.ALIPAY_CODE, r"(?:2[5-9]|30)[0-9]{14,22}"),
    _shape(CodeKind.UNIONPAY_CODE, r"62[0-9]{17}"),
    _shape(CodeKind.GS1_CODE, r"[!-~]+\x1d[!-~\x1d]*", _UNNAMED),
    _shape(CodeKind.BINARY, r".*[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd].*"),
)
