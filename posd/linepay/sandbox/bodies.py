"""The pay body of each version: read strictly, or refused.

The rule: a purchase that leaves this file is one that LINE Pay would take on; whether the key is
good and the order new is for others. Sources: reference, 3.1 (v2, v2.4), 3.2 (v4), 3.4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import msgspec

from posd.core.money import Money
from posd.linepay.sandbox import fields
from posd.linepay.sandbox.fields import Members
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Dialect

ORDER_ID_LENGTH = 100
KEY_LENGTHS = {18: "TW", 12: "TH"}

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a pay request asks for. `country` follows from the length of the key.

    `restricted` purchases name a promotionRestriction and are refunded in full only.
    """

    order_id: str
    money: Money
    one_time_key: str = field(repr=False)
    country: str
    captures: bool = True
    product_name: str = ""
    restricted: bool = False


def order_id_of(body: bytes) -> str | None:
    """The order id of a pay body if one can be read at all, whatever else is wrong with it."""
    try:
        order_id = read_object(body).get("orderId")
    except Refused:
        return None
    readable = isinstance(order_id, str) and 0 < len(order_id) <= ORDER_ID_LENGTH
    return order_id if readable else None


def read_object(body: bytes) -> Members:
    """A JSON object with exact numbers; raises Refused with 2101 or 2102."""
    if not body.strip():
        raise Refused("2101", "the body is empty")
    try:
        value = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidOperation, RecursionError) as error:
        raise Refused("2102", "the body is not JSON") from error
    if not isinstance(value, dict):
        raise Refused("2102", "the body is not a JSON object")
    return value


def read_purchase(members: Members, dialect: Dialect) -> Purchase:
    """Read a pay body of `dialect`; raises Refused."""
    order_id = fields.text(members, "orderId", ORDER_ID_LENGTH)
    currency = fields.currency_code(members, "currency")
    money = Money(fields.minor(members, "amount", currency), currency)
    if money.minor == 0:
        raise Refused("2101", "amount must be above 0")
    if dialect is Dialect.V4:
        return _with_packages(members, order_id, money)
    return _flat(members, order_id, money)


def _with_packages(members: Members, order_id: str, money: Money) -> Purchase:
    _check_packages(members, money)
    options = fields.optional_members(members, "options")
    payment = fields.optional_members(options, "payment")
    extra = fields.optional_members(options, "extra")
    fields.optional_text(extra, "branchId", 4000)  # 32 count; a longer one is cut, not refused
    _check_events(options, money.currency)
    first = members["packages"][0]["products"][0]["name"]
    return _with_key(members, order_id, money, _Terms(payment, extra, first))


def _flat(members: Members, order_id: str, money: Money) -> Purchase:
    name = fields.text(members, "productName", 4000)
    if "packages" in members or "options" in members:
        raise Refused("2103", "packages and options belong to v4")
    extras = fields.optional_members(members, "extras")
    fields.optional_text(extras, "branchId", 200)
    _check_events(extras, money.currency)
    return _with_key(members, order_id, money, _Terms(members, extras, name))


@dataclass(frozen=True, slots=True)
class _Terms:
    """Where this version keeps `capture` and the extras, and what the purchase is called."""

    payment: Members
    extras: Members
    product_name: str


def _with_key(members: Members, order_id: str, money: Money, terms: _Terms) -> Purchase:
    captures = not fields.is_switched_off(terms.payment, "capture")
    fields.optional_text(terms.extras, "branchName", 200)
    restricted = check_promotion(terms.extras, money.currency)
    key = fields.text(members, "oneTimeKey", 100)
    country = KEY_LENGTHS.get(len(key))
    if country is None or not (key.isascii() and key.isdigit()):
        raise Refused("1133", "oneTimeKey must be 18 digits (TW) or 12 digits (TH)")
    if (money.currency == "TWD") != (country == "TW"):
        raise Refused("1178", f"a {len(key)}-digit key ({country}) does not pay {money.currency}")
    return Purchase(order_id, money, key, country, captures, terms.product_name, restricted)


def check_promotion(extras: Members, currency: str) -> bool:
    """Whether there is a promotionRestriction; its limits must be amounts."""
    restriction = fields.optional_members(extras, "promotionRestriction")
    for name in ("useLimit", "rewardLimit"):
        fields.optional_minor(restriction, name, currency)
    return bool(restriction)


def _check_events(members: Members, currency: str) -> None:
    if members.get("events") is None:
        return
    for event in fields.objects(members, "events"):
        fields.text(event, "code", 30)
        if (event.get("totalAmount") is None) == (event.get("productQuantity") is None):
            raise Refused("2101", "an event has either totalAmount or productQuantity")
        fields.optional_minor(event, "totalAmount", currency)
        if event.get("productQuantity") is not None:
            fields.count(event, "productQuantity")


def _check_packages(members: Members, money: Money) -> None:
    packages = fields.objects(members, "packages")
    total = sum(_package_minor(package, money.currency) for package in packages)
    if total != money.minor:
        raise Refused("1124", "amount is not the sum of packages[].amount")


def _package_minor(package: Members, currency: str) -> int:
    fields.text(package, "id", 50)
    fields.optional_text(package, "name", 100)
    amount = fields.minor(package, "amount", currency)
    products = fields.objects(package, "products")
    if amount != sum(_product_minor(product, currency) for product in products):
        raise Refused("1124", "packages[].amount is not the sum of its price x quantity")
    return amount


def _product_minor(product: Members, currency: str) -> int:
    fields.text(product, "name", 4000)
    fields.optional_text(product, "id", 50)
    fields.optional_text(product, "imageUrl", 500)
    fields.optional_minor(product, "originalPrice", currency)
    return fields.minor(product, "price", currency) * fields.count(product, "quantity")
