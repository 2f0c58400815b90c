"""Lines that another program writes, as scans."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from contracts import PATIENCE_S, SHORT_S, ScannerContract
from rigs import ScannerRig

from devices.errors import Unavailable
from devices.options import BadOption
from devices.scanners.line import LineScanner
from devices.scanners.options import LineOptions
from devices.simulated.scanner import VirtualScanner
from devices.simulated.scanner_lines import FifoLine


@pytest.fixture
def virtual(tmp_path):
    with VirtualScanner(line=FifoLine(str(tmp_path / "scans"))) as virtual:
        yield virtual


@pytest.fixture
def scanner(virtual):
    scanner = LineScanner(LineOptions(path=virtual.port, suffix="cr"))
    yield scanner
    scanner.release()


class TestPipeScanner(ScannerContract):
    @pytest.fixture
    def rig(self, virtual, scanner):
        return ScannerRig(virtual, scanner)


def test_writers_come_and_go(virtual, scanner):
    scanner.claim()
    for code in ("3812", "4711"):
        with open(virtual.port, "w", encoding="ascii") as writer:
            writer.write(f"{code}\r")
        assert scanner.read(PATIENCE_S).text == code
    assert scanner.read(SHORT_S) is None


def test_a_pipe_with_two_readers_would_lose_scans_so_the_second_is_refused(virtual, scanner):
    scanner.claim()
    other = LineScanner(LineOptions(path=virtual.port))
    with pytest.raises(Unavailable, match=re.escape(f"is read by pid {os.getpid()}")):
        other.claim()
    scanner.release()
    other.claim()
    other.release()


def test_a_pipe_that_was_made_anew_is_another(virtual, scanner):
    scanner.claim()
    virtual.replug()
    with pytest.raises(Unavailable, match="is gone: make the pipe anew"):
        scanner.read(SHORT_S)


def test_what_is_no_pipe_is_named_with_what_to_do(tmp_path):
    path = tmp_path / "plain"
    with pytest.raises(Unavailable, match="is not there: make the pipe with mkfifo"):
        LineScanner(LineOptions(path=str(path))).claim()
    path.write_bytes(b"38\r")
    with pytest.raises(Unavailable, match="is no pipe: make one with mkfifo"):
        LineScanner(LineOptions(path=str(path))).claim()
    with pytest.raises(Unavailable, match="did not open"):
        LineScanner(LineOptions(path=str(tmp_path))).claim()


def test_a_path_must_be_said():
    with pytest.raises(BadOption) as bad:
        LineOptions(path=" ")
    assert bad.value.key == "path"


READER = """
from devices.errors import Unavailable
from devices.scanners.line import LineScanner
from devices.scanners.options import LineOptions
scanner = LineScanner(LineOptions(path="-"))
try:
    scanner.claim()
    print("claimed", flush=True)
    while True:
        print(scanner.read(20.0).text, flush=True)
except Unavailable as error:
    print(error, flush=True)
scanner.release()
"""


def test_stdin_is_read_until_it_ends_and_then_says_so():
    command = [sys.executable, "-c", READER]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as reader:
        reader.stdin.write("before the claim\n")
        reader.stdin.flush()
        heard = [reader.stdout.readline()]
        for code in ("381234", "ชา"):
            reader.stdin.write(f"{code}\n")
            reader.stdin.flush()
            heard.append(reader.stdout.readline())
        reader.stdin.close()
        heard.append(reader.stdout.read())
    assert [line.strip() for line in heard[:3]] == ["claimed", "381234", "ชา"]
    assert heard[3].startswith("stdin has ended, so no more scans come: start posd again")


@pytest.mark.parametrize("end", [os.devnull, __file__])
def test_a_stdin_that_has_ended_is_unavailable_from_the_start(end):
    with open(end, "rb") as stdin:
        command = [sys.executable, "-c", READER]
        told = subprocess.run(command, stdin=stdin, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("stdin has ended")
