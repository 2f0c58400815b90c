"""One member of a request body: its type, its length, its amount.

The rule: a member is what the reference says (sections 3.1, 3.2 and 3.4) or the request is refused
with LINE Pay's code and, in the log, the member's name. Values are never logged: one is a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from posd.core.money import DECIMALS, MAX_MINOR, to_minor
from posd.linepay.sandbox.result_codes import Refused

Members = Mapping[str, Any]


def text(members: Members, name: str, longest: int) -> str:
    """A required string of 1 to `longest` characters."""
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("2101", f"{name} must be a string that is not empty")
    if len(value) > longest:
        raise Refused("2101", f"{name} has {len(value)} characters, at most {longest} are allowed")
    return value


def optional_text(members: Members, name: str, longest: int) -> None:
    """A string of at most `longest` characters, if it is there."""
    value = members.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise Refused("2101", f"{name} must be a string of at most {longest} characters")


def is_switched_off(members: Members, name: str) -> bool:
    """Whether an optional JSON boolean, true when absent, is false."""
    value = members.get(name, True)
    if not isinstance(value, bool):
        raise Refused("2101", f"{name} must be true or false")
    return not value


def optional_members(members: Members, name: str) -> Members:
    """A JSON object; an absent one is empty."""
    value = members.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused("2101", f"{name} must be an object")
    return value


def objects(members: Members, name: str) -> list[Members]:
    """A required array of at least one JSON object."""
    value = members.get(name)
    if not isinstance(value, list) or not value:
        raise Refused("2101", f"{name} NotEmpty")
    if not all(isinstance(entry, dict) for entry in value):
        raise Refused("2101", f"{name} must hold objects")
    return value


def count(members: Members, name: str) -> int:
    """A required whole number above zero."""
    value = members.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Refused("2101", f"{name} must be a whole number above 0")
    return value


def minor(members: Members, name: str, currency: str) -> int:
    """A required amount of zero or more, in minor units of `currency`."""
    value = members.get(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Refused("2101", f"{name} must be a number")
    if value < 0:
        raise Refused("2101", f"{name} must not be negative")
    if value > MAX_MINOR:
        raise Refused("1184", f"{name} is above the maximum")
    decimals = DECIMALS[currency]
    units = to_minor(Decimal(value), currency)
    if units is None or (decimals == 0 and isinstance(value, Decimal)):
        raise Refused("1124", f"{name} must have at most {decimals} decimals ({currency})")
    return units


def optional_minor(members: Members, name: str, currency: str) -> None:
    """An amount of zero or more, if it is there."""
    if members.get(name) is not None:
        minor(members, name, currency)


def currency_code(members: Members, name: str) -> str:
    """A required currency that LINE Pay takes: TWD, THB or USD."""
    value = text(members, name, 3)
    if value not in DECIMALS:
        raise Refused("1178", f"{name} must be one of {', '.join(DECIMALS)}")
    return value
