"""What is asked of LINE Pay: payments, and how other requests name an order or an amount.

One rule: what LINE Pay could not take is a ValueError that names the field and never its value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from posd.core.money import DECIMALS, MAX_MINOR, Money

PRODUCT_ID_LIMIT = 50
IMAGE_URL_LIMIT = 500
EVENT_CODE_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Product:
    """One line of the basket: `price` is for one piece; only v4 carries lines.

    `original_price` is the price before a discount. Empty texts are not sent.
    """

    name: str
    quantity: int
    price: Money
    id: str = ""
    image_url: str = ""
    original_price: Money | None = None

    def __post_init__(self) -> None:
        if type(self.quantity) is not int:
            raise ValueError("quantity must be an integer")
        _require_length("product id", self.id, PRODUCT_ID_LIMIT)
        _require_length("image_url", self.image_url, IMAGE_URL_LIMIT)
        _require_money("price", self.price)
        if self.original_price is not None:
            _require_money("original_price", self.original_price)
            if self.original_price.minor < 0:
                raise ValueError("original_price must not be negative")


@dataclass(frozen=True, slots=True)
class PromotionRestriction:
    """Taiwan: the part that earns no reward, and the part that no points may pay for."""

    reward_limit: Money
    use_limit: Money | None = None

    def __post_init__(self) -> None:
        for name, limit in (("reward_limit", self.reward_limit), ("use_limit", self.use_limit)):
            if limit is None:
                continue
            _require_money(name, limit)
            if limit.currency != "TWD" or limit.minor < 0:
                raise ValueError(f"{name} must be in TWD and not negative")


@dataclass(frozen=True, slots=True)
class Event:
    """A campaign that the payment takes part in: exactly one of the two measures."""

    code: str
    total_amount: Money | None = None
    product_quantity: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.code) <= EVENT_CODE_LIMIT:
            raise ValueError(f"event code must be 1 to {EVENT_CODE_LIMIT} characters")
        if (self.total_amount is None) == (self.product_quantity is None):
            raise ValueError("total_amount or product_quantity must be given, and not both")
        if self.total_amount is not None:
            require_amount("total_amount", self.total_amount)
        elif type(self.product_quantity) is not int or self.product_quantity < 1:
            raise ValueError("product_quantity must be a positive integer")


@dataclass(frozen=True, slots=True)
class OneTimeKeyPayment:
    """A payment to ask for (reference, sections 3.1 and 3.2).

    Names longer than LINE Pay takes are cut when the request is written. `add_friends` are the ids
    of official accounts; only v2 has them.
    """

    order_id: str
    one_time_key: str = field(repr=False)
    amount: Money
    product_name: str
    products: tuple[Product, ...] = ()
    branch_id: str = ""
    branch_name: str = ""
    capture: bool = True
    promotion_restriction: PromotionRestriction | None = None
    events: tuple[Event, ...] = ()
    add_friends: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_order_id(self.order_id)
        if not _KEY.fullmatch(self.one_time_key):
            raise ValueError("one_time_key must be 1 to 64 ASCII letters or digits")
        require_amount("amount", self.amount)
        if not self.product_name.strip():
            raise ValueError("product_name must not be empty")
        if self.promotion_restriction is not None and self.amount.currency != "TWD":
            raise ValueError("promotion_restriction is for payments in TWD only")
        totals = [event.total_amount for event in self.events if event.total_amount is not None]
        if any(total.currency != self.amount.currency for total in totals):
            raise ValueError("events must be in the currency of the payment")
        if not all(_TRANSACTION_ID.fullmatch(account.lstrip("@")) for account in self.add_friends):
            raise ValueError("add_friends must be ids of official accounts")


def require_order_id(order_id: str) -> None:
    """Raise ValueError unless LINE Pay could take this order id (and a path could carry it)."""
    if not _ORDER_ID.fullmatch(order_id) or not order_id.strip("."):
        raise ValueError("order_id must be 1 to 100 printable characters, and not only dots")


def require_transaction_id(transaction_id: str) -> None:
    """Raise ValueError for what is no transaction id; 19 digits are usual and not insisted on."""
    if not _TRANSACTION_ID.fullmatch(transaction_id):
        raise ValueError("transaction_id must be 1 to 100 ASCII letters, digits, _ or -")


def require_amount(name: str, amount: Money) -> None:
    """Raise ValueError unless `amount` is positive and in whole minor units of a known currency."""
    _require_money(name, amount)
    if not 0 < amount.minor <= MAX_MINOR:
        raise ValueError(f"{name} must be more than 0 and at most {MAX_MINOR} minor units")


_ORDER_ID = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,100}")
_TRANSACTION_ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
_KEY = re.compile(r"[A-Za-z0-9]{1,64}")


def _require_money(name: str, money: Money) -> None:
    # A library is called from programs without a type checker: a float here would go unnoticed.
    if type(money.minor) is not int or money.currency not in DECIMALS:
        raise ValueError(f"{name} must be whole minor units of {', '.join(DECIMALS)}")


def _require_length(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise ValueError(f"{name} must be at most {limit} characters")
