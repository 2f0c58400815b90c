"""The scanner's worker: claims it, reads it, and comes back after every unplug.

Rule: it always reads. Whether a scan counts is for the core to say, so nothing is queued up in
the scanner for the next customer. A scanner that can be switched shines while a sale waits for
its code, and rests at all other times.
"""

from __future__ import annotations

from devices.errors import DeviceError
from devices.interfaces import Scanner, Trigger
from posd.core.order import MoneyState
from posd.inbox import DeviceSeen, Inbox, ScanArrived
from posd.snapshot import DeviceView, LaneView
from posd.workers.worker import Worker

READ_S = 5.0
RETRY_S = (0.25, 0.5, 1.0)  # back within 3 s of a replug


class ScannerWorker(Worker[None]):
    """One thread that blocks in `Scanner.read`."""

    def __init__(self, inbox: Inbox, scanner: Scanner, driver: str) -> None:
        super().__init__("scanner", inbox)
        self._scanner = scanner
        self._driver = driver
        self._trigger = scanner if isinstance(scanner, Trigger) else None
        self._wanted = False  # written by `watch` alone
        self._armed: bool | None = None  # None: a scanner that was just claimed, as it may be
        self._claimed = False
        self._failures = 0
        self._said: DeviceView | None = None

    def watch(self, lane: LaneView) -> None:
        """Take the newest view: is a code wanted? Called by the engine's thread."""
        wanted = lane.selling is not None and lane.selling.state == MoneyState.ARMED
        if self._trigger is not None and wanted is not self._wanted:
            self._wanted = wanted
            self._scanner.wake()

    def work(self) -> None:
        """Claim if needed, then one read."""
        try:
            if not self._claimed:
                self._scanner.claim()
                self._claimed, self._failures = True, 0
                self._say("connected", "")
            self._switch()
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
        self._armed = None
        self._scanner.release()

    def mourn(self, reason: str) -> None:
        """A scanner whose driver fails is a lost scanner."""
        self._say("lost", reason)

    def _switch(self) -> None:
        """Arm or disarm, if that has changed."""
        if self._trigger is None or self._armed is self._wanted:
            return
        self._armed = self._wanted
        if self._armed:
            self._trigger.arm()
        else:
            self._trigger.disarm()

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
