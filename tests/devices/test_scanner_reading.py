"""What all scanners have from their one reader, whatever the device does meanwhile."""

from __future__ import annotations

import os
import socket
from dataclasses import replace

import pytest
from contracts import PATIENCE_S, SHORT_S

from devices.errors import Unavailable
from devices.framing import Framing
from devices.interfaces import Trigger
from devices.scanners.descriptors import write_all
from devices.scanners.habits import Habits
from devices.scanners.options import TcpOptions
from devices.scanners.reading import StreamScanner
from devices.scanners.tcp import TcpScanner
from devices.scanners.vendors import TABLE
from devices.simulated.scanner import VirtualScanner
from devices.simulated.scanner_network import TcpLine

CORDLESS = Habits(Framing(suffix="cr"), after_a_scan=b"\x1b7,")
SWITCHED = Habits(Framing(suffix="cr"), switched=TABLE["datalogic"])


class PipeSource:
    """A device made of a pipe; `is_deaf` makes each command fail as that of a pulled cable does."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        self.sent = b""
        self.is_deaf = False
        self.is_open = True

    def fileno(self):
        return self.reader

    def receive(self):
        return os.read(self.reader, 4096)

    def send(self, data, timeout_s):
        if self.is_deaf:
            raise Unavailable("it is gone")
        self.sent += data

    def close(self):
        if self.is_open:
            os.close(self.reader)
            os.close(self.writer)
        self.is_open = False
        raise OSError("and it complains")


@pytest.fixture
def source():
    source = PipeSource()
    yield source
    with pytest.raises(OSError, match="complains"):
        source.close()


def test_a_scan_is_not_lost_with_the_answer_that_its_scanner_waits_for(source):
    scanner = StreamScanner("pipe", lambda: source, CORDLESS)
    scanner.claim()
    source.is_deaf = True
    os.write(source.writer, b"3812\r")
    assert scanner.read(PATIENCE_S).text == "3812"


def test_each_scan_is_answered_once(source):
    scanner = StreamScanner("pipe", lambda: source, CORDLESS)
    scanner.claim()
    os.write(source.writer, b"3812\r4711\r")
    assert [scanner.read(PATIENCE_S).text for _ in range(2)] == ["3812", "4711"]
    assert source.sent == b"\x1b7,\x1b7,"


def test_a_scanner_that_cannot_be_switched_off_at_the_claim_is_not_claimed(source):
    scanner = StreamScanner("pipe", lambda: source, SWITCHED)
    source.is_deaf = True
    with pytest.raises(Unavailable):
        scanner.claim()
    assert not source.is_open
    with pytest.raises(Unavailable, match="scanner pipe is not claimed"):
        scanner.read(SHORT_S)


def test_a_reminder_that_fails_takes_no_scan_with_it(source):
    lapses_at_once = replace(TABLE["honeywell"], lapses_after_s=1e-9)
    scanner = StreamScanner("pipe", lambda: source, replace(SWITCHED, switched=lapses_at_once))
    scanner.claim()
    scanner.arm()
    os.write(source.writer, b"3812\r")
    source.is_deaf = True
    assert scanner.read(PATIENCE_S).text == "3812"


def test_every_scanner_of_ours_can_be_told_to_arm(source):
    scanner = StreamScanner("pipe", lambda: source, Habits(Framing()))
    scanner.arm()
    scanner.disarm()
    scanner.claim()
    scanner.arm()
    assert source.sent == b""
    assert isinstance(scanner, Trigger)
    scanner.release()


def test_a_command_to_a_peer_that_reads_nothing_ends_in_time():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        with pytest.raises(TimeoutError, match=r"it took nothing for 0\.01 s"):
            write_all(ours.fileno(), b"x" * 10_000_000, 0.01)


def test_a_command_to_a_peer_that_has_hung_up_says_so():
    with VirtualScanner(line=TcpLine(), vendor="datalogic") as virtual:
        options = TcpOptions(address=virtual.port, vendor="datalogic", trigger="wanted")
        scanner = TcpScanner(options)
        scanner.claim()
        assert virtual.heard.get(timeout=PATIENCE_S) == "off"
        virtual.unplug()
        with pytest.raises(Unavailable, match="has hung up"):
            for _ in range(100):  # the first ones may still be taken
                scanner.arm()
        scanner.release()
