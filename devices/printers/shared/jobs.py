"""What became of the last jobs.

The one rule: a job id is begun once. Whoever sends it again is told its outcome.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any

KEPT = 1000  # a lane that lost its answer asks within its own timeout, not a thousand jobs later

Outcome = dict[str, Any]


class Jobs:
    """The outcomes of the newest jobs by their ids; used by any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._outcomes: OrderedDict[str, Outcome | None] = OrderedDict()  # None: it is running

    def begin(self, job: str) -> bool:
        """Note that `job` begins now; False if it has begun before."""
        with self._changed:
            if job in self._outcomes:
                return False
            self._outcomes[job] = None
            while len(self._outcomes) > KEPT:
                self._outcomes.popitem(last=False)
            return True

    def end(self, job: str, outcome: Outcome) -> None:
        """Note what became of `job`."""
        with self._changed:
            self._outcomes[job] = outcome
            self._changed.notify_all()

    def outcome(self, job: str, until_s: float) -> Outcome | None:
        """The outcome of `job`; None if it never began, or still runs at `until_s`."""
        with self._changed:
            left_s = max(0.0, until_s - time.monotonic())
            self._changed.wait_for(
                lambda: job not in self._outcomes or self._outcomes[job] is not None, left_s
            )
            return self._outcomes.get(job)
