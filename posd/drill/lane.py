"""One lane: it plays runs on its box, one after the other, through the death of its posd.

Rule: the posd that a kill leaves behind is started again at once, and the next run is played on
the same journal: a shop's bad day.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from posd import history
from posd.api_client import ClientError, Refused
from posd.core.errors import Contradiction
from posd.core.money import parse_money
from posd.drill.box import Box
from posd.drill.cashier import GOOD, Basket, Counter
from posd.drill.judge import Booked, Evidence, Judgement, Known, judge, judge_papers
from posd.drill.points import Point
from posd.drill.processes import VictimFailed
from posd.drill.scenarios import HURRIED, Scenario
from posd.drill.strike import Strike
from posd.journal.chain import Entry
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

SETTLE_S = 45.0
PATIENCE_S = 1.6  # with NOT CONFIRMED, before the waits are shortened
LOOK_S = 0.01
MOST_ENTRIES = 5000


class Interrupted(Exception):  # noqa: N818
    """The drill was told to stop."""


@dataclass
class Run:
    """What came of one run: whether posd was killed, and how long it took to settle from there."""

    scenario: Scenario
    point: Point | None
    killed: bool = False
    settle_s: float = 0.0
    charges: int = 0
    judgement: Judgement = field(default_factory=Judgement)
    entries: Sequence[Entry] = ()


class Lane:
    """A box and its runs, owned by one thread."""

    def __init__(self, box: Box, name: str, stopping: threading.Event) -> None:
        self._box = box
        self._name = name
        self._stopping = stopping
        self._runs = 0
        self._seen: set[str] = set()
        self._charges = 0
        self.broken = False  # its posd does not start any more

    def play(self, scenario: Scenario, point: Point | None) -> Run:
        """One scenario, with one kill or none, to its end and its judgement."""
        self._runs += 1
        run = Run(scenario, point)
        play = _Play(self._box, scenario, point, f"{self._name}-{self._runs}")
        play.begin()
        before = self._head()
        try:
            self._go_through(play)
        except VictimFailed as failure:
            self.broken = True
            play.faults.append(f"posd does not start again: {failure}")
        run.killed, run.settle_s = play.killed, play.settle_s
        self._judge(run, play)
        with JournalReader(self._box.state) as journal:
            run.entries = journal.entries(before, MOST_ENTRIES)
        return run

    def _go_through(self, play: _Play) -> None:
        while not play.done and not play.too_late:
            if self._stopping.is_set():
                raise Interrupted
            play.step()
        play.end()

    def close(self) -> Judgement:
        """End the box, and judge what the whole lane left: its paper and its journal."""
        self._box.close()
        self._box.stops()
        found = judge_papers(self._box.papers, self._seen)
        if self._box.state.exists():
            found.findings += [f"journal: {what.what}" for what in verify(self._box.state)]
        return found

    def _head(self) -> int:
        with JournalReader(self._box.state) as journal:
            return journal.head().seq

    def _judge(self, run: Run, play: _Play) -> None:
        rows = self._box.control("GET", "orders")["orders"]
        fresh = [row for row in rows if row["order_id"] not in self._seen]
        charges = int(self._box.control("GET", "stats")["charges"])
        run.charges, self._charges = charges - self._charges, charges
        owners = self._owners(play.references)
        known, contradictions = self._known(list(owners))
        self._seen |= {row["order_id"] for row in fresh}
        seen = Evidence(
            booked=[_booked(row) for row in fresh],
            known=known,
            charges=run.charges,
            owners=owners,
            unfinished=play.unfinished,
            contradictions=contradictions,
        )
        run.judgement = judge(seen)
        run.judgement.findings += play.faults

    def _owners(self, references: Sequence[str]) -> dict[str, str]:
        with JournalReader(self._box.state) as journal:
            return {name: told for told in references for name in journal.orders_of_reference(told)}

    def _known(self, order_ids: Sequence[str]) -> tuple[list[Known], list[str]]:
        found, contradictions = [], []
        with JournalReader(self._box.state) as journal:
            for order_id in order_ids:
                rows = journal.order(order_id)
                try:
                    rebuilt = history.rebuild(self._box.rules, rows)
                except Contradiction as error:
                    contradictions.append(str(error))
                    continue
                if rebuilt is not None:
                    found.append(Known(rebuilt[0], tuple(record for _, record in rows)))
        return found, contradictions


class _Play:
    """One run while it is played."""

    def __init__(self, box: Box, scenario: Scenario, point: Point | None, name: str) -> None:
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
                reference=f"{scenario.name}-{name}-{number}",
                amount=str(100 + hash_of(name, number)),
                fault=scenario.fault if number == 0 else GOOD,
            )
            for number in range(scenario.baskets)
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
        try:
            basket.step(self._counter)
        except Refused:
            return  # not now; posd says again what follows
        except ClientError:
            if self._box.victim is not None and self._box.victim.dies_within(0.5):
                return

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


def hash_of(name: str, number: int) -> int:
    """An amount of its own for each basket, for a lane refuses the same one while in doubt."""
    runs = int(name.rpartition("-")[2])
    return (runs * 2 + number) % 900


def _booked(row: dict[str, Any]) -> Booked:
    def minor(text: str | None) -> int:
        return parse_money(text, row["currency"]).minor if text and float(text) else 0

    return Booked(
        order_id=row["order_id"],
        stage=row["stage"] or "",
        taken_minor=minor(row["captured"]),
        returned_minor=minor(row["refunded"]),
    )
