"""The serial scanner over ptys."""

from __future__ import annotations

import os
import re
import termios

import pytest
from contracts import PATIENCE_S, SHORT_S, ScannerContract
from rigs import ScannerRig

from devices.errors import Unavailable
from devices.scanners.options import SerialOptions
from devices.scanners.serial import SerialScanner


class TestSerialScanner(ScannerContract):
    @pytest.fixture
    def rig(self, virtual_scanner):
        scanner = SerialScanner(SerialOptions(port=virtual_scanner.port, suffix="cr"))
        yield ScannerRig(virtual_scanner, scanner)
        scanner.release()


@pytest.fixture
def claimed(virtual_scanner):
    scanner = SerialScanner(SerialOptions(port=virtual_scanner.port))
    scanner.claim()
    yield scanner
    scanner.release()


def test_building_a_scanner_touches_no_hardware():
    scanner = SerialScanner(SerialOptions(port="/dev/not-there"))
    scanner.release()


def test_a_missing_port_is_named_with_what_to_do():
    scanner = SerialScanner(SerialOptions(port="/dev/not-there"))
    with pytest.raises(Unavailable, match="/dev/not-there is not there: plug the|: plug it in"):
        scanner.claim()


def test_a_port_that_is_no_terminal_is_unavailable(tmp_path):
    path = tmp_path / "plain-file"
    path.write_bytes(b"")
    with pytest.raises(Unavailable, match="plain-file did not open"):
        SerialScanner(SerialOptions(port=str(path))).claim()


def test_a_port_held_by_another_names_its_holder(virtual_scanner, claimed):
    with pytest.raises(Unavailable, match=re.escape(f"held by pid {os.getpid()}")):
        SerialScanner(SerialOptions(port=virtual_scanner.port)).claim()


def test_a_released_port_can_be_claimed_by_another(virtual_scanner, claimed):
    claimed.release()
    other = SerialScanner(SerialOptions(port=virtual_scanner.port))
    other.claim()
    virtual_scanner.type("12")
    assert other.read(PATIENCE_S).text == "12"
    other.release()


def test_a_scan_without_suffix_ends_with_a_pause(virtual_scanner, claimed):
    virtual_scanner.raw(b"381234567890123456")
    assert claimed.read(PATIENCE_S).text == "381234567890123456"


def test_a_scan_typed_slowly_stays_one_scan(virtual_scanner, claimed):
    for byte in b"1234":
        virtual_scanner.raw(bytes((byte,)))
    virtual_scanner.raw(b"\r\n")
    assert claimed.read(PATIENCE_S).text == "1234"
    assert claimed.read(SHORT_S) is None


def test_it_makes_a_terminal_with_echo_and_line_editing_raw():
    ours, theirs = os.openpty()
    path = os.ttyname(theirs)
    assert termios.tcgetattr(theirs)[3] & termios.ECHO
    scanner = SerialScanner(SerialOptions(port=path))
    scanner.claim()
    os.write(ours, b"\x0312\x1d34\r")
    assert scanner.read(PATIENCE_S).text == "12\x1d34"
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 100)
    scanner.release()
    os.close(ours)
    os.close(theirs)


def test_an_unplug_says_which_port_and_what_to_do(virtual_scanner, claimed):
    virtual_scanner.unplug()
    with pytest.raises(Unavailable, match=r"scanner .* is gone.*: check its cable"):
        claimed.read(PATIENCE_S)


def test_prefix_and_aim_id_are_stripped_when_the_owner_says_so(virtual_scanner):
    options = SerialOptions(port=virtual_scanner.port, prefix="AB", aim_id=True)
    scanner = SerialScanner(options)
    scanner.claim()
    virtual_scanner.type("AB]Q1381234")
    scan = scanner.read(PATIENCE_S)
    assert (scan.text, scan.aim_id) == ("381234", "]Q1")
    scanner.release()
