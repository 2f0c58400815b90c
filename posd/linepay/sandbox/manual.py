"""The second half of `posd sandbox --help`: keys, faults, control calls.

The rule: it is written out of the tables that the program runs on, so that it cannot fall behind.
"""

from __future__ import annotations

from textwrap import fill
from typing import Literal, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from posd.linepay.sandbox.assumptions import GUESSES
from posd.linepay.sandbox.control_schema import CALLS
from posd.linepay.sandbox.faults import FAULTS, Row, form_of
from posd.linepay.sandbox.key_patterns import BY_DIGIT, LISTED, MARKER
from posd.linepay.sandbox.routes import Operation

_DEEP = " " * 9
_KEYS = """\
one-time keys
  `posd sandbox key --port P` mints one; it works once and for five minutes. Keys that were not
  minted work too, once each: 18 digits that begin with 38 (TW: pays TWD), or any 12 digits
  (TH: pays THB or USD).
"""

_PATTERNS = f"""\
faults by the digits of a key
  A key that ends in {MARKER} K NNNN (nine digits) meets a fault; {{seconds}} is NNNN tenths.
  TW: 38 + any seven digits + {MARKER}KNNNN     TH: any three digits + {MARKER}KNNNN
"""


def manual() -> str:
    """All of it, in lines of at most 100 characters."""
    return "\n".join([_KEYS, _faults(), _PATTERNS + _patterns(), _control(), _guesses()])


def _faults() -> str:
    lines = ["faults by name (WHEN is before or after the money moves; after if left out)"]
    for name, row in FAULTS.items():
        only = "" if len(row.operations) == len(Operation) else _only(row)
        start = f"  {form_of(name):<26} "
        lines.append(fill(row.says + only, 100, initial_indent=start, subsequent_indent=" " * 29))
    return "\n".join(lines) + "\n"


def _only(row: Row) -> str:
    return f" ({', '.join(name for name in Operation if name in row.operations)} only)"


def _members(asked: type[Struct]) -> str:
    """The members of a body, with the words that each may have."""
    told = []
    for field in fields(asked):
        words = get_args(field.type) if get_origin(field.type) is Literal else ()
        told.append(f"{field.name}: {'|'.join(words)}" if words else field.name)
    return "{" + ", ".join(told) + "}"


def _patterns() -> str:
    lines = [f"  {MARKER} {digit} NNNN   {template}" for digit, template in BY_DIGIT.items()]
    lines += [f"  {MARKER} 9 {number}   {fault}" for number, fault in LISTED.items()]
    lines = [line for line in lines if "{listed}" not in line]
    return "\n".join(lines).replace("{code}", "NNNN") + "\n"


def _control() -> str:
    lines = ["control calls (plain HTTP on the same port, also with --tls; JSON both ways)"]
    for row in CALLS:
        start = f"  {row.method:<6} {row.path.replace('{order_id}', 'ID'):<22} "
        lines.append(start + row.says)
        if row.asks is not None:
            lines.append(
                fill(_members(row.asks), 100, initial_indent=_DEEP, subsequent_indent=_DEEP + " ")
            )
    lines.append("  GET    /control/openapi.json  all of them in detail")
    lines.append("  GET    /control/              a page for people: orders, codes to scan, faults")
    return "\n".join(lines) + "\n"


def _guesses() -> str:
    lines = ["what is not known of LINE Pay (--assume NAME=VALUE; the first value is the default)"]
    for name, guess in GUESSES.items():
        values = " | ".join(guess.choices) or f"N, {guess.number} if not said"
        lines.append(
            fill(
                f"{guess.says}: {values}",
                100,
                initial_indent=f"  {name:<24} ",
                subsequent_indent=" " * 27,
            )
        )
    return "\n".join(lines) + "\n"
