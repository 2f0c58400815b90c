"""The two bodies of a payment request: flat in v2.x, packages in v4.

One rule: an amount leaves as the digits it holds, and a text as LINE Pay can take it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from posd.core.money import Money
from posd.linepay.payment import Event, OneTimeKeyPayment, Product, PromotionRestriction

NAME_LIMIT = 4000  # productName, products[].name
PACKAGE_NAME_LIMIT = 100
BRANCH_ID_LIMIT = 32  # LINE cuts longer ones itself
BRANCH_NAME_LIMIT = 100  # the smaller of the two figures in the sources (reference, section 10)

Shape = dict[str, Any]


def flat_shape(payment: OneTimeKeyPayment) -> Shape:
    """v2 and v2.4 (reference, section 3.1); there is no place for the lines of the basket."""
    shape = _common(payment)
    shape["productName"] = _text(payment.product_name, NAME_LIMIT)
    shape["capture"] = payment.capture
    extras = _extra(payment)
    if payment.events:
        extras["events"] = [_event(event) for event in payment.events]
    if payment.add_friends:
        extras["addFriends"] = [{"type": "LINE_AT", "idList": list(payment.add_friends)}]
    if extras:
        shape["extras"] = extras
    return shape


def packages_shape(payment: OneTimeKeyPayment) -> Shape:
    """v4 (reference, section 3.2); `packages` always, since the sandbox refuses a body without."""
    package = {
        "id": "1",
        "amount": number(payment.amount),
        "name": _text(payment.product_name, PACKAGE_NAME_LIMIT),
        "products": [_product(product) for product in _products(payment)],
    }
    shape = _common(payment) | {"packages": [package]}
    if options := _options(payment):
        shape["options"] = options
    return shape


def restriction_shape(restriction: PromotionRestriction) -> Shape:
    """`promotionRestriction`, wherever it stands."""
    shape: Shape = {"rewardLimit": number(restriction.reward_limit)}
    if restriction.use_limit is not None:
        shape["useLimit"] = number(restriction.use_limit)
    return shape


def number(money: Money) -> int | Decimal:
    """A whole amount as an integer in any currency, another with exactly its two decimals.

    LINE answers 1124, "scale", to 100.0 in TWD (reference, section 3.4); an integer is never
    ambiguous.
    """
    exact = money.decimal
    whole = int(exact)
    return whole if whole == exact else exact


def _common(payment: OneTimeKeyPayment) -> Shape:
    return {
        "amount": number(payment.amount),
        "currency": payment.amount.currency,
        "orderId": payment.order_id,
        "oneTimeKey": payment.one_time_key,
    }


def _options(payment: OneTimeKeyPayment) -> Shape:
    options: Shape = {}
    if not payment.capture:
        options["payment"] = {"capture": False}
    if extra := _extra(payment):
        options["extra"] = extra
    if payment.events:
        options["events"] = [_event(event) for event in payment.events]
    return options


def _extra(payment: OneTimeKeyPayment) -> Shape:
    extra: Shape = _named(
        ("branchId", _text(payment.branch_id, BRANCH_ID_LIMIT)),
        ("branchName", _text(payment.branch_name, BRANCH_NAME_LIMIT)),
    )
    if payment.promotion_restriction is not None:
        extra["promotionRestriction"] = restriction_shape(payment.promotion_restriction)
    return extra


def _event(event: Event) -> Shape:
    shape: Shape = {"code": event.code}
    if event.total_amount is not None:
        shape["totalAmount"] = number(event.total_amount)
    else:
        shape["productQuantity"] = event.product_quantity
    return shape


def _products(payment: OneTimeKeyPayment) -> tuple[Product, ...]:
    """The lines of the basket where they add up, else one line over the whole amount.

    LINE Pay answers 1124 when the sums disagree, and a discount has no line of its own there.
    """
    lines = payment.products
    plain = all(line.quantity > 0 and line.price.minor >= 0 for line in lines)
    same_currency = all(_currencies(line) == {payment.amount.currency} for line in lines)
    total_minor = sum(line.quantity * line.price.minor for line in lines)
    if plain and same_currency and total_minor == payment.amount.minor:
        return lines
    return (Product(name=payment.product_name, quantity=1, price=payment.amount),)


def _currencies(line: Product) -> set[str]:
    return {money.currency for money in (line.price, line.original_price) if money is not None}


def _product(product: Product) -> Shape:
    shape: Shape = _named(("id", product.id))
    shape["name"] = _text(product.name, NAME_LIMIT)
    shape |= _named(("imageUrl", product.image_url))
    shape["quantity"] = product.quantity
    shape["price"] = number(product.price)
    if product.original_price is not None:
        shape["originalPrice"] = number(product.original_price)
    return shape


def _named(*texts: tuple[str, str]) -> Shape:
    return {name: text for name, text in texts if text}


def _text(text: str, limit: int) -> str:
    """Cut to what LINE Pay takes; half a surrogate pair, which UTF-8 cannot carry, becomes `?`."""
    return text[:limit].encode("utf-8", "replace").decode()
