"""The moments at which posd is killed, read off a run in which it was not.

A point is told by what happens there, not by a count: timing may shift how often LINE Pay is
asked, but the second CheckSent is the second CheckSent. A commit that comes again and again is
hit the first two times: the third is the same moment.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from posd.journal.chain import Entry

MOST_OF_A_KIND = 2
_ORDERS = frozenset({"PaySent", "ReversalSent", "PrintStarted"})  # something is to be sent


class Kind(StrEnum):
    """Where, between what, the process dies."""

    BEFORE_COMMIT = "before commit"  # what was decided, or answered, is not recorded
    AFTER_COMMIT = "after commit"  # recorded; what it names was not sent
    BEFORE_RECOVERY = "before recovery after"  # killed there, and again before the first commit
    AFTER_RECOVERY = "recovered after"  # killed there, and again after the first commit
    REQUEST = "request"  # arrived at LINE Pay, had its effect, not answered
    ANSWER = "answer"  # sent to the last byte, not recorded
    FIRST_BYTE = "first byte"  # the printer has the beginning of a receipt
    PROOF = "proof"  # the printer has all of it, and has not said so


_ORDERED = (Kind.AFTER_COMMIT, Kind.BEFORE_RECOVERY, Kind.AFTER_RECOVERY)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """`what` are the records of the commit, or the operation; `nth` counts from the start."""

    scenario: str
    kind: Kind
    what: str
    nth: int = 1

    @property
    def unsent(self) -> bool:
        """Whether the payment request cannot have left: its end lies past the horizon."""
        return self.kind in _ORDERED and "PaySent" in self.what

    def __str__(self) -> str:
        return f"{self.scenario}: {self.kind} {self.what} {self.nth}"


def points_of(scenario: str, entries: Sequence[Entry]) -> list[Point]:
    """Every point of a run, from the rows that it left in the journal."""
    found: list[Point] = []
    seen: Counter[str] = Counter()
    for _, rows in groupby(entries, key=lambda entry: entry.boottime_ns):
        commit = list(rows)
        what = commit_name(entry.kind for entry in commit)
        seen[what] += 1
        if "LaneStarted" in what or seen[what] > MOST_OF_A_KIND:
            continue
        found.append(Point(scenario, Kind.BEFORE_COMMIT, what, seen[what]))
        found.append(Point(scenario, Kind.AFTER_COMMIT, what, seen[what]))
        if _ORDERS.intersection(entry.kind for entry in commit):
            found.append(Point(scenario, Kind.BEFORE_RECOVERY, what, seen[what]))
            found.append(Point(scenario, Kind.AFTER_RECOVERY, what, seen[what]))
    return found + list(_outside(scenario, entries))


def commit_name(kinds: Iterable[str]) -> str:
    """How a commit of these records is called."""
    return "+".join(kinds)


def _outside(scenario: str, entries: Sequence[Entry]) -> Iterator[Point]:
    """One for each operation that was asked for, and two for the paper."""
    operations = dict.fromkeys(filter(None, map(_operation, entries)))
    for operation in operations:
        yield Point(scenario, Kind.REQUEST, operation)
        yield Point(scenario, Kind.ANSWER, operation)
    if any(entry.kind == "PrintStarted" for entry in entries):
        yield Point(scenario, Kind.FIRST_BYTE, "receipt")
        yield Point(scenario, Kind.PROOF, "receipt")


def _operation(entry: Entry) -> str:
    match entry.kind:
        case "PaySent":
            return "pay"
        case "CaptureSent":
            return "capture"
        case "CheckSent":
            return str(json.loads(entry.body)["operation"])
        case "ReversalSent":
            return str(json.loads(entry.body)["kind"])
    return ""


def choose(points: Sequence[Point], count: int, *, seed: int) -> list[Point]:
    """`count` of them by the seed, every scenario and every kind in turn."""
    chance = random.Random(seed)
    rows = [_in_turn(group, chance) for group in _by_scenario(points)]
    chance.shuffle(rows)
    chosen: list[Point] = []
    used: Counter[Kind] = Counter()
    while len(chosen) < count and any(rows):
        for row in filter(None, rows):
            point = min(row, key=lambda one: used[one.kind])
            row.remove(point)
            used[point.kind] += 1
            chosen.append(point)
    return chosen[:count]


def _by_scenario(points: Sequence[Point]) -> list[list[Point]]:
    groups: dict[str, list[Point]] = {}
    for point in points:
        groups.setdefault(point.scenario, []).append(point)
    return list(groups.values())


def _in_turn(points: Sequence[Point], chance: random.Random) -> list[Point]:
    return chance.sample(points, len(points))
