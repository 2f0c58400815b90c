"""What no public source confirms about LINE Pay: each guess has a name, a default and a choice.

The rule: a guess that a client could come to rely on stands in this table, is printed by `--help`,
and can be turned with `--assume NAME=VALUE`. Source: reference, sections 10 and 12.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DAY_S = 86_400.0

Assumptions = Mapping[str, str]


class BadAssumption(ValueError):  # noqa: N818
    """The text is no NAME=VALUE of the table; it says what would be."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`choices` in the order of their likelihood, the first is taken; none means a number."""

    says: str
    choices: tuple[str, ...] = ()
    number: str = ""

    @property
    def default(self) -> str:
        """What is assumed when nobody says otherwise."""
        return self.choices[0] if self.choices else self.number


GUESSES = {
    "authorized-status": Guess(
        "check of an order that is authorized and not captured", ("COMPLETE", "AUTH_READY")
    ),
    "voided-status": Guess("check of an order voided or expired", ("CANCEL", "FAIL", "COMPLETE")),
    "refunded-status": Guess("check of an order refunded in full", ("COMPLETE", "REFUND")),
    "captured-authorization": Guess(
        "authorizations lists a captured order as CAPTURE, or does not know it", ("listed", "1150")
    ),
    "void-captured": Guess("void after capture", ("1155", "1179", "1165")),
    "spent-key": Guess("pay with a key that is used or expired", ("1133", "1159", "1145")),
    "balance": Guess("versions whose answers tell the customer's balance", ("v2", "all")),
    "unknown-members": Guess("a member that no source names", ("taken", "2103")),
    "packages-product-name": Guess(
        "productName of a v4 payment in details", ("first-product", "absent")
    ),
    "authorization-days": Guess("days until an authorization expires", number="30"),
    "refund-days": Guess("days after which refund answers 1163", number="365"),
}


def assume(choices: Iterable[str]) -> Assumptions:
    """The whole table, changed by texts like `refund-days=60`; raises BadAssumption."""
    return {name: guess.default for name, guess in GUESSES.items()} | dict(map(_read, choices))


def _read(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    guess = GUESSES.get(name)
    if guess is None:
        raise BadAssumption(f"{name!r} is no assumption; there are {', '.join(GUESSES)}")
    if guess.choices and value not in guess.choices:
        raise BadAssumption(f"{name} must be one of {', '.join(guess.choices)}")
    if not guess.choices and not re.fullmatch(r"[0-9]{1,5}", value):
        raise BadAssumption(f"{name} must be a whole number of days")
    return name, value


def days_s(assumptions: Assumptions, name: str) -> float:
    """A number of days, in seconds."""
    return int(assumptions[name]) * DAY_S
