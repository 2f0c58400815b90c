"""Waiting for the answer to `GS r 1`, on the connection that carried the job.

The one rule: only answers that come behind the job count, and of those only what is left after
the ones that earlier jobs on the same line are still owed.
"""

from __future__ import annotations

from devices.printers import status
from devices.printers.answers import MOST_BYTES, hear


class Listener:
    """A line of which all that comes is kept; `owed` answers make this job's proof."""

    def __init__(self, line: status.Line, owed: int) -> None:
        self._line = line
        self._owed = owed
        self._heard = b""

    @property
    def proved(self) -> bool:
        """Whether the printer has said that all of it is on paper."""
        return status.proofs(self._heard) >= self._owed

    @property
    def missing(self) -> int:
        """How many answers have not come yet, proofs or not."""
        return max(0, self._owed - len(hear(self._heard).sensors))

    @property
    def answered(self) -> bool:
        """Whether any answer to `GS r 1` came, also one that proves nothing."""
        return bool(hear(self._heard).sensors)

    def wait(self, until_s: float) -> None:
        """Listen until it is proved or `until_s`; raises OSError when the line ends unproved."""
        while not self.proved and self.receive(until_s):
            pass

    def send(self, data: bytes, until_s: float) -> None:
        """Write all of `data` by `until_s`; raises OSError."""
        self._line.send(data, until_s)

    def receive(self, until_s: float) -> bytes:
        """What comes by `until_s`; b"" when nothing does. Raises OSError."""
        data = self._line.receive(until_s)
        self._heard = (self._heard + data)[: MOST_BYTES + 1]
        return data
