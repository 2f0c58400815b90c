"""One kill: prepared before the run, struck when its moment has come.

Rule: a request is struck while LINE Pay holds the answer back; an answer while posd is frozen,
once LINE Pay has sent all of it; paper while the printer has stopped. No kill is a race.
"""

from __future__ import annotations

import time

from posd.demo.twins import TwinFailed
from posd.drill.box import Box
from posd.drill.points import Kind, Point

SENT_S = 5.0
LOOK_S = 0.002
_SIDES = {
    Kind.BEFORE_COMMIT: "before",
    Kind.AFTER_COMMIT: "after",
    Kind.BEFORE_RECOVERY: "after",
    Kind.AFTER_RECOVERY: "after",
}
_AGAIN = {Kind.BEFORE_RECOVERY: "before 1 *", Kind.AFTER_RECOVERY: "after 1 *"}
_STOPS = {Kind.FIRST_BYTE: "first", Kind.PROOF: "proof"}


class Strike:
    """The kill at one point; without a point it never comes."""

    def __init__(self, box: Box, point: Point | None) -> None:
        self._box = box
        self._point = point
        self.struck_at: float | None = None

    def prepare(self) -> None:
        """Before the run: tell the victim, the stand-in or the printer."""
        point, victim = self._point, self._box.victim
        if point is None or victim is None:
            return
        if point.kind in _SIDES:
            victim.tell(f"{_SIDES[point.kind]} {point.nth} {point.what}")
        elif point.kind in _STOPS:
            self.prepare_printer()
        else:
            self._box.control("POST", "holds", {"operation": point.what})

    def prepare_printer(self) -> None:
        """Tell the printer, or the one that has taken its place."""
        if self._point is not None and self._point.kind in _STOPS and self.struck_at is None:
            self._box.printer(f"stop {_STOPS[self._point.kind]}")

    def look(self, stops: list[str]) -> bool:
        """Strike if the moment has come; whether the victim is dead. `stops`: the printer's."""
        point, victim = self._point, self._box.victim
        if point is None or victim is None or self.struck_at is not None:
            return False
        if self._has_come(point, stops):
            if point.kind is Kind.ANSWER:
                self._let_it_be_answered()
            victim.kill()
        if victim.lives:
            return False
        self.struck_at = time.monotonic()
        self.withdraw()
        return True

    @property
    def again(self) -> str:
        """The sentence of the posd that is started next; empty where it may live."""
        return _AGAIN.get(self._point.kind, "") if self._point is not None else ""

    def withdraw(self) -> None:
        """Nothing is held, stopped or sentenced any more."""
        if self._point is None:
            return
        self._box.control("DELETE", "holds")
        self._box.printer("stop off")
        if self._box.victim is not None:
            self._box.victim.tell("spare")

    def _has_come(self, point: Point, stops: list[str]) -> bool:
        if point.kind in _STOPS:
            return _STOPS[point.kind] in stops
        if point.kind in _SIDES:
            return False  # the victim does it
        return any(hold["came"] for hold in self._box.control("GET", "holds")["holds"])

    def _let_it_be_answered(self) -> None:
        if self._box.victim is not None:
            self._box.victim.freeze()
        before = self._box.control("GET", "stats")["last_call_ns"]
        self._box.control("DELETE", "holds")
        until = time.monotonic() + SENT_S
        while self._box.control("GET", "stats")["last_call_ns"] == before:
            if time.monotonic() > until:
                raise TwinFailed("the stand-in did not send the answer that it held")
            time.sleep(LOOK_S)
