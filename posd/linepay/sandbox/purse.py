"""What stands behind a key: the purse that pays, and how it splits an amount over methods.

The rule: the shares add up to the amount exactly; a balance that is too low is 1142. Source:
reference, 4.2 (payInfo, merchantReference, paymentProvider).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from posd.core.money import Money, to_minor
from posd.linepay.sandbox.result_codes import Refused

FUNDINGS = ("balance", "card", "point", "mixed")
PROVIDERS = ("TSP", "EPI")
_METHODS = {"balance": "BALANCE", "card": "CREDIT_CARD", "point": "POINT", "mixed": "BALANCE"}


@dataclass(frozen=True, slots=True)
class Purse:
    """`discount` and `points` pay first, `funding` the rest; amounts are units of the currency.

    `mixed` pays half with points. A `balance` of None never runs dry.
    """

    funding: str = "balance"
    provider: str = "TSP"
    balance: Decimal | None = None
    points: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    card_brand: str = ""
    masked_card: str = ""
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one method paid, in minor units."""

    method: str
    minor: int


def shares(purse: Purse, money: Money) -> list[Share]:
    """Split an amount; methods that pay nothing are left out."""
    discount = min(_minor(purse.discount, money), money.minor)
    rest = money.minor - discount
    points = rest // 2 if purse.funding == "mixed" else min(_minor(purse.points, money), rest)
    split = [("DISCOUNT", discount), ("POINT", points), (_METHODS[purse.funding], rest - points)]
    return [Share(method, minor) for method, minor in split if minor]


def refuse_poor(purse: Purse, money: Money) -> None:
    """Raise Refused with 1142 if the balance does not cover its share."""
    if purse.balance is not None and balance_left(purse, money) < 0:
        raise Refused("1142", "the customer's balance is too low")


def balance_left(purse: Purse, money: Money) -> int:
    """The balance after the payment, in minor units; below zero if it does not suffice."""
    start = 10_000 if purse.balance is None else purse.balance
    spent = sum(share.minor for share in shares(purse, money) if share.method == "BALANCE")
    return _minor(Decimal(start), money) - (0 if purse.balance is None else spent)


def _minor(amount: Decimal, money: Money) -> int:
    return to_minor(amount, money.currency) or 0
