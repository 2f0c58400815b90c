"""Faults by the digits of a key, so that a person who types codes needs no control call.

The rule: a key asks for a fault only if its last nine digits are `9090`, a digit K, and NNNN, which
one random key in ten thousand has. Both tables below are printed by `--help`.
"""

from __future__ import annotations

import re

from posd.linepay.sandbox.faults import NO_FAULT, BadFault, Fault, parse_fault
from posd.linepay.sandbox.routes import Operation

MARKER = "9090"

# K -> the fault; {code} is NNNN, {seconds} is NNNN tenths of a second, {listed} is in the list.
BY_DIGIT = {
    "0": "decline:{code}",
    "1": "slow:{seconds}",
    "2": "auth-ready:{seconds}:COMPLETE",
    "3": "auth-ready:{seconds}:FAIL",
    "4": "auth-ready:{seconds}:CANCEL",
    "5": "lost-late:{seconds}",
    "6": "code-after:{code}",
    "7": "drip:{seconds}",
    "8": "late:{seconds}",
    "9": "{listed}",
}

LISTED = {
    "0001": "no-answer:before",
    "0002": "no-answer:after",
    "0003": "close:before",
    "0004": "close:after",
    "0005": "reset:before",
    "0006": "reset:after",
    "0007": "http:500:before",
    "0008": "http:500:after",
    "0009": "garbage:html",
    "0010": "garbage:json",
    "0011": "garbage:cut",
    "0012": "garbage:empty",
    "0013": "wrong-amount",
    "0014": "no-payinfo",
    "0015": "other-order",
    "0016": "duplicate-member",
    "0017": "http:503:before",
    "0018": "redirect:307:before",
    "0019": "redirect:307:after",
    "0020": "duplicate",
    "0021": "garbage:deep",
    "0022": "garbage:charset",
    "0023": "garbage:huge",
    "0024": "garbage:endless",
}

_PATTERN = re.compile(rf"[0-9]+{MARKER}([0-9])([0-9]{{4}})")


def fault_of_key(key: str) -> Fault:
    """The fault that the digits ask for; a pattern that means nothing is a good key."""
    match = _PATTERN.fullmatch(key)
    if match is None:
        return NO_FAULT
    template = BY_DIGIT.get(match[1], "none")
    listed = LISTED.get(match[2], "none")
    text = template.format(code=match[2], seconds=int(match[2]) / 10, listed=listed)
    try:
        return parse_fault(text, Operation.PAY)
    except BadFault:  # code 0000
        return NO_FAULT
