"""The scanner's worker: always reading, back after every unplug."""

from __future__ import annotations

import queue
from dataclasses import replace
from typing import Any

from devices.errors import Unavailable
from devices.values import Scan
from posd.board import Board
from posd.core import applying
from posd.core.order import MoneyState
from posd.inbox import DeviceSeen, Inbox, ScanArrived, WorkerDied
from posd.snapshot import DeviceView, LaneView
from posd.workers.scanner import ScannerWorker
from tests.engine_world import RULES
from tests.journal.samples import opened

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


class SwitchedScanner(FakeScanner):
    """One with a trigger; it is in a read until it is woken."""

    def __init__(self, *sayings: Any) -> None:
        super().__init__(*sayings)
        self.told: queue.SimpleQueue[str] = queue.SimpleQueue()

    def arm(self) -> None:
        self.told.put("arm")

    def disarm(self) -> None:
        self.told.put("disarm")


def lane(state: str | None) -> LaneView:
    board = Board(RULES, action=lambda _code: "")
    if state is None:
        return board.view
    order = replace(applying.opened(opened(1)), money=MoneyState(state))
    return replace(board.view, selling=board.look(order, 1, 0))


def test_a_scanner_with_a_trigger_shines_only_while_a_sale_waits_for_its_code() -> None:
    scanner = SwitchedScanner(CLAIMED)
    worker = ScannerWorker(Inbox(), scanner, "serial")
    worker.start()
    told = []
    for state in (None, "ARMED", "SENT", "ARMED", None):
        worker.watch(lane(state))
        told.append(scanner.told.get(timeout=PATIENCE_S))
    worker.stop(PATIENCE_S)
    assert told == ["disarm", "arm", "disarm", "arm", "disarm"]


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
