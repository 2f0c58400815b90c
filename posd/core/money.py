"""Money as integers: minor units and an ISO 4217 currency. No float comes near it.

The number of decimals per currency is what LINE Pay takes, not what ISO 4217 says: TWD has two
decimals on paper and none in practice (reference, section 3.4: LINE answers 1124 to `100.0`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DECIMALS = {"TWD": 0, "THB": 2, "USD": 2}
MAX_MINOR = 10**12  # far above any basket; keeps every amount inside 64 bits
_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")


class BadAmount(ValueError):  # noqa: N818
    """The amount cannot be asked for; the text says why and what would do."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` units (satang, cents; whole dollars for TWD) of `currency`."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    @property
    def text(self) -> str:
        """The amount as a decimal string with the currency's own number of decimals."""
        return str(self.decimal)

    @property
    def decimal(self) -> Decimal:
        """The amount as an exact Decimal with the currency's own number of decimals."""
        return Decimal(self.minor).scaleb(-DECIMALS[self.currency])


def parse_money(text: str, currency: str) -> Money:
    """Read a positive amount as a person or a till wrote it; raises BadAmount.

    Takes plain decimals ("120", "49.50"); no sign, exponent, blank or thousands separator.
    """
    if currency not in DECIMALS:
        raise BadAmount(f"currency {currency!r} is not one of {', '.join(DECIMALS)}")
    if not _PLAIN.fullmatch(text):
        raise BadAmount(f"amount {text[:24]!r} is not a plain positive decimal like 120 or 49.50")
    amount = Decimal(text)
    most = Money(MAX_MINOR, currency)
    if not 0 < amount <= most.decimal:
        raise BadAmount(f"amount {text[:24]} is not more than 0 and at most {most}")
    minor = to_minor(amount, currency)
    if minor is None:
        raise BadAmount(f"{currency} takes {DECIMALS[currency]} decimals, not {text!r}")
    return Money(minor, currency)


def to_minor(amount: Decimal, currency: str) -> int | None:
    """The exact number of minor units, or None where the amount has too many decimals."""
    if not amount.is_finite() or abs(amount) > MAX_MINOR:
        return None
    # By the ratio of two integers: Decimal arithmetic would round after 28 digits.
    numerator, denominator = amount.as_integer_ratio()
    minor, rest = divmod(numerator * 10 ** DECIMALS[currency], denominator)
    return None if rest else minor
