"""A history as data: a list of moves that can be played again, also with some left out.

Rule: a move carries its own chance (`seed`), so that leaving one out changes no other.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Aim(StrEnum):
    """Which order a move is about."""

    ANY = "any"  # by chance, and mostly a new one; anybody acts
    NEWEST = "newest"  # the last one opened; somebody who may acts


class Move(NamedTuple):
    """One thing that happens: `name` is a path from the world, as in `people.sells`."""

    name: str
    seed: int
    aim: Aim = Aim.ANY

    def __repr__(self) -> str:
        """As it is written in a list for `histories.replay`."""
        return f"Move({self.name!r}, {self.seed}{'' if self.aim is Aim.ANY else ', Aim.NEWEST'})"

    def __str__(self) -> str:
        return f"{self.name}{'' if self.aim is Aim.ANY else ' (newest)'}"
