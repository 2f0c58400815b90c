"""Holds: calls whose answer is kept back until somebody lets it go.

The rule: a held call has had its effect; only its answer waits, whatever that answer is. So what
a client does between request and answer can be looked at for as long as one likes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from posd.linepay.sandbox.routes import Operation

MAX_HOLDS = 100
_LOOK_S = 0.05


@dataclass(slots=True)
class Hold:
    """Keeps back the answer of the next call of `operation`; `came` says that it is here."""

    operation: Operation
    came: bool = False
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self, stopping: threading.Event) -> bool:
        """Until it is released; False where the stand-in stops first."""
        while not self.released.wait(_LOOK_S):
            if stopping.is_set():
                return False
        return True


class Holds:
    """The holds in the order in which they were asked for. Guarded by the server's lock."""

    def __init__(self) -> None:
        self._holds: list[Hold] = []

    def add(self, operation: Operation) -> None:
        """Hold the next call of this operation; raises OverflowError beyond MAX_HOLDS."""
        if len(self._holds) >= MAX_HOLDS:
            raise OverflowError(f"at most {MAX_HOLDS} holds can wait")
        self._holds.append(Hold(operation))

    def take(self, operation: Operation) -> Hold | None:
        """The hold that this call meets, or None."""
        for hold in self._holds:
            if hold.operation is operation and not hold.came:
                hold.came = True
                return hold
        return None

    def all(self) -> list[Hold]:
        """Those that wait for a call, and those that a call waits in."""
        return list(self._holds)

    def release(self) -> None:
        """Let every answer go, and forget all holds."""
        for hold in self._holds:
            hold.released.set()
        self._holds.clear()
