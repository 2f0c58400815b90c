"""What is wrong with a configuration, and where: every problem at once, never only the first.

A place is a file with line and column, or an environment variable (line 0).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written. Lines and columns count from 1; line 0 has no position."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `key` is dotted ("linepay.api"), or "" for the file as a whole."""

    file: str
    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        where = Place(self.file, self.line, self.column)
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class ConfigError(Exception):
    """The configuration cannot be used; `problems` holds all of it and str() one per line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_reading_order))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _reading_order(problem: Problem) -> tuple[bool, str, int, int]:
    return (problem.line == 0, problem.file, problem.line, problem.column)


def problem_at(place: Place, key: str, message: str) -> Problem:
    """A problem of `key` at `place`."""
    return Problem(place.file, place.line, place.column, key, message)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean x?` for the nearest of `known`, or what there is to choose from."""
    choices = sorted(known)
    near = difflib.get_close_matches(word.lower(), choices, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(choices)}"
