"""The cable is pulled after each byte of a scan, and put back: no half is ever joined to a rest."""

from __future__ import annotations

import pytest
from contracts import PATIENCE_S

from devices.errors import Unavailable
from devices.scanners.options import SerialOptions, TcpOptions
from devices.scanners.serial import SerialScanner
from devices.scanners.tcp import TcpScanner
from devices.simulated.scanner import SUFFIXES, VirtualScanner
from devices.simulated.scanner_lines import PtyLine
from devices.simulated.scanner_network import TcpLine

CODE, NEXT = "381234567890123456", "389876543210987654"
PLACES = range(len(CODE) + 3)
PAUSE_S = 0.02


@pytest.fixture(params=["serial", "tcp"])
def plug(request, tmp_path):
    """Makes a virtual scanner and its reader, which keep their name when they are replugged."""
    made = []

    def make(typed, **options):
        options |= {"idle_gap_s": PAUSE_S, "repeat_guard_s": 0.0}
        if request.param == "serial":
            virtual = VirtualScanner(line=PtyLine(str(tmp_path / "scanner")), suffix=typed)
            scanner = SerialScanner(SerialOptions(port=virtual.port, **options))
        else:
            virtual = VirtualScanner(line=TcpLine(), suffix=typed)
            scanner = TcpScanner(TcpOptions(address=virtual.port, **options))
        made.append((virtual, scanner))
        return virtual, scanner

    yield make
    for virtual, scanner in made:
        scanner.release()
        virtual.unplug()


def scans_until_gone(scanner):
    """What is read until the unplug is noticed."""
    scans = []
    with pytest.raises(Unavailable):
        while True:
            scan = scanner.read(PATIENCE_S)
            scans.append(scan.text)
    scanner.release()
    return scans


def is_whole(place, suffix):
    """Whether a scan of which `place` bytes were sent has reached its suffix."""
    return suffix != "none" and place > len(CODE)


@pytest.mark.parametrize("suffix", ["cr", "crlf", "none"])
def test_a_scan_that_was_cut_is_forgotten_and_the_next_one_is_whole(plug, suffix):
    virtual, scanner = plug(suffix)
    for place in PLACES:
        scanner.claim()
        virtual.partial(place, CODE)
        # a half is taken in as far as it has come, and no pause is waited for
        first = scanner.read(PATIENCE_S if is_whole(place, suffix) else 0.0)
        virtual.unplug()
        scans = [first.text] if first else []
        scans += scans_until_gone(scanner)
        assert scans == ([CODE] if is_whole(place, suffix) else []), place
        virtual.replug()
        scanner.claim()
        virtual.type(NEXT)
        assert scanner.read(PATIENCE_S).text == NEXT, place
        scanner.release()


@pytest.mark.parametrize("suffix", ["cr", "crlf", "tab", "etx"])
def test_a_rest_that_comes_after_the_replug_stays_alone(plug, suffix):
    virtual, scanner = plug(suffix, suffix=suffix)
    ending = SUFFIXES[suffix]
    for place in range(1, len(CODE)):
        scanner.claim()
        virtual.partial(place, CODE)
        assert scanner.read(0.0) is None
        virtual.unplug()
        assert scans_until_gone(scanner) == []
        virtual.replug()
        scanner.claim()
        virtual.raw(CODE[place:].encode() + ending + NEXT.encode() + ending)
        texts = [scanner.read(PATIENCE_S).text for _ in range(2)]
        assert texts == [CODE[place:], NEXT]
        scanner.release()


@pytest.mark.parametrize("suffix", ["cr", "crlf"])
def test_a_line_that_only_hesitates_loses_nothing_wherever_it_does(plug, suffix):
    virtual, scanner = plug(suffix, suffix=suffix)
    scanner.claim()
    for place in range(1, len(CODE) + 1):
        virtual.partial(place, CODE)
        assert scanner.read(0.0) is None
        virtual.rest()
        assert scanner.read(PATIENCE_S).text == CODE
