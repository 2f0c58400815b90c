"""One lane: it plays runs on its box, one after the other, through the death of its posd.

Rule: the posd that a kill leaves behind is started again at once, and the next run is played on
the same journal: a shop's bad day.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from posd import history
from posd.core.errors import Contradiction
from posd.core.money import parse_money
from posd.drill.box import Box
from posd.drill.judge import Booked, Evidence, Judgement, Known, judge, judge_papers
from posd.drill.play import Play
from posd.drill.points import Point
from posd.drill.processes import VictimFailed
from posd.drill.scenarios import Scenario
from posd.journal.chain import Entry
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

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
        self._told_seq = 0
        self.broken = False  # its posd does not start any more

    def play(self, scenario: Scenario, point: Point | None) -> Run:
        """One scenario, with one kill or none, to its end and its judgement."""
        self._runs += 1
        run = Run(scenario, point)
        play = Play(self._box, scenario, point, name=self._name, number=self._runs)
        try:
            self._go_through(play)
        except VictimFailed as failure:
            if self._runs == 1 and not play.killed:
                raise  # no posd at all: it is the drill that is wrong
            self.broken = True
            play.faults.append(f"posd does not start again: {failure}")
        run.killed, run.settle_s = play.killed, play.settle_s
        self._judge(run, play)
        with JournalReader(self._box.state) as journal:
            run.entries = journal.entries(self._told_seq, MOST_ENTRIES)
            self._told_seq = journal.head().seq
        return run

    def _go_through(self, play: Play) -> None:
        play.begin()
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

    def _judge(self, run: Run, play: Play) -> None:
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


def _booked(row: dict[str, Any]) -> Booked:
    def minor(text: str | None) -> int:
        return parse_money(text, row["currency"]).minor if text and float(text) else 0

    return Booked(
        order_id=row["order_id"],
        stage=row["stage"] or "",
        taken_minor=minor(row["captured"]),
        returned_minor=minor(row["refunded"]),
    )
