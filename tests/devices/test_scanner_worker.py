"""A scanner that is pulled and put back while posd reads it: whole scans only, and it is back."""

from __future__ import annotations

import queue

import pytest
from contracts import PATIENCE_S

from devices.scanners.options import SerialOptions
from devices.scanners.serial import SerialScanner
from devices.simulated.scanner import VirtualScanner
from posd.inbox import DeviceSeen, ScanArrived
from posd.workers.scanner import RETRY_S, ScannerWorker

CODE, NEXT = "381234567890123456", "389876543210987654"


@pytest.fixture(params=["cr", "crlf", "none"])
def plugged(request, tmp_path):
    """A virtual scanner, and the inbox of the worker that reads it."""
    with VirtualScanner(link=str(tmp_path / "scanner"), suffix=request.param) as virtual:
        inbox = queue.SimpleQueue()
        options = SerialOptions(port=virtual.port, repeat_guard_s=0.0, idle_gap_s=0.3)
        worker = ScannerWorker(inbox, SerialScanner(options), "serial")
        worker.start()
        until_it_is("connected", inbox)
        yield virtual, inbox
        worker.stop(PATIENCE_S)


def until_it_is(condition, inbox):
    """The texts that were read before the worker says so."""
    texts = []
    while True:
        said = inbox.get(timeout=PATIENCE_S)
        if isinstance(said, DeviceSeen) and said.device.condition == condition:
            return texts
        texts += [said.scan.text] if isinstance(said, ScanArrived) else []


def pull_at(place, virtual, inbox):
    virtual.partial(place, CODE)
    virtual.unplug()
    assert set(until_it_is("lost", inbox)) <= ({CODE} if place >= len(CODE) else set())
    virtual.replug()
    assert until_it_is("connected", inbox) == []
    virtual.type(NEXT)
    said = inbox.get(timeout=PATIENCE_S)
    assert said.scan.text == NEXT, place


@pytest.mark.parametrize("place", [1, 17, 19])
def test_a_scan_cut_by_an_unplug_never_arrives_and_the_next_one_does(plugged, place):
    pull_at(place, *plugged)


@pytest.mark.slow
def test_so_it_is_after_every_byte(plugged):
    for place in range(len(CODE) + 3):
        pull_at(place, *plugged)


def test_a_scanner_that_is_back_is_tried_within_three_seconds():
    assert max(RETRY_S) < 3.0
