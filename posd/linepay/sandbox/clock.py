"""The time that the stand-in goes by: the wall clock, or one that moves when it is told to.

The rule: time only goes forward. Answers that are held back (`slow`, `drip`) wait real seconds,
whatever the clock: a client's timeouts are real too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

START_S = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


class ManualClock:
    """Seconds since the epoch, from START_S on or where the state file left off."""

    def __init__(self, now_s: float = START_S) -> None:
        self.now_s = now_s
        self.keep: Callable[[float], None] = lambda now_s: None

    def __call__(self) -> float:
        """The time now."""
        return self.now_s

    def advance(self, seconds_s: float) -> None:
        """Move forward."""
        self.now_s += seconds_s
        self.keep(self.now_s)
