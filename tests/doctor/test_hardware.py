"""Devices: as posd meets them, else as they can be looked at without paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from posd.cli.doctor.findings import Mark
from posd.cli.doctor.report import examine, with_page
from tests.daemon.printer import EpsonPrinter

from .conftest import LIVING, Lane


def test_without_posd_the_printer_is_asked_how_it_is(lane: Lane, printer: EpsonPrinter) -> None:
    assert lane.finding("printer").mark is Mark.OK
    printer.out_of_paper = True
    found = lane.finding("printer")
    assert (found.mark, found.next) == (
        Mark.FAIL,
        "Put in a new roll; the receipt follows by itself.",
    )
    assert printer.rest() == []


def test_a_printer_that_never_answers_is_doubtful(lane: Lane, printer: EpsonPrinter) -> None:
    printer.mute = True
    assert lane.finding("printer").mark is Mark.WARN


def test_a_scanner_that_is_there_is_not_opened(lane: Lane) -> None:
    found = lane.finding("scanner")
    assert found.mark is Mark.OK
    assert "is there and free" in found.words


def test_a_scanner_in_other_hands_names_them(lane: Lane) -> None:
    with lane.scanner.open():
        found = lane.finding("scanner")
    assert found.mark is Mark.FAIL
    assert "held by pid" in found.words


def test_a_scanner_that_is_not_there_names_what_is(lane: Lane) -> None:
    lane.scanner.unlink()
    assert "nothing that might be one" in lane.finding("scanner").next
    (lane.folder / "dev").mkdir()
    (lane.folder / "dev" / "ttyACM0").touch()
    assert "ttyACM0 (posd devices probe)" in lane.finding("scanner").next


@pytest.mark.parametrize(
    ("condition", "mark"),
    [("ready", Mark.OK), ("paper_near_end", Mark.WARN), ("paper_out", Mark.FAIL)],
)
def test_a_running_posd_tells_of_its_devices_and_they_are_not_touched(
    lane: Lane,
    running: Callable[..., Any],
    printer: EpsonPrinter,
    condition: str,
    mark: Mark,
) -> None:
    lane.scanner.unlink()  # posd knows better
    told = {**LIVING, "printer": {**LIVING["printer"], "condition": condition, "detail": "why"}}
    with running(told):
        report = {one.topic: one for one in lane.examined().findings}
    assert (report["printer"].mark, report["scanner"].mark) == (mark, Mark.OK)
    assert "why" in report["printer"].words
    assert not printer.asked.is_set()


def page(lane: Lane) -> Any:
    lane.write()
    report = examine(lane.config, {}, lane.machine)
    (found,) = with_page(report, lane.config, {}, lane.machine).findings[-1:]
    return found


def test_the_page_is_printed_and_proved(lane: Lane, printer: EpsonPrinter) -> None:
    found = page(lane)
    assert (found.topic, found.mark) == ("paper", Mark.OK)
    assert printer.paper().says("Corner Tea", "1234567890")


def test_no_page_is_printed_while_posd_has_the_printer(
    lane: Lane, printer: EpsonPrinter, running: Callable[..., Any]
) -> None:
    with running():
        found = page(lane)
    assert (found.topic, found.mark) == ("paper", Mark.WARN)
    assert "no page was printed" in found.words
    assert printer.rest() == []


def test_a_printer_that_refuses_prints_nothing(lane: Lane, printer: EpsonPrinter) -> None:
    printer.out_of_paper = True
    found = page(lane)
    assert (found.topic, found.mark) == ("paper", Mark.FAIL)
    assert printer.rest() == []
