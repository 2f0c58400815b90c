"""Transaction ids: 19 digits that begin with a date (reference, section 7), always rising.

The rule: an id is handed out once, also across a restart that keeps the order book.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime

# A date that no payment has, so that seeded ids are told from others.
_SEEDED_DATE = 20_000_101


class TransactionIds:
    """Ids of the time of day, or of a seed and of nothing else."""

    def __init__(self, clock_s: Callable[[], float], chance: random.Random | None = None) -> None:
        self.last = 0
        self._clock_s = clock_s
        self._first = (
            None if chance is None else _SEEDED_DATE * 10**11 + chance.randrange(10**9, 10**10)
        )

    def next(self) -> int:
        """An id above all that were handed out."""
        start = self._stamp() if self._first is None else self._first
        self.last = max(self.last + 1, start)
        return self.last

    def _stamp(self) -> int:
        # The time of day fills the digits behind the date, so that a restarted stand-in does not
        # hand out the ids of the one before it.
        moment = datetime.fromtimestamp(self._clock_s(), UTC)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        microseconds = int((moment - midnight).total_seconds() * 1e6)
        return int(f"{moment:%Y%m%d}") * 10**11 + microseconds
