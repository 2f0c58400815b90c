"""What the doctor says: a mark, what was looked at, what was found, what to do next.

The one rule: a finding that is not ok always names a next action.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How much a finding matters: WARN keeps nobody from selling, FAIL does or soon will."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `topic` is stable, for scripts; `next` is empty where all is well."""

    mark: Mark
    topic: str
    words: str
    next: str = ""


def fine(topic: str, words: str) -> Finding:
    """Nothing to do."""
    return Finding(Mark.OK, topic, words)


def doubtful(topic: str, words: str, *, then: str) -> Finding:
    """Sales go on; `then` is what to do about it all the same."""
    return Finding(Mark.WARN, topic, words, then)


def broken(topic: str, words: str, *, then: str) -> Finding:
    """Sales do not, or will not, go on; `then` is what to do."""
    return Finding(Mark.FAIL, topic, words, then)
