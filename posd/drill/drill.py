"""The whole drill: a run of each scenario without a kill, the choice of kills, the kills.

Rule: two lanes take their runs from one list; each has a box of its own, and whatever ends the
drill, no child outlives it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from posd.drill.box import Box
from posd.drill.judge import Judgement
from posd.drill.lane import Interrupted, Lane, Run
from posd.drill.points import Point, choose, points_of
from posd.drill.scenarios import SCENARIOS, Mood, Scenario

LANES = 2
QUICK_KILLS = 50  # at least 48, with some that timing may spare
VICTIM = "posd.drill.victim"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: `kills` None means every point. `victim` is the module that is killed."""

    seed: int
    kills: int | None = QUICK_KILLS
    scenarios: Sequence[Scenario] = SCENARIOS
    victim: str = VICTIM


@dataclass
class Outcome:
    """What was played and found; `points` is how many there were to choose from."""

    seed: int
    points: int = 0
    runs: list[Run] = field(default_factory=list)
    judgement: Judgement = field(default_factory=Judgement)


def drill(plan: Plan, directory: Path, progress: Progress = lambda done, total: None) -> Outcome:
    """Do it in this directory; raises what the twins and the victim raise, and KeyboardInterrupt.

    `progress` hears how many runs are over and how many there will be.
    """
    outcome, stopping = Outcome(plan.seed), threading.Event()
    with ExitStack() as children:
        lanes = _lanes(plan, directory, stopping, children)
        crew = children.enter_context(ThreadPoolExecutor(len(lanes)))
        children.callback(stopping.set)  # before the crew is waited for
        work = _Work(lanes, crew, progress)
        work.expect(len(plan.scenarios) + (plan.kills or 0))
        by_name = {scenario.name: scenario for scenario in plan.scenarios}
        plain = work.do([(scenario, None) for scenario in plan.scenarios])
        points = [p for run in plain for p in points_of(run.scenario.name, run.entries)]
        kills = points if plan.kills is None else choose(points, plan.kills, seed=plan.seed)
        kills.sort(key=lambda point: by_name[point.scenario].mood != Mood())  # few new starts
        work.expect(len(plan.scenarios) + len(kills))
        killed = work.do([(by_name[point.scenario], point) for point in kills])
        outcome.points, outcome.runs = len(points), plain + killed
        for run in outcome.runs:
            outcome.judgement.add(run.judgement)
        for lane in lanes:
            outcome.judgement.add(lane.close())
    return outcome


def _lanes(
    plan: Plan, directory: Path, stopping: threading.Event, children: ExitStack
) -> list[Lane]:
    lanes = []
    for number in range(LANES):
        name = f"lane-{number + 1}"
        box = children.enter_context(Box(directory / name, plan.victim))
        lanes.append(Lane(box, name.removeprefix("lane-"), stopping))
    return lanes


class _Work:
    """Runs, shared out among the lanes as each is free."""

    def __init__(self, lanes: Sequence[Lane], crew: ThreadPoolExecutor, progress: Progress) -> None:
        self._lanes = lanes
        self._crew = crew
        self._progress = progress
        self._lock = threading.Lock()
        self._over = 0
        self._total = 0

    def expect(self, total: int) -> None:
        """How many runs there will be in all, for the progress."""
        self._total = total

    def do(self, runs: Sequence[tuple[Scenario, Point | None]]) -> list[Run]:
        """Play them all; those of one lane in the order in which it took them."""
        waiting = list(runs)[::-1]
        parts = [self._crew.submit(self._play, lane, waiting) for lane in self._lanes]
        return [run for part in parts for run in part.result()]

    def _play(self, lane: Lane, waiting: list[tuple[Scenario, Point | None]]) -> list[Run]:
        done: list[Run] = []
        while True:
            with self._lock:
                if not waiting or lane.broken:
                    return done
                scenario, point = waiting.pop()
            try:
                done.append(lane.play(scenario, point))
            except Interrupted:
                return done
            with self._lock:
                self._over += 1
                self._progress(self._over, self._total)
