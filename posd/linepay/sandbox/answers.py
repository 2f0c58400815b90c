"""The JSON of the answers about one order: envelope, and `info` as each version writes it.

The rule: amounts are exact (whole numbers for TWD, decimals without float artefacts for others) and
a transactionId is a JSON number of 19 digits. Source: reference, section 4.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from posd.core.money import DECIMALS, Money
from posd.linepay.sandbox.order import Distortion, Order, Refund, Status
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.purse import Purse, Share, balance_left, shares
from posd.linepay.sandbox.result_codes import SUCCESS, Refused, message_of
from posd.linepay.sandbox.routes import Dialect

Info = dict[str, Any]

OTHER_ORDER_ID = "ANOTHER-ORDER"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def envelope(code: str, info: Info | list[Info] | None = None) -> bytes:
    """An answer of the API; `info` goes with success only."""
    members: Info = {"returnCode": code, "returnMessage": message_of(code)}
    return _ENCODER.encode(members if info is None else members | {"info": info})


def refusal(refused: Refused) -> bytes:
    """The answer that refuses; what is wrong in detail stays in the log."""
    return _ENCODER.encode({"returnCode": refused.code, "returnMessage": refused.told})


def paid(book: OrderBook, order: Order, dialect: Dialect) -> bytes:
    """The answer of pay, also for an order that will be COMPLETE only later."""
    return _told(_whole(book, order, dialect), order.distortion)


def checked(book: OrderBook, order: Order, dialect: Dialect, distortion: Distortion) -> bytes:
    """The answer of check; only an order that took money says how it was paid."""
    status = book.status(order)
    info: Info = {"status": status} | _whole(book, order, dialect)
    if order.final is not Status.COMPLETE or status == Status.AUTH_READY:
        info.pop("payInfo", None)
    if order.final is Status.FAIL and order.fail_code and dialect is Dialect.V2:
        info["failReturnCode"] = order.fail_code
        info["failReturnMessage"] = message_of(order.fail_code)
    return _told(info, distortion or order.distortion)


def captured(book: OrderBook, order: Order, dialect: Dialect, distortion: Distortion) -> bytes:
    """The answer of capture."""
    info = _whole(book, order, dialect)
    info.pop("authorizationExpireDate", None)
    return _told(info, distortion)


def refunded(refund: Refund) -> bytes:
    """The answer of refund."""
    made = {
        "refundTransactionId": refund.transaction_id,
        "refundTransactionDate": date_text(refund.made_s),
    }
    return envelope(SUCCESS, made)


def identity(order: Order, dialect: Dialect) -> Info:
    """What every answer about an order begins with."""
    info: Info = {
        "transactionId": order.transaction_id,
        "orderId": order.order_id,
        "transactionDate": date_text(order.created_s),
        "payInfo": [_entry(share, order) for share in shares(order.purse, order.booked)],
    }
    if dialect is not Dialect.V2:
        info["paymentProvider"] = order.purse.provider
    return info


def _whole(book: OrderBook, order: Order, dialect: Dialect) -> Info:
    info = identity(order, dialect)
    if dialect is Dialect.V2 or book.assumptions["balance"] == "all":
        left = Money(max(0, balance_left(order.purse, order.booked)), order.money.currency)
        info["balance"] = number(left)
    if order.expires_s is not None:
        info["authorizationExpireDate"] = date_text(order.expires_s)
    return info | _carrier(order.purse)


def _carrier(purse: Purse) -> Info:
    if not purse.carrier:
        return {}
    card = {"cardType": "MOBILE_CARRIER", "cardId": purse.carrier}
    return {"merchantReference": {"affiliateCards": [card]}}


def _entry(share: Share, order: Order) -> Info:
    entry: Info = {
        "method": share.method,
        "amount": number(Money(share.minor, order.money.currency)),
    }
    if share.method == "CREDIT_CARD":
        named = {
            "creditCardBrand": order.purse.card_brand,
            "maskedCreditCardNumber": order.purse.masked_card,
        }
        entry |= {name: value for name, value in named.items() if value}
    return entry


def number(money: Money) -> int | Decimal:
    """An amount as it stands in JSON."""
    return money.minor if DECIMALS[money.currency] == 0 else money.decimal


def date_text(moment_s: float) -> str:
    """A date as LINE Pay writes it, in UTC."""
    return f"{datetime.fromtimestamp(moment_s, UTC):%Y-%m-%dT%H:%M:%SZ}"


def distort(info: Info, distortion: Distortion) -> None:
    """Make a true `info` lie."""
    if distortion is Distortion.NO_PAYINFO:
        info.pop("payInfo", None)
    elif distortion is Distortion.WRONG_AMOUNT and info.get("payInfo"):
        info["payInfo"][0]["amount"] += 1
    elif distortion is Distortion.OTHER_ORDER:
        info["orderId"] = OTHER_ORDER_ID


def _told(info: Info, distortion: Distortion) -> bytes:
    distort(info, distortion)
    body = envelope(SUCCESS, info)
    if distortion is Distortion.DUPLICATE_MEMBER:
        return body.removesuffix(b"}}") + f',"orderId":"{OTHER_ORDER_ID}"}}}}'.encode()
    return body
