"""A shop that anything may happen to: the real engine, a crashing machine, LINE Pay's books.

Rule: all chance comes from the seed and from the moves. `play` lets the next thing happen, `heal`
puts the world right and lets everything end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from random import Random

from posd.board import Board
from posd.core.commands import (
    AccountName,
    Command,
    PrintReceipt,
    PrintSlip,
    SendCapture,
    SendCheck,
    SendPay,
    SendReversal,
)
from posd.core.events import PrinterReady
from posd.core.people import Role
from posd.core.rules import SECOND, ReceiptRules, Rules
from posd.core.slips import SlipKind
from tests.model.answers import Answers
from tests.model.hours import Hours
from tests.model.journal import DurableJournal
from tests.model.linepay import TEMPERS, LinePay
from tests.model.machine import Machine
from tests.model.network import Network, Request
from tests.model.paper import Paper
from tests.model.people import People
from tests.model.plots import moves
from tests.model.story import Aim, Move

RULES = Rules("S1", "L1", "TW", "TWD", AccountName("http://127.0.0.1:1", "165", "v4"))
CAPTURES_AT_ONCE = 0.55  # of all shops
HEALING_S = (1, 10, 70, 130, *(600,) * 12, *(3600,) * 12, *(43_200,) * 8)
MOST_ANSWERS = 60  # between two pauses


def rules_of(rng: Random) -> Rules:
    """A shop: whether it captures at once, what its cashiers may do alone, and its slips."""
    caps = {Role.CASHIER: rng.choice((0, 0, 30)), Role.SUPERVISOR: None, Role.ADMIN: None}
    return replace(
        RULES,
        capture=rng.random() < CAPTURES_AT_ONCE,
        refund_cap_minor=caps,
        abandon_cap_minor=rng.choice((None, None, 100)),
        receipt=ReceiptRules(slips=frozenset(rng.choice(((), SlipKind)))),
    )


class World:
    """One shop. Its parts hold the moves: `people`, `hours`, `answers` and `paper`."""

    def __init__(self, seed: int) -> None:
        self.seed, self.rng = seed, Random(seed)
        self.rules = rules_of(self.rng)
        self.linepay = LinePay(self.rng, self.rng.choice(TEMPERS))
        self.aim = Aim.ANY
        self.told: list[str] = []
        self.played: list[Move] = []
        self.ordered: Counter[str] = Counter()  # payment requests that left the engine
        self.judged = 0  # records that the invariants have seen
        self.watch: Callable[[str, Command | None], None] = lambda where, command: None
        self.network, self.paper = Network(self), Paper(self)
        self.people, self.hours, self.answers = People(self), Hours(self), Answers(self)
        self.machine = Machine(self.rules, self)
        self.story = moves(Random(seed), captures=self.rules.capture)

    @property
    def journal(self) -> DurableJournal:
        return self.machine.journal

    @property
    def board(self) -> Board:
        return self.machine.board

    @property
    def wall_ms(self) -> int:
        return self.machine.wall_ms

    @wall_ms.setter
    def wall_ms(self, wall_ms: int) -> None:
        self.machine.wall_ms = wall_ms

    # ---- one thing happens

    def play(self) -> None:
        """The next move of this seed's story."""
        self.makes(next(self.story))

    def makes(self, move: Move) -> None:
        """One move, with its own chance."""
        self.rng.seed(move.seed)
        self.aim = move.aim
        self.played.append(move)
        self.told.append(f"{self.machine.now_ns / SECOND:10.1f} {move}")
        attrgetter(move.name)(self)()

    def heal(self) -> None:
        """The network, LINE Pay, the printer and the machine are well; days go by."""
        self.rng.seed(self.seed)
        self.aim = Aim.ANY
        self.machine.breaks = self.machine.breaks_at_start = None
        while self.network.orphans:
            self.network.arrives_late(0)
        self.linepay.customer_decides()
        self.linepay.healed = True
        self.machine.does(PrinterReady(self.machine.at))
        for pause_s in HEALING_S:
            self.machine.passes(pause_s)
            for _ in range(MOST_ANSWERS):
                if not self._answers_one():
                    break
            assert not self.network.flights, "invariant 8: posd asks without end"

    def _answers_one(self) -> bool:
        """Whether there was anything to answer."""
        if self.paper.jobs:
            self.paper.prints(self.paper.jobs.pop(0))
        elif self.network.flights:
            self.network.answers_truly(self.network.flights.pop(0))
        else:
            return False
        return True

    # ---- what a move is about

    def picks_order(self) -> str:
        """The order that the move is about; empty where there is none yet."""
        known = self.journal.orders()
        if not known:
            return ""
        if self.aim is Aim.NEWEST:
            return known[-1]
        return known[-1 - min(int(self.rng.expovariate(0.7)), len(known) - 1)]

    def takes_flight(self, kinds: tuple[type, ...]) -> Request | None:
        """A request of these kinds, out of the air: of the newest order where that is the aim."""
        found = [one for one in self.network.flights if isinstance(one, kinds)]
        if self.aim is Aim.NEWEST:
            newest = self.picks_order()
            found = [one for one in found if one.order_id == newest] or found
        if not found:
            return None
        flight = self.rng.choice(found)
        self.network.flights.remove(flight)
        return flight

    # ---- what the machine does to the world

    def takes(self, command: Command) -> None:
        """A command leaves the engine; the machine may die before and after."""
        self.watch("command", command)
        if isinstance(command, SendPay):
            self.network.begins(command)
        self.machine.reaches("before command")
        if isinstance(command, PrintReceipt | PrintSlip):
            self.paper.takes(command)
        elif isinstance(command, SendPay | SendCheck | SendCapture | SendReversal):
            self.network.takes(command)
        self.machine.reaches("after command")

    def loses_machine(self, why: str) -> None:
        """What was under way may still arrive, or come out of the printer."""
        self.told.append(f"  ** {why}")
        self.network.loses_machine()
        self.paper.loses_machine()

    def sees_step(self) -> None:
        """The engine has come to rest."""
        self.watch("step", None)
