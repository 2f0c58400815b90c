"""Faults by name: the table of all of them, and the reader of `name:argument:argument`.

The rule: one row says what a fault takes, where it can happen, and, in the words of `--help`, what
it does; nothing else lists faults. BEFORE and AFTER say on which side of the effect: of the money
moving or going back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from posd.linepay.sandbox.order import Distortion, Settlement, Status
from posd.linepay.sandbox.routes import Operation

MAX_SECONDS_S = 3600.0


class BadFault(ValueError):  # noqa: N818
    """The text names no fault; it says what would."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and its arguments; those that its row does not take keep these values."""

    name: str
    code: str = ""
    seconds_s: float = 0.0
    when: str = "after"
    status: int = 500
    shape: str = "html"
    then: str = "COMPLETE"

    def lets_in(self, operation: Operation) -> bool:
        """Whether the request is executed now; otherwise nothing is kept and nothing moves.

        A declined payment is an order that failed; a declined refund is no refund.
        """
        if self.name == "decline":
            return operation is Operation.PAY
        return self.when != "before" and self.name != "late"


@dataclass(frozen=True, slots=True)
class Row:
    """`required` and `optional` arguments in their order, and what `--help` says."""

    says: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    operations: frozenset[Operation] = frozenset(Operation)


_PAY = frozenset({Operation.PAY})
_EFFECTS = frozenset({Operation.PAY, Operation.CAPTURE, Operation.VOID, Operation.REFUND})
_ABOUT_ORDERS = frozenset(Operation) - {Operation.VOID, Operation.REFUND}
_ABOUT_ONE = frozenset({Operation.PAY, Operation.CHECK, Operation.CAPTURE})
_WHEN = ("when",)

SHAPES = (
    *("html", "json", "cut", "empty"),
    *("array", "null", "deep", "charset", "huge", "endless"),
)
NO_FAULT = Fault("none")
FAULTS = {
    "none": Row("the true answer"),
    "decline": Row("answers CODE; no money moves, check says FAIL", ("code",)),
    "code-after": Row("the money moves, yet the answer is CODE", ("code",), (), _EFFECTS),
    "slow": Row("answers after SECONDS; until then check says AUTH_READY", ("seconds",)),
    "drip": Row("answers byte by byte, the last one after SECONDS", ("seconds",)),
    "no-answer": Row("holds the connection and never answers", (), _WHEN),
    "close": Row("closes the connection without an answer (answer lost)", (), _WHEN),
    "reset": Row("resets the connection (TCP RST)", (), _WHEN),
    "http": Row("answers with HTTP STATUS (500) and an HTML page", (), ("status", "when")),
    "redirect": Row(
        "answers with HTTP STATUS (307) and the Location of another server", (), ("moved", "when")
    ),
    "garbage": Row(
        "answers HTTP 200 with what is no answer: SHAPE html, json (half of it), cut (shorter than "
        "its Content-Length), empty, array, null, deep, charset, huge (10 MB), endless",
        (),
        ("shape",),
    ),
    "duplicate": Row(
        "is delivered twice, as by a proxy; the second answer is told", (), (), _EFFECTS
    ),
    "late": Row(
        "the connection is closed, and the request takes effect after SECONDS",
        ("seconds",),
        (),
        _EFFECTS,
    ),
    "auth-ready": Row(
        "answers 1169; check says AUTH_READY for SECONDS, THEN (COMPLETE, FAIL or CANCEL)",
        ("seconds",),
        ("then",),
        _PAY,
    ),
    "lost-late": Row(
        "the money moves, the answer is lost, check says 1150 for SECONDS", ("seconds",), (), _PAY
    ),
    "wrong-amount": Row("payInfo adds up to one unit more than was asked", (), (), _ABOUT_ORDERS),
    "no-payinfo": Row("the answer has no payInfo", (), (), _ABOUT_ORDERS),
    "other-order": Row("the answer names another order", (), (), _ABOUT_ORDERS),
    "duplicate-member": Row(
        "the answer has orderId twice, the second of another order", (), (), _ABOUT_ONE
    ),
}


def _choice(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise BadFault(f"{text!r} is none of {', '.join(words)}")
        return text

    return read


def _read_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text) or text == "0000":
        raise BadFault(f"{text!r} is no result code: four digits, not 0000")
    return text


def _read_seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or float(text) > MAX_SECONDS_S:
        raise BadFault(f"{text!r} is not a number of seconds up to {MAX_SECONDS_S:.0f}")
    return float(text)


def _read_moved(text: str) -> int:
    if text not in ("301", "302", "303", "307", "308"):
        raise BadFault(f"{text!r} is no HTTP status that redirects")
    return int(text)


def _read_status(text: str) -> int:
    if not re.fullmatch(r"[2-5][0-9]{2}", text):
        raise BadFault(f"{text!r} is no HTTP status from 200 to 599")
    return int(text)


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "code": ("code", _read_code),
    "seconds": ("seconds_s", _read_seconds),
    "when": ("when", _choice("before", "after")),
    "status": ("status", _read_status),
    "shape": ("shape", _choice(*SHAPES)),
    "moved": ("status", _read_moved),
    "then": ("then", _choice("COMPLETE", "FAIL", "CANCEL")),
}


def parse_fault(text: str, operation: Operation) -> Fault:
    """Read `name[:argument...]` as a fault of `operation`; raises BadFault."""
    name, *values = text.split(":")
    row = FAULTS.get(name)
    if row is None:
        raise BadFault(f"{name!r} is no fault; there are {', '.join(FAULTS)}")
    if operation not in row.operations:
        raise BadFault(f"{name} cannot happen to {operation}")
    names = row.required + row.optional
    if not len(row.required) <= len(values) <= len(names):
        raise BadFault(f"{text!r} is not of the form {form_of(name)}")
    arguments = [_READERS[label] for label in names[: len(values)]]
    pairs = zip(arguments, values, strict=True)
    return Fault(name, **{target: read(value) for (target, read), value in pairs})


def form_of(name: str) -> str:
    """How a fault is written: `http[:STATUS[:WHEN]]`."""
    row = FAULTS[name]
    required = "".join(f":{label.upper()}" for label in row.required)
    optional = "".join(f"[:{label.upper()}" for label in row.optional)
    return name + required + optional + "]" * len(row.optional)


def text_of(fault: Fault) -> str:
    """How this fault would be written."""
    row = FAULTS[fault.name]
    values = [getattr(fault, _READERS[label][0]) for label in row.required + row.optional]
    return ":".join(
        [
            fault.name,
            *(f"{value:g}" if isinstance(value, float) else str(value) for value in values),
        ]
    )


def settlement_of(fault: Fault) -> Settlement:
    """What a fault does to the order that it lets in."""
    if fault.name == "decline":
        return Settlement(Status.FAIL, fail_code=fault.code)
    if fault.name == "auth-ready":
        return Settlement(Status(fault.then), after_s=fault.seconds_s)
    if fault.name == "slow":
        return Settlement(after_s=fault.seconds_s)
    if fault.name == "lost-late":
        return Settlement(hidden_s=fault.seconds_s)
    return Settlement(distortion=distortion_of(fault))


def distortion_of(fault: Fault) -> Distortion:
    """The lie that a fault makes an answer tell, if it does."""
    return Distortion(fault.name) if fault.name in list(Distortion) else Distortion.NONE
