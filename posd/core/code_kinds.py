"""Everything that a code at the counter can be named as.

Rule: a kind says what the shape proves and no more. Where two things look alike, a kind of its own
says so (`LINE_PAY_OR_...`), and what only looks like something is worded as that. The words are
`notice.key_<kind>` for the cashier and `display.code.key_<kind>` for the customer.
"""

from __future__ import annotations

from enum import StrEnum


class CodeKind(StrEnum):
    """What a scan is. Only KEY is ever sent to LINE Pay; every other kind costs no call."""

    KEY = "key"  # taken as a one-time key of this lane

    # this shop's own paper
    RECEIPT_NUMBER = "receipt_number"
    ORDER_ID = "order_id"

    # Taiwan's e-invoice
    EINVOICE_CARRIER = "einvoice_carrier"  # the customer's phone carrier: / and 7 characters
    CITIZEN_CARRIER = "citizen_carrier"  # a citizen digital certificate as the carrier
    DONATION_CODE = "donation_code"  # may be one: 3 to 7 digits
    EINVOICE = "einvoice"  # bar code or either QR code of a printed e-invoice

    # goods, and what shops hand out
    PRODUCT_CODE = "product_code"
    BOOK_CODE = "book_code"
    MAGAZINE_CODE = "magazine_code"
    SHOP_CODE = "shop_code"  # a shop's own number: membership, weighed goods
    COUPON_CODE = "coupon_code"
    MEMBERSHIP_CODE = "membership_code"
    GS1_CODE = "gs1_code"  # goods and parcels, with data behind the number

    # payment codes that LINE Pay cannot take
    TWQR = "twqr"
    PROMPTPAY_QR = "promptpay_qr"
    SHOP_QR = "shop_qr"  # another QR code that payers scan (EMVCo, merchant-presented)
    TRANSFER_SLIP = "transfer_slip"  # the QR code of a Thai bank's transfer slip
    WALLET_QR = "wallet_qr"  # a QR code of a paying app (EMVCo, consumer-presented)
    ALIPAY_CODE = "alipay_code"  # looks like one
    UNIONPAY_CODE = "unionpay_code"  # looks like one

    # LINE Pay, but not a key of this lane; and what may be that or something else
    LINE_PAY_ABROAD = "line_pay_abroad"
    LINE_PAY_OR_PRODUCT = "line_pay_or_product"
    LINE_PAY_OR_WALLET = "line_pay_or_wallet"
    LINE_PAY_LINK = "line_pay_link"

    # what phones scan
    LINE_LINK = "line_link"
    WEB_ADDRESS = "web_address"
    WIFI_CODE = "wifi_code"
    CONTACT_CODE = "contact_code"

    # no shape that posd knows
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BINARY = "binary"
    NOT_DIGITS = "not_digits"
