"""One run while it is played: the cashier's moves, the kill, and the next start.

Rule: whatever dies is started again at once, and the cashier goes on from what posd then says.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from posd.api_client import ClientError
from posd.drill.box import Box
from posd.drill.cashier import GOOD, Basket, Counter
from posd.drill.points import Point
from posd.drill.processes import VictimFailed
from posd.drill.scenarios import HURRIED, Scenario
from posd.drill.strike import Strike

SETTLE_S = 45.0
PATIENCE_S = 1.6  # with NOT CONFIRMED, before the waits are shortened
LOOK_S = 0.01
LEAST_AMOUNT, AMOUNTS, MOST_BASKETS = 100, 900, 2


class Play:
    """One scenario with one kill or none; `name` makes its references unique."""

    def __init__(
        self, box: Box, scenario: Scenario, point: Point | None, *, name: str, number: int
    ) -> None:
        self._box = box
        self._scenario = scenario
        self._point = point
        self._strike = Strike(box, point)
        self._counter = Counter(box.client, box.scan, box.printer)
        self._mood = scenario.mood
        self._began = time.monotonic()
        self._doubted_at: float | None = None
        self._paper = scenario.paper
        self.faults: list[str] = []
        self._baskets = [
            Basket(
                scenario,
                reference=f"{scenario.name}-{name}-{number}-{basket}",
                # Its own: a lane refuses the same amount while an earlier one is in doubt.
                amount=str(LEAST_AMOUNT + (number * MOST_BASKETS + basket) % AMOUNTS),
                fault=scenario.fault if basket == 0 else GOOD,
            )
            for basket in range(scenario.baskets)
        ]

    @property
    def references(self) -> list[str]:
        """The till's names of the baskets."""
        return [basket.reference for basket in self._baskets]

    @property
    def unfinished(self) -> list[str]:
        """Those that did not come to their end."""
        return [basket.reference for basket in self._baskets if not basket.done]

    @property
    def done(self) -> bool:
        """Whether every basket has come to its end."""
        return not self.unfinished

    @property
    def too_late(self) -> bool:
        """Whether the time to settle is over."""
        return time.monotonic() - self._since > SETTLE_S

    @property
    def killed(self) -> bool:
        """Whether the kill came."""
        return self._strike.struck_at is not None

    @property
    def settle_s(self) -> float:
        """Seconds from the kill until now."""
        return time.monotonic() - self._since

    @property
    def _since(self) -> float:
        return self._strike.struck_at or self._began

    def begin(self) -> None:
        """The right mood, the printer as the scenario wants it, the kill prepared."""
        self._box.running(self._mood)
        self._box.stops()
        self._strike.prepare()
        if self._paper == "out":
            self._box.printer("paper out")
        elif self._paper == "dies":
            self._box.printer("stop first")

    def step(self) -> None:
        """A look at what happened, and one move of each basket."""
        stops = self._box.stops()
        self._look(stops)
        if stops and self._paper == "dies":
            self._paper = ""
            self._box.replace_printer()
            self._strike.prepare_printer()
        self._hurry()
        for number, basket in enumerate(self._baskets):
            if not basket.done and (number == 0 or self._baskets[number - 1].scanned):
                self._move(basket)
        time.sleep(LOOK_S)

    def end(self) -> None:
        """Nothing of this run's preparations stays."""
        self._strike.withdraw()
        self._box.printer("stop off")
        self._box.printer("paper ok")

    def _look(self, stops: Sequence[str]) -> None:
        try:
            struck = self._strike.look(list(stops))
            alive = self._box.victim is not None and self._box.victim.lives
        except VictimFailed as failure:
            self.faults.append(f"ended: {failure}")
            struck, alive = False, False
        if struck and self._point is not None and self._point.unsent:
            self._mood = replace(self._mood, scale=HURRIED)
        if struck and self._strike.again:
            self._box.start_and_die(self._mood, self._strike.again)
        if struck or not alive:
            self._box.start(self._mood)

    def _move(self, basket: Basket) -> None:
        with suppress(ClientError):  # refused for now, or dead: what posd says next decides
            basket.step(self._counter)

    def _hurry(self) -> None:
        """A payment that stays in doubt is found past the horizon: shorten every wait."""
        doubted = any(
            basket.sale.get("verdict") == "NOT_CONFIRMED" and not basket.done
            for basket in self._baskets
        )
        if not doubted:
            self._doubted_at = None
        elif self._doubted_at is None:
            self._doubted_at = time.monotonic()
        elif self._is_slow(self._doubted_at):
            self._mood = replace(self._mood, scale=HURRIED)
            self._box.start(self._mood)

    def _is_slow(self, since_s: float) -> bool:
        patient = time.monotonic() - since_s <= PATIENCE_S
        return self.killed and not patient and self._mood.scale != HURRIED
