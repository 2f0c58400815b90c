"""The printer: what becomes of a job, and how many originals came out.

Rule: a job of which the printer said "not started" never comes out; any other may.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from devices.values import PrintProof
from posd.core.commands import PrintReceipt, PrintSlip
from posd.core.events import (
    PrinterReady,
    PrintNotStarted,
    PrintSucceeded,
    PrintUnanswered,
    SlipNotStarted,
    SlipPrinted,
    SlipUnanswered,
)

if TYPE_CHECKING:
    from tests.model.world import World

Job = PrintReceipt | PrintSlip


class Paper:
    """Jobs under way, and the originals that lie in the tray."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.jobs: list[Job] = []
        self.originals: Counter[str] = Counter()

    def takes(self, job: Job) -> None:
        self.jobs.append(job)

    def loses_machine(self) -> None:
        for job in self.jobs:
            if self._world.rng.random() < 0.5:
                self._comes_out(job)
        self.jobs = []

    # ---- moves

    def job_is_printed(self) -> None:
        job = self._job()
        if job is not None:
            self.prints(job)

    def job_is_not_started(self) -> None:
        job = self._job()
        at, why = self._world.machine.at, "paper_out"
        if isinstance(job, PrintReceipt):
            self._world.machine.does(PrintNotStarted(at, job.order_id, job.copy, why))
        elif job is not None:
            self._world.machine.does(SlipNotStarted(at, job.order_id, job.number, why))

    def job_is_lost(self) -> None:
        job = self._job()
        if job is not None and self._world.rng.random() < 0.5:
            self._comes_out(job)
        at, why = self._world.machine.at, "reset"
        if isinstance(job, PrintReceipt):
            self._world.machine.does(PrintUnanswered(at, job.order_id, job.copy, why))
        elif job is not None:
            self._world.machine.does(SlipUnanswered(at, job.order_id, job.number, why))

    def printer_is_ready(self) -> None:
        self._world.machine.does(PrinterReady(self._world.machine.at))

    # ---- how they end

    def prints(self, job: Job) -> None:
        """It comes out, and the printer may prove it."""
        self._comes_out(job)
        proof = self._world.rng.choice((PrintProof.PROVED, PrintProof.PROBABLE))
        at = self._world.machine.at
        if isinstance(job, PrintReceipt):
            self._world.machine.does(PrintSucceeded(at, job.order_id, job.copy, proof))
        else:
            self._world.machine.does(SlipPrinted(at, job.order_id, job.number, proof))

    def _comes_out(self, job: Job) -> None:
        if isinstance(job, PrintReceipt) and job.copy == 0:
            self.originals[job.order_id] += 1

    def _job(self) -> Job | None:
        if not self.jobs:
            return None
        job = self._world.rng.choice(self.jobs)
        self.jobs.remove(job)
        return job
