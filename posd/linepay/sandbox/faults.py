"""Faults by name: the table of all of them, and the reader of `name:argument:argument`.

The rule: one row says what a fault takes, where it can happen, and, in the words of `--help`, what
it does; nothing else lists faults. BEFORE and AFTER say on which side of the money moving.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from posd.linepay.sandbox.orders import Distortion, Settlement, Status
from posd.linepay.sandbox.routes import Operation

MAX_SECONDS_S = 3600.0
MAX_ARMED = 100_000


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

    @property
    def before_the_money(self) -> bool:
        """Whether the request is never executed: nothing is kept and nothing moves."""
        return self.when == "before"


@dataclass(frozen=True, slots=True)
class Row:
    """`required` and `optional` arguments in their order, and what `--help` says."""

    says: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    operations: frozenset[Operation] = frozenset(Operation)


_PAY = frozenset({Operation.PAY})
_WHEN = ("when",)

NO_FAULT = Fault("none")
FAULTS = {
    "none": Row("the true answer"),
    "decline": Row("answers CODE; no money moves, check says FAIL", ("code",)),
    "code-after": Row("the money moves, yet the answer is CODE", ("code",), (), _PAY),
    "slow": Row("answers after SECONDS; until then check says AUTH_READY", ("seconds",)),
    "no-answer": Row("holds the connection and never answers", (), _WHEN),
    "close": Row("closes the connection without an answer (answer lost)", (), _WHEN),
    "reset": Row("resets the connection (TCP RST)", (), _WHEN),
    "http": Row("answers with HTTP STATUS (500) and an HTML page", (), ("status", "when")),
    "garbage": Row(
        "answers HTTP 200 with no whole JSON: SHAPE html, json, cut, empty", (), ("shape",)
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
    "wrong-amount": Row("payInfo adds up to one unit more than was asked"),
    "no-payinfo": Row("the answer has no payInfo"),
    "other-order": Row("the answer names another order"),
    "duplicate-member": Row("the answer has orderId twice, the second of another order"),
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


def _read_status(text: str) -> int:
    if not re.fullmatch(r"[2-5][0-9]{2}", text):
        raise BadFault(f"{text!r} is no HTTP status from 200 to 599")
    return int(text)


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "code": ("code", _read_code),
    "seconds": ("seconds_s", _read_seconds),
    "when": ("when", _choice("before", "after")),
    "status": ("status", _read_status),
    "shape": ("shape", _choice("html", "json", "cut", "empty")),
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


class ArmedFaults:
    """Faults that wait for the next calls of an operation, whatever their key."""

    def __init__(self) -> None:
        self._waiting: dict[Operation, deque[Fault]] = {name: deque() for name in Operation}

    def arm(self, operation: Operation, fault: Fault, count: int) -> None:
        """Let the next `count` verified calls meet `fault`, behind those that already wait."""
        waiting = self._waiting[operation]
        if len(waiting) + count > MAX_ARMED:
            raise BadFault(f"at most {MAX_ARMED} faults can wait")
        waiting.extend([fault] * count)

    def take(self, operation: Operation) -> Fault | None:
        """The fault for this call, now used up, or None."""
        waiting = self._waiting[operation]
        return waiting.popleft() if waiting else None

    def clear(self) -> None:
        """Forget all that wait."""
        for waiting in self._waiting.values():
            waiting.clear()
