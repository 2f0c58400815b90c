"""The file of a shop's own receipt: read for the lane, and looked through for `check-config`.

The one rule: it is never needed. Whoever cannot read it prints the built-in receipt instead.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from posd.config.problems import ConfigError, Place, Problem, problem_at
from posd.config.receipt_words import template_words
from posd.core.template.nodes import BadTemplate, Fault, Template
from posd.core.template.parsing import parse
from posd.core.template.vocabulary import SALE

MAX_BYTES: Final = 64 * 1024


def read_template(path: Path) -> Template:
    """The template in `path`; raises ConfigError with everything that is wrong with it."""
    text = read_text(path)
    try:
        return parse(text, replace(SALE, words=template_words()))
    except BadTemplate as error:
        raise ConfigError(problem_of(path, fault) for fault in error.faults) from None


def read_text(path: Path) -> str:
    """What the file says; raises ConfigError where it is no UTF-8 text of at most 64 KiB."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _unreadable(Place(str(path)), f"cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise _unreadable(Place(str(path)), f"is longer than {MAX_BYTES // 1024} KiB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        begins = before.rfind(b"\n") + 1
        column = len(before[begins:].decode("utf-8")) + 1
        place = Place(str(path), before.count(b"\n") + 1, column)
        raise _unreadable(place, "is not UTF-8; save the file as UTF-8") from None


def problem_of(path: Path, fault: Fault) -> Problem:
    """A fault of the text as a problem of the file."""
    return Problem(str(path), fault.line, fault.column, "", fault.message)


def _unreadable(place: Place, message: str) -> ConfigError:
    return ConfigError([problem_at(place, "", message)])
