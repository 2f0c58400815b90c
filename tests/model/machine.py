"""The real engine on a machine that may die at any moment: its clocks, its durable journal.

Rule: time moves only here, and a death takes everything but the journal.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple, Protocol

from posd.board import Board
from posd.core.commands import Command
from posd.core.instant import Instant
from posd.core.lane import LaneState
from posd.core.order import Order
from posd.core.rules import SECOND, Rules
from posd.engine import Engine
from posd.inbox import Message
from posd.intake import Intake
from posd.outlets import Outlets
from posd.vault import Vault
from tests.model.edges import Edge
from tests.model.journal import Crash, DurableJournal
from tests.model.visits import told

POINTS = ("before commit", "after commit", "before command", "after command")
MOST_DEADLINES = 400


class Break(NamedTuple):
    """Where the machine dies next: the `left`-th time that it comes to this point."""

    point: str
    left: int


class Surroundings(Protocol):
    """What stands round the machine."""

    def takes(self, command: Command) -> None:
        """A command leaves the engine."""

    def loses_machine(self, why: str) -> None:
        """Everything that the process held is gone."""

    def sees_step(self) -> None:
        """The engine has come to rest."""


class Machine:
    """`does` gives the engine one message, `passes` lets time go by, `dies` starts it anew."""

    def __init__(self, rules: Rules, outside: Surroundings) -> None:
        self.rules, self._outside = rules, outside
        self.journal = DurableJournal()
        self.now_ns, self.wall_ms, self.boots = 1_000 * SECOND, 1_795_000_000_000, 1
        self.true_ns = 0  # goes on when the machine's clocks do not
        self.visits: Counter[Edge] = Counter()
        self.breaks: Break | None = None
        self.breaks_at_start: Break | None = None
        self._start()

    @property
    def at(self) -> Instant:
        return Instant(self.wall_ms, self.now_ns)

    @property
    def state(self) -> LaneState:
        return self.engine._memory.state

    def orders(self) -> dict[str, Order]:
        """The orders in memory."""
        return dict(self.state.orders)

    def does(self, message: Message) -> None:
        """The engine handles one message and what is due; a crash ends the process."""
        try:
            self.engine._handle(message)
            self._serves()
        except Crash as crash:
            self.dies(f"crash {crash}")
        self._outside.sees_step()

    def passes(self, seconds: float) -> None:
        """Time goes by on every clock, and what is due is served."""
        self.now_ns += int(seconds * SECOND)
        self.true_ns += int(seconds * SECOND)
        self.wall_ms += int(seconds * 1000)
        try:
            self._serves()
        except Crash as crash:
            self.dies(f"crash {crash}")
        self._outside.sees_step()

    def dies(self, why: str) -> None:
        """The process is gone, and another begins; that one may die as it starts."""
        self._outside.loses_machine(why)
        self.breaks, self.breaks_at_start = self.breaks_at_start, None
        try:
            self._start()
        except Crash as crash:
            self.dies(f"crash {crash} at start")

    def reboots(self, now_ns: int) -> None:
        """The boot clock begins anew."""
        self.boots += 1
        self.now_ns = now_ns
        self.dies("rebooted")
        self._outside.sees_step()

    def reaches(self, point: str) -> None:
        """A place at which the machine may be gone."""
        if self.breaks and self.breaks.point == point:
            left = self.breaks.left - 1
            self.breaks = Break(point, left) if left else None
            if not left:
                raise Crash(point)

    def _serves(self) -> None:
        for _ in range(MOST_DEADLINES):
            before = len(self.journal.records)
            self.engine._serve_deadlines()
            if len(self.journal.records) == before:
                break
        if self.engine._behind:
            self.engine._publish()

    def _start(self) -> None:
        self.board = Board(self.rules, action=lambda code: code)
        self.journal.before = lambda: self.reaches("before commit")
        self.journal.after = lambda: self.reaches("after commit")
        intake = Intake(
            rules=self.rules,
            journal=self.journal,  # type: ignore[arg-type]
            fingerprint_key=b"k" * 32,
            hindrances=tuple,
        )
        self.engine = Engine(
            journal=self.journal,  # type: ignore[arg-type]
            intake=intake,
            board=self.board,
            outlets=self._outlets(),
            vault=Vault(),
        )
        self._count_events(self.engine)
        self.engine.recover(LaneState(self.rules), "posd model")

    def _outlets(self) -> Outlets:
        return Outlets(
            self._carries_out,
            lambda sent, at: lambda: None,
            lambda: None,
            tuple,
            lambda: self.at,
            lambda: f"boot-{self.boots}",
        )

    def _carries_out(self, command: Command) -> bool:
        self._outside.takes(command)
        return True

    def _count_events(self, engine: Engine) -> None:
        decide = engine._decide

        def counted(event: Any) -> Any:
            self.visits.update(told(engine._memory.state, event))
            return decide(event)

        engine._decide = counted  # type: ignore[method-assign]
