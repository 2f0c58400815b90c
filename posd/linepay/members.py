"""Members of LINE Pay's JSON, each read into its one type.

One rule: a member that decides about money has its documented type, or the whole is no answer; one
that only decorates becomes None. No number passes through a float. Unknown members are passed over.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import msgspec

TEXT_LIMIT = 500  # characters kept of a text that only decorates
LARGEST_AMOUNT = 10**12  # with MOST_DECIMALS it keeps a sum of amounts exact in a Decimal
MOST_DECIMALS = 9

Members = dict[str, Any]


class NotAnAnswer(ValueError):  # noqa: N818
    """The bytes are no envelope of LINE Pay; `reason` is not_json, no_code or malformed."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def decode(data: bytes) -> Members:
    """The JSON object in `data`; raises NotAnAnswer. The caller bounds its length."""
    # msgspec: DecodeError and ValidationError; text that is not UTF-8; a number like 1E+10^20;
    # brackets nested without end. Their texts quote the body, so none of them is passed on.
    try:
        value = _DECODER.decode(data)
        # A second reading: msgspec keeps the last of two members of one name, and tells nobody.
        json.loads(data, object_pairs_hook=_refuse_duplicates)
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError, RecursionError):
        raise NotAnAnswer("not_json", "the body is not JSON in UTF-8") from None
    return as_object(value, "the body")


def code(envelope: Members) -> str:
    """The result code, four characters; a number is written out with its zeros."""
    stated = _either(envelope, "returnCode", "resultCode")
    if isinstance(stated, int) and not isinstance(stated, bool):
        stated = f"{stated:04d}"
    if not isinstance(stated, str) or not _CODE.fullmatch(stated):
        raise NotAnAnswer("no_code", "the envelope has no result code of four characters")
    return stated


def message(envelope: Members) -> str:
    """The message, never to branch on; empty where there is none."""
    return decoration(_either(envelope, "returnMessage", "statusMessage")) or ""


def as_object(value: object, name: str) -> Members:
    """`value`, which must be a JSON object."""
    if not isinstance(value, dict):
        raise NotAnAnswer("malformed", f"{name} is not a JSON object")
    return value


def objects(info: Members, name: str) -> list[Members]:
    """The list of objects under `name`; what is absent, null or empty states none."""
    entries = info.get(name) or []
    if not isinstance(entries, list):
        raise NotAnAnswer("malformed", f"{name} is not a list")
    return [as_object(entry, f"an entry of {name}") for entry in entries]


def identifier(info: Members, name: str) -> str | None:
    """An id as text of any length, whether it came as a number or as text."""
    value = info.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return word(info, name)


def word(info: Members, name: str) -> str | None:
    """A text that decides: as it came, or None where it is absent."""
    value = info.get(name)
    if value is not None and not isinstance(value, str):
        raise NotAnAnswer("malformed", f"{name} is not a text")
    return value


def decoration(value: object) -> str | None:
    """A text that decorates, cut to TEXT_LIMIT; None for anything else."""
    return value[:TEXT_LIMIT] if isinstance(value, str) else None


def amount(value: object) -> Decimal | None:
    """A number, or the text of one; None for anything else and for what no shop ever charged."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    if isinstance(value, str) and not _PLAIN_DECIMAL.fullmatch(value):
        return None
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
        return None
    # copy_abs, for abs rounds to the context's precision and overflows for 1E999999999
    return number if number.copy_abs() <= LARGEST_AMOUNT else None


def required_amount(entry: Members, name: str) -> Decimal:
    """The amount under `name`, without which an entry is no entry."""
    stated = amount(entry.get(name))
    if stated is None:
        raise NotAnAnswer("malformed", f"an entry has no {name}")
    return stated


_CODE = re.compile(r"[0-9A-Za-z]{4}")
_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise NotAnAnswer("malformed", "a JSON object has two members of one name")


def _either(envelope: Members, name: str, other_name: str) -> object:
    """Official samples of errors spell the envelope in another way (reference, section 4.1)."""
    return envelope.get(name, envelope.get(other_name))
