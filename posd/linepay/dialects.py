"""The three dialects of the same API: paths, body shapes, and which authentication.

One rule: a dialect is a row of `RULES`; nothing else in the package asks which version it speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import msgspec

from posd.core.money import Money
from posd.linepay.authentication import Authentication, ChannelSecretHeader, Signature
from posd.linepay.messages import OneTimeKeyPayment, Product

NAME_LIMIT = 4000  # productName, products[].name
PACKAGE_NAME_LIMIT = 100
BRANCH_ID_LIMIT = 32  # LINE cuts longer ones itself
BRANCH_NAME_LIMIT = 100  # the smaller of the two figures in the sources (reference, section 10)


class Dialect(StrEnum):
    """A version of the API, spelled as in its paths."""

    V2 = "v2"
    V2_4 = "v2.4"
    V4 = "v4"


@dataclass(frozen=True, slots=True)
class Rules:
    """What sets one dialect apart."""

    authentication: Callable[[str], Authentication]
    pay_shape: Callable[[OneTimeKeyPayment], dict[str, Any]]


def pay_path(dialect: Dialect) -> str:
    """The path of the payment request (reference, section 1.2)."""
    return f"/{dialect}/payments/oneTimeKeys/pay"


def check_path(dialect: Dialect, order_id: str) -> str:
    """The path of the status check; the order id is percent-encoded.

    Whether v4 signs the encoded or the decoded form is not documented: keep ids in
    `[A-Za-z0-9_-]`, where both are the same (reference, section 2.2).
    """
    return f"/{dialect}/payments/orders/{quote(order_id, safe='')}/check"


def details_path(dialect: Dialect) -> str:
    """The path of the payment details; which payment goes into the query."""
    return f"/{dialect}/payments"


def details_query(order_id: str) -> str:
    """The query of the payment details, as it is sent and, without its `?`, signed."""
    return f"orderId={quote(order_id, safe='')}"


def pay_body(dialect: Dialect, payment: OneTimeKeyPayment) -> bytes:
    """The body of the payment request, serialised once: what is signed is what is sent."""
    return _ENCODER.encode(RULES[dialect].pay_shape(payment))


def flat_shape(payment: OneTimeKeyPayment) -> dict[str, Any]:
    """v2 and v2.4 (reference, section 3.1)."""
    shape = _common(payment)
    shape["productName"] = _text(payment.product_name, NAME_LIMIT)
    shape["capture"] = payment.capture
    if branch := _branch(payment):
        shape["extras"] = branch
    return shape


def packages_shape(payment: OneTimeKeyPayment) -> dict[str, Any]:
    """v4 (reference, section 3.2); `packages` always, since the sandbox refuses a body without."""
    package = {
        "id": "1",
        "amount": _number(payment.amount),
        "name": _text(payment.product_name, PACKAGE_NAME_LIMIT),
        "products": [_product(product) for product in _products(payment)],
    }
    shape = _common(payment) | {"packages": [package]}
    if options := _options(payment):
        shape["options"] = options
    return shape


RULES = {
    Dialect.V2: Rules(ChannelSecretHeader, flat_shape),
    Dialect.V2_4: Rules(ChannelSecretHeader, flat_shape),
    Dialect.V4: Rules(Signature, packages_shape),
}

# Decimals leave as the digits they hold; a float never exists on the way.
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _common(payment: OneTimeKeyPayment) -> dict[str, Any]:
    return {
        "amount": _number(payment.amount),
        "currency": payment.amount.currency,
        "orderId": payment.order_id,
        "oneTimeKey": payment.one_time_key,
    }


def _options(payment: OneTimeKeyPayment) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if not payment.capture:
        options["payment"] = {"capture": False}
    if branch := _branch(payment):
        options["extra"] = branch
    return options


def _branch(payment: OneTimeKeyPayment) -> dict[str, str]:
    branch = {
        "branchId": _text(payment.branch_id, BRANCH_ID_LIMIT),
        "branchName": _text(payment.branch_name, BRANCH_NAME_LIMIT),
    }
    return {name: value for name, value in branch.items() if value}


def _products(payment: OneTimeKeyPayment) -> tuple[Product, ...]:
    """The lines of the basket where they add up, else one line over the whole amount.

    LINE Pay answers 1124 when the sums disagree, and a discount has no line of its own there.
    """
    lines = payment.products
    plain = all(line.quantity > 0 and line.price.minor >= 0 for line in lines)
    same_currency = all(line.price.currency == payment.amount.currency for line in lines)
    total_minor = sum(line.quantity * line.price.minor for line in lines)
    if plain and same_currency and total_minor == payment.amount.minor:
        return lines
    return (Product(name=payment.product_name, quantity=1, price=payment.amount),)


def _product(product: Product) -> dict[str, Any]:
    return {
        "name": _text(product.name, NAME_LIMIT),
        "quantity": product.quantity,
        "price": _number(product.price),
    }


def _number(money: Money) -> int | Decimal:
    """A whole amount as an integer in any currency, another with exactly its two decimals.

    LINE answers 1124, "scale", to 100.0 in TWD (reference, section 3.4); an integer is never
    ambiguous.
    """
    exact = money.decimal
    whole = int(exact)
    return whole if whole == exact else exact


def _text(text: str, limit: int) -> str:
    """Cut to what LINE Pay takes; half a surrogate pair, which UTF-8 cannot carry, becomes `?`."""
    return text[:limit].encode("utf-8", "replace").decode()
