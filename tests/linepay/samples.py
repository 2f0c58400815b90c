"""Answers of LINE Pay with every documented member, and requests with every field."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from posd.core.money import Money
from posd.linepay import Event, OneTimeKeyPayment, Operation, Product, PromotionRestriction

KEY = "381234567890123456"

PAY_INFO = [
    {"method": "POINT", "amount": 10},
    {
        "method": "CREDIT_CARD",
        "amount": 90,
        "creditCardBrand": "VISA",
        "creditCardNickname": "mine",
        "maskedCreditCardNumber": "****-1234",
    },
]
CARDS = {"affiliateCards": [{"cardType": "MOBILE_CARRIER", "cardId": "/ABC1234"}]}
PAID_INFO: dict[str, Any] = {
    "transactionId": 2026112412345678901,
    "orderId": "O-1",
    "transactionDate": "2026-11-24T01:01:00Z",
    "payInfo": PAY_INFO,
    "balance": 900,
    "authorizationExpireDate": "2026-12-24T01:01:00Z",
    "merchantReference": CARDS,
    "paymentProvider": "EPI",
    "currency": "TWD",
}
BOOKED: dict[str, Any] = {
    "transactionId": 2026112412345678901,
    "orderId": "O-1",
    "transactionDate": "2026-11-24T01:01:00Z",
    "transactionType": "PAYMENT",
    "productName": "Coffee",
    "currency": "TWD",
    "payInfo": PAY_INFO,
    "authorizationExpireDate": "2026-12-24T01:01:00Z",
    "payStatus": "CAPTURE",
    "paymentProvider": "EPI",
}
REFUND_LIST = [
    {
        "refundTransactionId": 2026112412345678902,
        "transactionType": "PARTIAL_REFUND",
        "refundAmount": -30,
        "refundTransactionDate": "2026-11-24T02:00:00Z",
    },
    {"refundTransactionId": "2026112412345678903", "refundAmount": -20.5},
]
DETAILS = BOOKED | {
    "refundList": REFUND_LIST,
    "merchantName": "Corner Tea",
    "originalTransactionId": 2026112412345678900,
    "merchantReference": CARDS,
}
INFOS: dict[Operation, Any] = {
    Operation.PAY: PAID_INFO,
    Operation.CHECK: PAID_INFO
    | {"status": "COMPLETE", "failReturnCode": "1142", "failReturnMessage": "low"},
    Operation.AUTHORIZATIONS: [BOOKED],
    Operation.CAPTURE: PAID_INFO,
    Operation.VOID: None,
    Operation.DETAILS: [DETAILS],
    Operation.REFUND: {
        "refundTransactionId": 2026112412345678902,
        "refundTransactionDate": "2026-11-24T02:00:00Z",
    },
}


def envelope(info: Any, code: str = "0000") -> bytes:
    stated = {"returnCode": code, "returnMessage": "-"} | ({} if info is None else {"info": info})
    return json.dumps(stated).encode()


def full_payment(**changes: Any) -> OneTimeKeyPayment:
    twd = "TWD"
    values: dict[str, Any] = {
        "order_id": "O-1",
        "one_time_key": KEY,
        "amount": Money(100, twd),
        "product_name": "Coffee",
        "products": (
            Product(
                "Latte",
                2,
                Money(50, twd),
                id="P1",
                image_url="https://shop.example/latte.png",
                original_price=Money(60, twd),
            ),
        ),
        "branch_id": "S1",
        "branch_name": "Ximen",
        "capture": False,
        "promotion_restriction": PromotionRestriction(Money(40, twd), Money(30, twd)),
        "events": (
            Event("E1", total_amount=Money(100, twd)),
            Event("E2", product_quantity=2),
        ),
    }
    return OneTimeKeyPayment(**(values | changes))


def exact(body: bytes) -> Any:
    """The JSON, its numbers exact."""
    return json.loads(body, parse_float=Decimal)
