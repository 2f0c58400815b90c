"""Wrong tries by name: five, then nobody of that name for five minutes.

Rule: they outlive a restart, or killing posd would give five new tries. Times are the wall
clock's; a clock that was put back locks for five minutes at most.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from posd.people.store import replace_file

FILE_NAME: Final = "people.lockouts.json"
MOST_TRIES: Final = 5
LOCKED_S: Final = 300.0
MOST_NAMES: Final = 1000


class Tries(Struct, frozen=True):
    """Wrong tries of one name, and when the last one was."""

    count: int
    at_s: float


_DECODER: Final = msgspec.json.Decoder(dict[str, Tries])


class Lockouts:
    """The tries, in memory and in the file at `path`; `clock_s` is the wall clock."""

    def __init__(self, path: Path, clock_s: Callable[[], float]) -> None:
        self._path = path
        self._clock_s = clock_s
        self._tries: dict[str, Tries] = {}
        with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            self._tries = _DECODER.decode(path.read_bytes())

    def left_s(self, name: str) -> float:
        """For how many seconds nobody of this name is let in; 0 where somebody is."""
        tries = self._tries.get(name)
        if tries is None or tries.count < MOST_TRIES:
            return 0.0
        now_s = self._clock_s()
        if tries.at_s > now_s:  # the clock was put back: count from now
            tries = Tries(tries.count, now_s)
            self._tries[name] = tries
        left_s = tries.at_s + LOCKED_S - now_s
        if left_s <= 0:
            self.forget(name)
        return max(0.0, left_s)

    def wrong(self, name: str) -> int:
        """Note a wrong try; gives how many are left."""
        before = self._tries.pop(name, Tries(0, 0.0))
        self._tries[name] = Tries(before.count + 1, self._clock_s())
        while len(self._tries) > MOST_NAMES:
            del self._tries[next(iter(self._tries))]
        self._keep()
        return max(0, MOST_TRIES - self._tries[name].count)

    def forget(self, name: str) -> None:
        """The name was let in, or its time is over."""
        if self._tries.pop(name, None) is not None:
            self._keep()

    def _keep(self) -> None:
        # A full disk must not open the door: what is in memory holds while posd runs.
        with suppress(OSError):
            replace_file(self._path, msgspec.json.encode(self._tries))
