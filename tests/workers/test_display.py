"""The display's worker: the newest lines win, and a display that hangs holds up nobody."""

from __future__ import annotations

import queue
from dataclasses import replace
from typing import Any

import pytest

from devices.errors import Unavailable
from posd.core.order import Verdict
from posd.inbox import DeviceSeen, Inbox, WorkerDied
from posd.snapshot import DeviceView, LaneView
from posd.words import catalogue
from posd.workers.display import DisplayWorker

from .fakes import PATIENCE_S, told
from .test_display_lines import LANE, PAID, WAITING, sale

CONNECTED = DeviceSeen(DeviceView("display", "line_display", "connected", "", ready=True))
LOST = DeviceSeen(DeviceView("display", "line_display", "lost", "it is gone"))


class FakeDisplay:
    """Keeps `devices.interfaces.CustomerDisplay`; a show waits for its saying if told to."""

    def __init__(self, *sayings: Exception | None) -> None:
        self.shown: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self.released = 0
        self._sayings = list(sayings)

    def show(self, lines: tuple[str, str], timeout_s: float) -> None:
        assert 0 < timeout_s <= 1
        saying = self._sayings.pop(0) if self._sayings else None
        if saying is not None:
            raise saying
        self.shown.put(lines)

    def release(self) -> None:
        self.released += 1

    def next(self) -> tuple[str, str]:
        return self.shown.get(timeout=PATIENCE_S)


class ThaiDisplay(FakeDisplay):
    """Has Thai and nothing else."""

    def has_glyphs(self, text: str) -> bool:
        return all(one.isascii() or "\u0e00" <= one <= "\u0e7f" for one in text)


def worker_of(display: FakeDisplay, **options: Any) -> DisplayWorker:
    return DisplayWorker(Inbox(), display, "line_display", **options)


def shown_of(display: FakeDisplay, *views: LaneView, **options: Any) -> tuple[str, str]:
    worker = worker_of(display, **options)
    for view in views:
        worker.give(view)
    worker.work()
    return display.next()


def test_the_newest_view_is_shown_and_those_it_overtook_never() -> None:
    display = FakeDisplay()
    worker = worker_of(display)
    for number in range(1000):
        worker.give(replace(LANE, store_name=f"Shop {number}"))
    worker.start()
    assert display.next()[0] == "Shop 999"
    worker.stop(PATIENCE_S)
    assert display.shown.qsize() <= 1  # a last refresh of the same
    assert display.released == 1


def test_a_display_is_told_once_when_it_is_connected_lost_and_back() -> None:
    gone = Unavailable("it is gone")
    display = FakeDisplay(None, None, gone, gone)
    worker = worker_of(display)
    worker.start()
    for _ in range(3):
        worker.give(LANE)
        display.next()
    worker.stop(PATIENCE_S)
    assert told(worker.inbox) == [CONNECTED, LOST, CONNECTED]


def test_nothing_is_shown_before_there_is_a_view() -> None:
    display = FakeDisplay()
    worker = worker_of(display)
    worker.give_up_waiting()
    worker.work()
    assert display.shown.empty()
    assert told(worker.inbox) == []


def test_the_end_of_a_sale_stands_there_for_a_while_and_then_the_shop() -> None:
    assert shown_of(FakeDisplay(), WAITING, PAID)[0] == "PAID"
    assert shown_of(FakeDisplay(), WAITING, PAID, hold_s=0)[0] == "Corner Tea"


def test_doubt_stands_there_until_the_next_sale() -> None:
    doubt = replace(LANE, unfinished=(sale(Verdict.NOT_CONFIRMED),))
    assert shown_of(FakeDisplay(), WAITING, doubt, hold_s=0)[1] == "Please ask our staff"


def test_a_sale_after_one_that_was_told_long_enough_is_told() -> None:
    display = FakeDisplay()
    worker = worker_of(display, hold_s=0)
    shown = []
    new = replace(LANE, selling=sale(Verdict.WAITING, id="sale-2"), last=PAID.last)
    for view in (WAITING, PAID, new):
        worker.give(view)
        worker.work()
        shown.append(display.next()[1])
    assert shown == ["Show LINE Pay code", "Welcome", "Show LINE Pay code"]


@pytest.mark.parametrize(
    ("display", "language", "lower"),
    [
        (FakeDisplay, "zh-TW", "Welcome"),
        (ThaiDisplay, "zh-TW", "Welcome"),
        (ThaiDisplay, "th", "ยินดีต้อนรับ"),
    ],
)
def test_a_display_without_the_characters_is_told_in_plain_english(
    display: type[FakeDisplay], language: str, lower: str
) -> None:
    assert shown_of(display(), replace(LANE, language=language)) == ("Corner Tea", lower)


def test_a_name_in_characters_that_the_display_lacks_is_left_out() -> None:
    view = replace(LANE, store_name="角落茶", language="th")
    assert shown_of(ThaiDisplay(), view) == ("LINE Pay", "Welcome")


def test_an_error_that_nobody_foresaw_loses_the_display_and_not_the_worker() -> None:
    display = FakeDisplay(ValueError("a bad driver"))
    worker = worker_of(display)
    worker.give(LANE)
    worker.start()
    lost = DeviceSeen(DeviceView("display", "line_display", "lost", "ValueError: a bad driver"))
    assert worker.inbox.get(timeout=PATIENCE_S) == lost
    died = WorkerDied("display", "ValueError: a bad driver", fatal=False)
    assert worker.inbox.get(timeout=PATIENCE_S) == died
    worker.give(LANE)
    assert display.next() == ("Corner Tea", "Welcome")
    worker.stop(PATIENCE_S)


@pytest.mark.parametrize("condition", ["connected", "lost", "disabled"])
def test_every_condition_of_a_display_has_its_words(condition: str) -> None:
    for part in ("title", "next"):
        assert f"display.{condition}.{part}" in catalogue("en")
