"""Moves of time and of the machine: waiting, clocks that jump, crashes, restarts, reboots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posd.core.commands import SendCheck
from posd.core.rules import SECOND
from tests.model.machine import POINTS, Break

if TYPE_CHECKING:
    from tests.model.world import World

PAUSES_S = (0.1, 1, 3, 7, 16, 30, 61, 70, 130, 200, 700, 1400, 4000, 90_000)
UNTIL_ASKED_S = (0, 1, 3, 13, 60, 600, 4000, 25_000, 90_000)
YEARS_MS = 10 * 365 * 86_400_000


class Hours:
    """Time passes in the machine; this says how long."""

    def __init__(self, world: World) -> None:
        self._world = world

    def waits(self) -> None:
        self._world.machine.passes(self._world.rng.choice(PAUSES_S))

    def waits_a_minute(self) -> None:
        """Nobody answers: the verdict is due."""
        self._world.machine.passes(61)

    def waits_four_minutes(self) -> None:
        """Nobody answers: success is late now."""
        self._world.machine.passes(240)

    def waits_a_day(self) -> None:
        """Nobody answers for longer than a day."""
        self._world.machine.passes(90_000)

    def waits_answered(self) -> None:
        """Time goes by while LINE Pay answers every question truly."""
        machine, network = self._world.machine, self._world.network
        until_ns = machine.now_ns + int(self._world.rng.choice(PAUSES_S) * SECOND)
        for _ in range(30):
            if machine.now_ns >= until_ns:
                return
            left_s = (until_ns - machine.now_ns) / SECOND
            machine.passes(min(left_s, max(1, left_s / 5)))
            while checks := [one for one in network.flights if isinstance(one, SendCheck)]:
                network.flights.remove(checks[0])
                network.answers_truly(checks[0])

    def waits_until_asked(self) -> None:
        """Time goes by until a question about the order is out; nobody answers it."""
        order_id = self._world.picks_order()
        for pause_s in UNTIL_ASKED_S:
            self._world.machine.passes(pause_s)
            flights = self._world.network.flights
            if any(isinstance(one, SendCheck) and one.order_id == order_id for one in flights):
                return

    def sets_the_clock(self) -> None:
        """The wall clock jumps by years, either way."""
        machine, rng = self._world.machine, self._world.rng
        machine.wall_ms += rng.choice((-1, 1)) * rng.randrange(YEARS_MS)
        machine.wall_ms = max(machine.wall_ms, 10**12)

    # ---- the machine

    def crash_is_near(self) -> None:
        self._world.machine.breaks = self._break()

    def restarts(self) -> None:
        self._world.machine.dies("killed")
        self._world.machine.passes(self._world.rng.choice((0.5, 2, 30)))

    def restarts_badly(self) -> None:
        """The process that comes next dies while it starts."""
        self._world.machine.breaks_at_start = self._break()
        self.restarts()

    def reboots(self) -> None:
        self._world.machine.reboots(self._world.rng.randrange(5, 60) * SECOND)

    def _break(self) -> Break:
        return Break(self._world.rng.choice(POINTS), self._world.rng.choice((1, 1, 2, 3)))
