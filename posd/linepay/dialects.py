"""The three dialects of the same API: paths, bodies, and which authentication.

One rule: a dialect is a row of `RULES`; nothing else in the package asks which version it speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import msgspec

from posd.core.money import Money
from posd.linepay.authentication import Authentication, ChannelSecretHeader, Signature
from posd.linepay.payment import (
    OneTimeKeyPayment,
    PromotionRestriction,
    require_amount,
    require_order_id,
    require_transaction_id,
)
from posd.linepay.result_codes import Operation
from posd.linepay.shapes import flat_shape, number, packages_shape, restriction_shape

NOTHING = b"{}"  # void and a full refund: what LINE Pay signs for no body at all is not documented


class Dialect(StrEnum):
    """A version of the API, spelled as in its paths."""

    V2 = "v2"
    V2_4 = "v2.4"
    V4 = "v4"


@dataclass(frozen=True, slots=True)
class Rules:
    """What sets one dialect apart; it has no place for the fields of `lacks`."""

    authentication: Callable[[str], Authentication]
    pay_shape: Callable[[OneTimeKeyPayment], dict[str, Any]]
    lacks: tuple[str, ...] = ()


RULES = {
    Dialect.V2: Rules(ChannelSecretHeader, flat_shape),
    Dialect.V2_4: Rules(ChannelSecretHeader, flat_shape, lacks=("add_friends",)),
    Dialect.V4: Rules(Signature, packages_shape, lacks=("add_friends",)),
}


def pay_path(dialect: Dialect) -> str:
    """The path of the payment request (reference, section 1.2)."""
    return f"/{dialect}/payments/oneTimeKeys/pay"


def order_path(dialect: Dialect, order_id: str, operation: Operation) -> str:
    """The path of check, capture, void or refund; raises ValueError for a bad order id.

    The order id is percent-encoded. Whether v4 signs the encoded or the decoded form is not
    documented: keep ids in `[A-Za-z0-9_-]`, where both are the same (reference, section 2.2).
    """
    require_order_id(order_id)
    return f"/{dialect}/payments/orders/{quote(order_id, safe='')}/{operation}"


def list_path(dialect: Dialect, operation: Operation) -> str:
    """The path of authorizations or details; which payment goes into the query."""
    tail = "/authorizations" if operation is Operation.AUTHORIZATIONS else ""
    return f"/{dialect}/payments{tail}"


def list_query(*, order_id: str | None = None, transaction_id: str | None = None) -> str:
    """The query of authorizations and details, as it is sent and, without its `?`, signed.

    Raises ValueError unless exactly one is given: that a list may take both is not documented.
    """
    if order_id is not None and transaction_id is None:
        require_order_id(order_id)
        return f"orderId={quote(order_id, safe='')}"
    if transaction_id is not None and order_id is None:
        require_transaction_id(transaction_id)
        return f"transactionId={transaction_id}"
    raise ValueError("order_id or transaction_id must be given, and not both")


def pay_body(dialect: Dialect, payment: OneTimeKeyPayment) -> bytes:
    """The body of the payment request, serialised once: what is signed is what is sent.

    Raises ValueError, naming the field, where the dialect has no place for it.
    """
    rules = RULES[dialect]
    for name in rules.lacks:
        if getattr(payment, name):
            raise ValueError(f"{name} cannot be sent in {dialect}")
    return _ENCODER.encode(rules.pay_shape(payment))


def capture_body(amount: Money, restriction: PromotionRestriction | None) -> bytes:
    """The body of a capture; the restriction is a member of its own (reference, section 10)."""
    require_amount("amount", amount)
    shape: dict[str, Any] = {"amount": number(amount), "currency": amount.currency}
    if restriction is not None:
        shape["promotionRestriction"] = restriction_shape(restriction)
    return _ENCODER.encode(shape)


def refund_body(amount: Money) -> bytes:
    """The body of a refund of exactly this amount."""
    require_amount("amount", amount)
    return _ENCODER.encode({"refundAmount": number(amount)})


def refund_rest_body(restriction: PromotionRestriction | None) -> bytes:
    """The body of a refund of all that is left: no amount."""
    if restriction is None:
        return NOTHING
    return _ENCODER.encode({"promotionRestriction": restriction_shape(restriction)})


# Decimals leave as the digits they hold; a float never exists on the way.
_ENCODER = msgspec.json.Encoder(decimal_format="number")
