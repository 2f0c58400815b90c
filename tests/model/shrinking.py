"""A story that breaks an invariant, made short: moves that it does not need are left out.

Rule: what is left breaks the same invariant; the search ends after a number of tries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.model.histories import Broken, replay
from tests.model.story import Move

MOST_TRIES = 400
Thing = TypeVar("Thing")


def shortest(broken: Broken) -> Broken:
    """The same failure with as few moves as were found."""
    found = broken

    def breaks(moves: Sequence[Move]) -> bool:
        nonlocal found
        try:
            replay(broken.seed, moves)
        except Broken as again:
            if again.invariant == broken.invariant:
                found = again
                return True
        return False

    shorter(broken.moves, breaks, MOST_TRIES)
    return found


def shorter(
    things: Sequence[Thing], breaks: Callable[[Sequence[Thing]], bool], tries: int
) -> list[Thing]:
    """A part of these, in order, that still breaks: runs are left out, long ones first."""
    kept, run = list(things), max(1, len(things) // 2)
    while tries:
        at, before = 0, len(kept)
        while at < len(kept) and tries:
            tries -= 1
            rest = kept[:at] + kept[at + run :]
            if breaks(rest):
                kept = rest
            else:
                at += run
        if run == 1 and len(kept) == before:
            break
        run = max(1, run // 2)
    return kept
