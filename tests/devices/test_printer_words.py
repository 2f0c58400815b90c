"""Every state of the virtual printer has words and a next action of its own where it is shown."""

from __future__ import annotations

import dataclasses
import re
from importlib.resources import files

import pytest
from printer_rigs import PROMPT, VirtualRig

from devices.printers.options import EscposOptions
from devices.values import PrinterCondition
from posd.cli.remote.devices import _row
from posd.inbox import DeviceSeen, Inbox
from posd.words import LANGUAGES, catalogue
from posd.workers.printer import PrinterWorker

C = PrinterCondition
STATES = {
    "ready": C.READY,
    "near": C.PAPER_NEAR_END,
    "out": C.PAPER_OUT,
    "open": C.COVER_OPEN,
    "offline": C.OFFLINE,
    "jammed": C.CUTTER_ERROR,
    "broken": C.UNRECOVERABLE_ERROR,
    "hot": C.AUTO_RECOVERABLE_ERROR,
    "waiting": C.WAITING_TO_RECOVER,
    "faulty": C.ERROR,
    "silent": C.SILENT,
    "rubbish": C.SILENT,
    "absent": C.UNREACHABLE,
}


def test_every_condition_can_be_reached():
    assert set(STATES.values()) == set(PrinterCondition)


@pytest.mark.parametrize(("word", "condition"), STATES.items())
def test_a_state_is_told_in_its_own_words_by_posd_devices(virtual_printer, word, condition):
    rig = VirtualRig(virtual_printer, EscposOptions(address=virtual_printer.address, **PROMPT))
    rig.make(word)
    worker = PrinterWorker(Inbox(), rig.printer, "escpos", lambda: False)
    worker.give_up_waiting()
    worker.work()
    device = next(
        message.device
        for message in iter(lambda: worker.inbox.get(0.0), None)
        if isinstance(message, DeviceSeen)
    )
    assert device.condition == condition
    assert device.ready is (condition in (C.READY, C.PAPER_NEAR_END, C.SILENT))
    kind, driver, told, next_action = _row(dataclasses.asdict(device))
    assert (kind, driver) == ("printer", "escpos")
    words = catalogue("en")
    assert told.startswith(words[f"printer.{condition}.title"])
    assert next_action == words[f"printer.{condition}.next"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["title", "next"])
def test_no_two_states_share_their_words(language, part):
    words = [catalogue(language)[f"printer.{condition}.{part}"] for condition in PrinterCondition]
    assert len(set(words)) == len(words)


def test_the_page_shows_the_words_of_whatever_condition_the_api_tells():
    scripts = [file for file in files("posd").joinpath("web").iterdir() if file.name[-3:] == ".js"]
    page = "\n".join(script.read_text(encoding="utf-8") for script in scripts)
    for part in ("title", "next"):
        assert re.search(rf"\$\{{device\.kind\}}\.\$\{{device\.condition\}}\.{part}`", page)
