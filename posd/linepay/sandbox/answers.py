"""The JSON of an answer: envelope, and `info` as each version writes it.

The rule: amounts are exact (whole numbers for TWD, decimals without float artefacts for others) and
a transactionId is a JSON number of 19 digits. Source: reference, section 4.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from posd.core.money import DECIMALS, Money
from posd.linepay.sandbox.orders import Distortion, Order, Status
from posd.linepay.sandbox.result_codes import SUCCESS, message_of
from posd.linepay.sandbox.routes import Dialect

Info = dict[str, Any]

OTHER_ORDER_ID = "ANOTHER-ORDER"
_BALANCE = 10_000
_METHODS = {"balance": "BALANCE", "card": "CREDIT_CARD", "point": "POINT"}
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def envelope(code: str, info: Info | list[Info] | None = None) -> bytes:
    """An answer of the API; `info` goes with success only."""
    members: Info = {"returnCode": code, "returnMessage": message_of(code)}
    return _ENCODER.encode(members if info is None else members | {"info": info})


def paid(order: Order, dialect: Dialect) -> bytes:
    """The answer of pay for an order that is or will be COMPLETE."""
    return _told(_info(order, dialect), order.distortion)


def checked(order: Order, dialect: Dialect, *, status: Status, distortion: Distortion) -> bytes:
    """The answer of check; only a COMPLETE order says how it was paid."""
    info: Info = {"status": status} | _info(order, dialect)
    if status is not Status.COMPLETE:
        del info["payInfo"]
    if status is Status.FAIL and order.fail_code and dialect is Dialect.V2:
        info["failReturnCode"] = order.fail_code
        info["failReturnMessage"] = message_of(order.fail_code)
    return _told(info, distortion or order.distortion)


def detailed(order: Order, dialect: Dialect) -> bytes:
    """The answer of details for a COMPLETE order: a list of one."""
    info = _info(order, dialect)
    info.pop("balance", None)
    booked = {"transactionType": "PAYMENT", "currency": order.money.currency}
    return envelope(SUCCESS, [info | booked])


def _info(order: Order, dialect: Dialect) -> Info:
    info: Info = {
        "transactionId": order.transaction_id,
        "orderId": order.order_id,
        "transactionDate": f"{datetime.fromtimestamp(order.created_s, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "payInfo": _pay_info(order.money, order.funding),
    }
    if dialect is Dialect.V2:
        info["balance"] = _BALANCE
    else:
        info["paymentProvider"] = "TSP"
    return info


def _pay_info(money: Money, funding: str) -> list[Info]:
    if funding != "mixed":
        return [{"method": _METHODS[funding], "amount": number(money)}]
    points = Money(money.minor // 2, money.currency)
    rest = Money(money.minor - points.minor, money.currency)
    return [
        {"method": "POINT", "amount": number(points)},
        {"method": "BALANCE", "amount": number(rest)},
    ]


def number(money: Money) -> int | Decimal:
    """An amount as it stands in JSON."""
    return money.minor if DECIMALS[money.currency] == 0 else money.decimal


def _told(info: Info, distortion: Distortion) -> bytes:
    """Write the answer, with the lie that it was asked to tell."""
    if distortion is Distortion.NO_PAYINFO:
        info.pop("payInfo", None)
    elif distortion is Distortion.WRONG_AMOUNT and "payInfo" in info:
        entry = info["payInfo"][0]
        entry["amount"] += 1
    elif distortion is Distortion.OTHER_ORDER:
        info["orderId"] = OTHER_ORDER_ID
    body = envelope(SUCCESS, info)
    if distortion is Distortion.DUPLICATE_MEMBER:
        return body.removesuffix(b"}}") + f',"orderId":"{OTHER_ORDER_ID}"}}}}'.encode()
    return body
