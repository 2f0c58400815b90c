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
    """What a pay request asks for. `country` follows from the length of the key."""

    order_id: str
    money: Money
    one_time_key: str = field(repr=False)
    country: str


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


def read_purchase(body: bytes, dialect: Dialect) -> Purchase:
    """Read a pay body of `dialect`; raises Refused."""
    members = read_object(body)
    order_id = fields.text(members, "orderId", ORDER_ID_LENGTH)
    currency = fields.currency_code(members, "currency")
    money = Money(fields.minor(members, "amount", currency), currency)
    if money.minor == 0:
        raise Refused("2101", "amount must be above 0")
    if dialect is Dialect.V4:
        _check_packages(members, money)
        _check_options(members, currency)
    else:
        _check_flat(members, currency)
    return _with_key(members, order_id, money)


def _with_key(members: Members, order_id: str, money: Money) -> Purchase:
    key = fields.text(members, "oneTimeKey", 100)
    country = KEY_LENGTHS.get(len(key))
    if country is None or not (key.isascii() and key.isdigit()):
        raise Refused("1133", "oneTimeKey must be 18 digits (TW) or 12 digits (TH)")
    if (money.currency == "TWD") != (country == "TW"):
        raise Refused("1178", f"a {len(key)}-digit key ({country}) does not pay {money.currency}")
    return Purchase(order_id, money, key, country)


def _check_flat(members: Members, currency: str) -> None:
    fields.text(members, "productName", 4000)
    if "packages" in members or "options" in members:
        raise Refused("2103", "packages and options belong to v4")
    _check_capture(members)
    extras = fields.optional_members(members, "extras")
    fields.optional_text(extras, "branchName", 200)
    fields.optional_text(extras, "branchId", 200)
    _check_promotion(extras, currency)


def _check_capture(members: Members) -> None:
    if fields.is_switched_off(members, "capture"):
        raise Refused("2103", "capture: false is not served by this stand-in")


def _check_promotion(extras: Members, currency: str) -> None:
    restriction = fields.optional_members(extras, "promotionRestriction")
    for name in ("useLimit", "rewardLimit"):
        fields.optional_minor(restriction, name, currency)


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


def _check_options(members: Members, currency: str) -> None:
    options = fields.optional_members(members, "options")
    _check_capture(fields.optional_members(options, "payment"))
    extra = fields.optional_members(options, "extra")
    fields.optional_text(extra, "branchName", 200)
    fields.optional_text(extra, "branchId", 4000)  # 32 count; a longer one is cut, not refused
    _check_promotion(extra, currency)
