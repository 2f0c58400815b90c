"""The scanner's worker: claims it, reads it, and comes back after every unplug.

Rule: it always reads. Whether a scan counts is for the core to say, so nothing is queued up in
the scanner for the next customer.
"""

from __future__ import annotations

from devices.errors import DeviceError
from devices.interfaces import Scanner
from posd.inbox import DeviceSeen, Inbox, ScanArrived
from posd.snapshot import DeviceView
from posd.workers.worker import Worker

READ_S = 5.0
RETRY_S = (0.25, 0.5, 1.0)  # back within 3 s of a replug


class ScannerWorker(Worker[None]):
    """One thread that blocks in `Scanner.read`."""

    def __init__(self, inbox: Inbox, scanner: Scanner, driver: str) -> None:
        super().__init__("scanner", inbox)
        self._scanner = scanner
        self._driver = driver
        self._claimed = False
        self._failures = 0
        self._said: DeviceView | None = None

    def work(self) -> None:
        """Claim if needed, then one read."""
        try:
            if not self._claimed:
                self._scanner.claim()
                self._claimed, self._failures = True, 0
                self._say("connected", "")
            scan = self._scanner.read(READ_S)
        except DeviceError as failure:
            self._lose(failure)
            return
        if scan is not None:
            self.inbox.put(ScanArrived(scan))

    def give_up_waiting(self) -> None:
        """End the running read."""
        self._scanner.wake()

    def close(self) -> None:
        """Release the device."""
        self._claimed = False
        self._scanner.release()

    def mourn(self, reason: str) -> None:
        """A scanner whose driver fails is a lost scanner."""
        self._say("lost", reason)

    def _lose(self, failure: DeviceError) -> None:
        self.close()
        self._say("lost", str(failure))
        wait_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
        self._failures += 1
        self._stopping.wait(wait_s)

    def _say(self, condition: str, detail: str) -> None:
        seen = DeviceView("scanner", self._driver, condition, detail, condition == "connected")
        if seen != self._said:
            self._said = seen
            self.inbox.put(DeviceSeen(seen))
