"""Virtual hardware on the wire, in this process and as a process of its own."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from contracts import PATIENCE_S
from PIL import Image

from devices.scanners.options import SerialOptions
from devices.scanners.serial import SerialScanner
from devices.simulated.printer import Stopped

JOB = b"\x1b@receipt\n\x1dV\x00\x1dr\x01"


def connect(address):
    host, port = address.split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def ask(line, question):
    line.sendall(b"\x10\x04" + bytes((question,)))
    return line.recv(1)[0]


@pytest.mark.parametrize(
    ("command", "answers"),
    [
        # as an emulated TM-T20III said them
        ("paper ok", (0x16, 0x12, 0x12, 0x12)),
        ("paper near", (0x16, 0x12, 0x12, 0x1E)),
        ("paper out", (0x1E, 0x32, 0x12, 0x7E)),
        ("cover open", (0x1E, 0x16, 0x12, 0x12)),
    ],
)
def test_it_answers_status_questions_in_every_condition(virtual_printer, command, answers):
    virtual_printer.command(command)
    with connect(virtual_printer.address) as line:
        assert tuple(ask(line, n) for n in (1, 2, 3, 4)) == answers


def test_without_paper_it_holds_the_job_and_prints_and_answers_when_paper_is_back(virtual_printer):
    virtual_printer.command("paper out")
    with connect(virtual_printer.address) as line:
        line.sendall(JOB)
        assert ask(line, 4) == 0x7E
        assert virtual_printer.papers.empty()
        virtual_printer.command("paper ok")
        assert virtual_printer.papers.get(timeout=PATIENCE_S).text == ("receipt",)
        assert line.recv(1) == b"\x00"


def test_it_keeps_a_job_whose_sender_has_gone_and_the_order_of_jobs(virtual_printer):
    virtual_printer.command("paper out")
    for name in (b"first", b"second"):
        with connect(virtual_printer.address) as line:
            line.sendall(name + b"\n\x1dV\x00")
            assert ask(line, 1) == 0x1E
    virtual_printer.command("paper ok")
    papers = [virtual_printer.papers.get(timeout=PATIENCE_S).text for _ in range(2)]
    assert papers == [("first",), ("second",)]


def test_status_is_sent_back_by_itself_when_asked_to(virtual_printer):
    with connect(virtual_printer.address) as line:
        line.sendall(b"\x1da\xff")
        assert line.recv(4) == b"\x14\x00\x00\x00"
        virtual_printer.command("paper out")
        assert line.recv(4) == b"\x1c\x00\x0f\x00"


def test_a_question_cut_in_two_is_answered_once(virtual_printer):
    with connect(virtual_printer.address) as line:
        for piece in (b"\x10", b"\x04", b"\x01\x10\x04", b"\x04"):
            line.sendall(piece)
        assert (line.recv(1), line.recv(1)) == (b"\x16", b"\x12")
        assert ask(line, 2) == 0x12


def test_a_refusing_printer_takes_no_connection_until_it_does_again(virtual_printer):
    virtual_printer.command("refuse on")
    with pytest.raises(ConnectionRefusedError):
        connect(virtual_printer.address)
    virtual_printer.command("refuse off")
    with connect(virtual_printer.address) as line:
        assert ask(line, 1) == 0x16


def test_a_hanging_printer_reads_on_when_it_is_told_to(virtual_printer):
    virtual_printer.command("hang on")
    with connect(virtual_printer.address) as line:
        line.sendall(JOB)
        with pytest.raises(queue.Empty):
            virtual_printer.papers.get_nowait()
        virtual_printer.command("hang off")
        assert virtual_printer.papers.get(timeout=PATIENCE_S).text == ("receipt",)


def test_a_printer_that_was_told_to_stop_does_so_at_the_first_byte(virtual_printer):
    virtual_printer.command("stop first")
    with connect(virtual_printer.address) as line:
        assert ask(line, 1) == 0x16
        line.sendall(JOB)
        assert virtual_printer.papers.get(timeout=PATIENCE_S) == Stopped("first")
        virtual_printer.command("stop off")
        assert ask(line, 1) == 0x16


def test_a_printer_that_was_told_to_stop_where_its_proof_is_asked_for_says_nothing(
    virtual_printer,
):
    virtual_printer.command("stop proof")
    with connect(virtual_printer.address) as line:
        line.sendall(JOB + b"\x1dr\x01")
        assert virtual_printer.papers.get(timeout=PATIENCE_S).text == ("receipt",)
        assert virtual_printer.papers.get(timeout=PATIENCE_S) == Stopped("proof")
        line.sendall(b"\x10\x04\x01")
        virtual_printer.command("stop off")
        assert line.recv(1) == b"\x16"  # the first byte that it says


def test_an_unknown_command_is_refused_with_those_there_are(virtual_printer):
    with pytest.raises(ValueError, match="paper ok|near|out"):
        virtual_printer.command("paper maybe")


@contextmanager
def process(*arguments):
    command = [sys.executable, "-m", "devices.simulated", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        try:
            yield child, json.loads(child.stdout.readline())
        finally:
            child.stdin.close()
            try:
                assert child.wait(PATIENCE_S) == 0
            finally:
                child.kill()


def tell(child, command):
    child.stdin.write(command + "\n")
    child.stdin.flush()


def test_the_printer_as_a_process_tells_each_paper_and_ends_with_its_stdin(tmp_path):
    arguments = ("printer", "--control", "127.0.0.1:0", "--png-dir", str(tmp_path / "png"))
    with process(*arguments) as (child, where):
        with connect(where["control"]) as control:
            control.sendall(b"paper out\npaper maybe\n")
            with control.makefile() as replies:
                assert replies.readline() == "ok\n"
                assert replies.readline().startswith("unknown command")
        with connect(where["address"]) as line:
            line.sendall(JOB)
            assert ask(line, 4) == 0x7E
            tell(child, "paper ok")
            paper = json.loads(child.stdout.readline())
        assert (paper["event"], paper["text"]) == ("paper", ["receipt"])
        assert paper["bytes_hex_len"] == 2 * (len(JOB) - 3)
        with Image.open(Path(paper["png"])) as image:
            assert image.size == (576, 30)


def test_the_scanner_as_a_process_types_unplugs_and_replugs(tmp_path):
    link = str(tmp_path / "scanner")
    with process("scanner", "--link", link, "--suffix", "crlf") as (child, where):
        assert where == {"port": link}
        scanner = SerialScanner(SerialOptions(port=link))
        scanner.claim()
        tell(child, "type 381234567890123456")
        tell(child, "raw 3132 0d")
        tell(child, "slow 1 99")
        typed = json.loads(child.stdout.readline())
        assert typed["event"] == "typed"
        texts = [scanner.read(PATIENCE_S).text for _ in range(3)]
        assert texts == ["381234567890123456", "12", "99"]
        tell(child, "unplug")
        tell(child, "replug")
        assert json.loads(child.stdout.readline()) == {"port": link}
        scanner.claim()
        tell(child, "type 77")
        assert scanner.read(PATIENCE_S).text == "77"
        scanner.release()
    assert not os.path.lexists(link)
