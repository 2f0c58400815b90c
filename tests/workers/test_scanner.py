"""The scanner's worker: always reading, back after every unplug."""

from __future__ import annotations

from typing import Any

from devices.errors import Unavailable
from devices.values import Scan
from posd.inbox import DeviceSeen, Inbox, ScanArrived, WorkerDied
from posd.snapshot import DeviceView
from posd.workers.scanner import ScannerWorker

from .fakes import PATIENCE_S, FakeScanner

SCAN = Scan("381234567890123456", "", 1, 2)
CONNECTED = DeviceSeen(DeviceView("scanner", "serial", "connected", "", ready=True))
CLAIMED = ("claim", None)
GONE = Unavailable("it is gone")
LOST = DeviceSeen(DeviceView("scanner", "serial", "lost", "it is gone"))


def told_of(*sayings: Any, count: int) -> tuple[list[Any], FakeScanner]:
    """What a worker with such a scanner tells first; then it is stopped while it reads."""
    scanner = FakeScanner(*sayings)
    worker = ScannerWorker(Inbox(), scanner, "serial")
    worker.start()
    messages = [worker.inbox.get(timeout=PATIENCE_S) for _ in range(count)]
    worker.stop(PATIENCE_S)
    assert not worker.alive
    assert worker.inbox.empty()
    return messages, scanner


def test_every_scan_is_told_and_a_silence_is_not() -> None:
    reads = [("read", SCAN), ("read", None), ("read", SCAN)]
    messages, scanner = told_of(CLAIMED, *reads, count=3)
    assert messages == [CONNECTED, ScanArrived(SCAN), ScanArrived(SCAN)]
    assert scanner.calls == ["claim", "release"]


def test_a_scanner_that_is_pulled_is_released_and_claimed_again() -> None:
    steps = [CLAIMED, ("read", GONE), ("claim", GONE), CLAIMED, ("read", SCAN)]
    messages, scanner = told_of(*steps, count=4)
    assert messages == [CONNECTED, LOST, CONNECTED, ScanArrived(SCAN)]
    assert scanner.calls == ["claim", "release", "claim", "release", "claim", "release"]


def test_a_scanner_that_is_not_there_at_the_start_is_told_and_found_later() -> None:
    messages, _ = told_of(("claim", GONE), CLAIMED, ("read", SCAN), count=3)
    assert messages == [LOST, CONNECTED, ScanArrived(SCAN)]


def test_a_driver_that_fails_is_a_lost_scanner_and_is_tried_again() -> None:
    steps = [CLAIMED, ("read", TypeError("a bug")), CLAIMED, ("read", SCAN)]
    messages, _ = told_of(*steps, count=5)
    reason = "TypeError: a bug"
    lost = DeviceSeen(DeviceView("scanner", "serial", "lost", reason))
    died = WorkerDied("scanner", reason, fatal=False)
    assert messages == [CONNECTED, lost, died, CONNECTED, ScanArrived(SCAN)]
