"""How the devices are, in words, and what to do next: by touch, without pointing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from devices.values import PrinterCondition
from posd.cli.remote.telling import word

from .conftest import Open
from .counter import Counter
from .demo import Demo
from .till import Till

pytestmark = pytest.mark.slow

HAPPENS = {
    PrinterCondition.PAPER_OUT: ("paper out", "paper ok"),
    PrinterCondition.PAPER_NEAR_END: ("paper near", "paper ok"),
    PrinterCondition.COVER_OPEN: ("cover open", "cover closed"),
    PrinterCondition.CUTTER_ERROR: ("cutter jammed", "cutter ok"),
    PrinterCondition.UNRECOVERABLE_ERROR: ("error unrecoverable", "error none"),
    PrinterCondition.AUTO_RECOVERABLE_ERROR: ("error overheated", "error none"),
    PrinterCondition.ERROR: ("error mechanical", "error none"),
    PrinterCondition.WAITING_TO_RECOVER: ("recovery waiting", "recovery done"),
    PrinterCondition.OFFLINE: ("online off", "online on"),
    PrinterCondition.SILENT: ("silent on", "silent off"),
    PrinterCondition.UNREACHABLE: ("refuse on", "refuse off"),
}


def test_every_condition_of_a_printer_is_reached() -> None:
    assert set(HAPPENS) == set(PrinterCondition) - {PrinterCondition.READY}


def test_every_trouble_of_the_printer_says_what_to_do(counter: Counter, open_till: Open) -> None:
    till = open_till(counter)
    till["help-open"].click()
    for condition, (trouble, end) in HAPPENS.items():
        counter.twins.printer(trouble)
        till.says("help-devices", f"printer.{condition}.title")
        till.says("help-devices", f"printer.{condition}.next")
        till.says("devices", f"printer.{condition}.title")
        told = counter.devices()
        assert told.json["printer"]["condition"] == condition
        assert word(f"printer.{condition}.title") in told.text
        assert word(f"printer.{condition}.next") in told.text
        counter.twins.printer(end)
        till.says("help-devices", "printer.ready.title")


def test_the_strip_opens_the_help_by_touch(start: Callable[..., Demo], open_till: Open) -> None:
    till = open_till(start(), width=800, height=480, touch=True)
    till["devices"].tap()
    till.says("help-devices", "scanner.connected.next")
    till["help-back"].tap()
    expect(till["help"]).to_be_hidden()


def test_the_drawer_is_opened_where_there_is_one(counter: Counter, open_till: Open) -> None:
    till = open_till(counter)
    till.says("devices", "drawer.closed.title")
    with till.page.expect_response(lambda answer: "/devices/drawer" in answer.url) as answered:
        till["drawer"].click()
    assert answered.value.json() == {"opened": True}
    with till.page.expect_response(lambda answer: "/devices/drawer" in answer.url):
        till.page.keyboard.press("F9")
    counter.twins.printer("drawer open")
    till.says("devices", "drawer.open.title")


def test_a_drawer_that_does_not_open_is_said_in_words(till: Till) -> None:
    expect(till["drawer"]).to_be_hidden()  # a lane without one has no button for it
    till.witness.excuse("status of 503")
    till.page.keyboard.press("F9")
    till.says("notice", "notice.drawer_shut")


def test_a_scanner_that_is_unplugged_is_told_where_the_code_is_asked_for(
    counter: Counter, open_till: Open
) -> None:
    till = open_till(counter)
    till.charge()
    counter.unplug_scanner()
    till.says("why", "scanner.lost.title")
    till.says("why", "scanner.lost.next")
