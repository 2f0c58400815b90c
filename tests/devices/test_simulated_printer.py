"""The virtual printer's faults and its drawer, on the wire and while it runs."""

from __future__ import annotations

import json
import os
import queue
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from contracts import PATIENCE_S

from devices.simulated.decoder import Decoder, Paper, Pulse
from devices.simulated.printer import VirtualPrinter

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "connect-a-printer.md"
COMMAND = r"[a-z]+(-after)?( [a-z]+| [0-9]+)?"
JOB = b"\x1b@receipt\n\x1dV\x00"
ENQUIRE, CLEAR = b"\x10\x05\x01", b"\x10\x05\x02"
KICK_IN_LINE, KICK_AT_ONCE = b"\x1bp\x01\x05\x05", b"\x10\x14\x01\x00\x02"
NO_KICK_AT_ONCE = b"\x1d(D\x03\x00\x14\x01\x00"


def connect(printer):
    host, port = printer.address.split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def ask(line, question=1):
    line.sendall(b"\x10\x04" + bytes((question,)))
    return line.recv(1)[0]


def paper_of(printer):
    return printer.papers.get(timeout=PATIENCE_S).text


def nothing_came(printer):
    with pytest.raises(queue.Empty):
        printer.papers.get_nowait()


@pytest.mark.parametrize(
    ("command", "answers", "report"),
    [
        ("cutter jammed", (0x1E, 0x52, 0x1A, 0x12), b"\x1c\x08\x00\x00"),
        ("error mechanical", (0x1E, 0x52, 0x16, 0x12), b"\x1c\x04\x00\x00"),
        ("error unrecoverable", (0x1E, 0x52, 0x32, 0x12), b"\x1c\x20\x00\x00"),
        ("error overheated", (0x1E, 0x52, 0x52, 0x12), b"\x1c\x40\x00\x00"),
        ("online off", (0x1E, 0x12, 0x12, 0x12), b"\x1c\x00\x00\x00"),
        ("recovery waiting", (0x3E, 0x12, 0x12, 0x12), b"\x1c\x01\x00\x00"),
        ("drawer closed", (0x12, 0x12, 0x12, 0x12), b"\x10\x00\x00\x00"),
        ("drawer open", (0x16, 0x12, 0x12, 0x12), b"\x14\x00\x00\x00"),
    ],
)
def test_each_fault_is_told_when_asked_and_by_itself(virtual_printer, command, answers, report):
    with connect(virtual_printer) as line:
        line.sendall(b"\x1da\xff")
        assert line.recv(4) == b"\x14\x00\x00\x00"
        virtual_printer.command(command)
        assert line.recv(4) == report
        assert tuple(ask(line, n) for n in (1, 2, 3, 4)) == answers


@pytest.mark.parametrize(
    ("command", "mended"),
    [
        ("cutter jammed", "cutter ok"),
        ("error overheated", "error none"),
        ("online off", "online on"),
        ("recovery waiting", "recovery done"),
    ],
)
def test_a_job_waits_for_the_end_of_a_fault_and_comes_out_once(virtual_printer, command, mended):
    virtual_printer.command(command)
    with connect(virtual_printer) as line:
        line.sendall(JOB)
        assert ask(line) & 0x08
        nothing_came(virtual_printer)
        virtual_printer.command(mended)
        assert paper_of(virtual_printer) == ("receipt",)
        nothing_came(virtual_printer)


def test_paper_can_run_out_at_any_byte_of_a_job_which_then_waits(virtual_printer):
    for bytes_printed in range(len(JOB)):
        virtual_printer.command("paper ok")
        virtual_printer.command(f"paper-after {bytes_printed + 1}")
        with connect(virtual_printer) as line:
            line.sendall(JOB + b"\x1b@")
            while ask(line, 4) != 0x7E:
                pass
            if bytes_printed + 1 < len(JOB):
                nothing_came(virtual_printer)
            virtual_printer.command("paper ok")
            assert paper_of(virtual_printer) == ("receipt",)
            nothing_came(virtual_printer)


def test_a_slow_printer_answers_while_it_prints(virtual_printer):
    virtual_printer.command("speed 1")
    with connect(virtual_printer) as line:
        line.sendall(JOB)
        assert ask(line) == 0x16
        nothing_came(virtual_printer)
        virtual_printer.command("speed off")
        assert paper_of(virtual_printer) == ("receipt",)
    virtual_printer.command("speed 2000")
    with connect(virtual_printer) as line:
        line.sendall(JOB)
        assert paper_of(virtual_printer) == ("receipt",)


def test_a_printer_that_reads_bytes_one_by_one_finds_questions_and_jobs(virtual_printer):
    virtual_printer.command("pieces 1")
    virtual_printer.command("stop first")  # a question is no job
    with connect(virtual_printer) as line:
        assert ask(line) == 0x16
        nothing_came(virtual_printer)
        virtual_printer.command("stop off")
        line.sendall(JOB)
        assert paper_of(virtual_printer) == ("receipt",)


def test_a_printer_with_a_full_buffer_takes_no_more_until_it_prints(virtual_printer):
    for command in ("pieces 4", "buffer 8", "paper out"):
        virtual_printer.command(command)
    with connect(virtual_printer) as line:
        line.sendall(JOB + b"\x10\x04\x01")
        virtual_printer.command("paper ok")
        assert paper_of(virtual_printer) == ("receipt",)
        assert line.recv(1) == b"\x16"  # it read the question only now


def test_garbage_is_no_answer_of_a_printer(virtual_printer):
    virtual_printer.command("garbage on")
    with connect(virtual_printer) as line:
        line.sendall(b"\x10\x04\x01")
        assert line.recv(1) == b"\xff"


def test_a_pulled_cable_resets_connections_and_what_is_held_is_printed(virtual_printer):
    virtual_printer.command("paper out")
    with connect(virtual_printer) as line:
        line.sendall(JOB)
        assert ask(line) == 0x1E
        virtual_printer.command("unplug")
        with pytest.raises(ConnectionResetError):
            line.recv(1)
    with pytest.raises(ConnectionRefusedError):
        connect(virtual_printer)
    virtual_printer.command("paper ok")
    assert paper_of(virtual_printer) == ("receipt",)
    virtual_printer.command("replug")
    with connect(virtual_printer) as line:
        assert ask(line) == 0x16


def test_a_power_cut_forgets_what_is_held(virtual_printer):
    virtual_printer.command("paper out")
    with connect(virtual_printer) as line:
        line.sendall(JOB)
        assert ask(line) == 0x1E
    virtual_printer.command("power off")
    virtual_printer.command("power on")
    virtual_printer.command("paper ok")
    nothing_came(virtual_printer)
    with connect(virtual_printer) as line:
        line.sendall(b"next\n\x1dV\x00")
        assert paper_of(virtual_printer) == ("next",)


def test_a_cable_can_be_pulled_behind_any_byte_of_a_job(virtual_printer):
    for count in range(len(JOB)):
        virtual_printer.command("replug")
        virtual_printer.received.clear()
        virtual_printer.command(f"unplug-after {count}")
        with connect(virtual_printer) as line:
            assert ask(line) == 0x16
            line.sendall(JOB)
            with pytest.raises(ConnectionResetError):
                line.recv(1)
        assert virtual_printer.received == b"\x10\x04\x01" + JOB[:count]
        virtual_printer.command("power off")


def test_a_pty_keeps_its_name_over_a_replug(tmp_path):
    link = str(tmp_path / "printer")
    with VirtualPrinter(listen="pty", link=link) as printer:
        assert printer.address == link
        for _ in range(2):
            end = os.open(link, os.O_RDWR | os.O_NOCTTY)
            os.write(end, JOB)
            assert paper_of(printer) == ("receipt",)
            printer.command("unplug")
            assert not os.path.lexists(link)
            os.close(end)
            printer.command("replug")
    assert not os.path.lexists(link)


def test_its_buffers_are_cleared_only_while_it_cannot_print(virtual_printer):
    with connect(virtual_printer) as line:
        line.sendall(CLEAR + JOB)
        assert paper_of(virtual_printer) == ("receipt",)
        virtual_printer.command("paper out")
        line.sendall(JOB + CLEAR)
        assert ask(line) == 0x1E
        virtual_printer.command("paper ok")
        line.sendall(b"next\n\x1dV\x00")
        assert paper_of(virtual_printer) == ("next",)


def test_an_enquiry_ends_the_wait_after_a_fault_and_keeps_the_job(virtual_printer):
    virtual_printer.command("recovery waiting")
    with connect(virtual_printer) as line:
        line.sendall(JOB)
        assert ask(line) == 0x3E
        line.sendall(ENQUIRE)
        assert paper_of(virtual_printer) == ("receipt",)


def test_a_kick_among_the_bytes_waits_for_paper_and_one_at_once_does_not(virtual_printer):
    virtual_printer.command("drawer closed")
    virtual_printer.command("paper out")
    with connect(virtual_printer) as line:
        line.sendall(KICK_IN_LINE)
        assert ask(line) == 0x1A
        nothing_came(virtual_printer)
        line.sendall(KICK_AT_ONCE)
        assert virtual_printer.papers.get(timeout=PATIENCE_S) == Pulse(2)
        assert ask(line) == 0x1E  # it stands open
        virtual_printer.command("paper ok")
        assert virtual_printer.papers.get(timeout=PATIENCE_S) == Pulse(5)


def test_a_kick_at_once_can_be_switched_off_until_the_next_job(virtual_printer):
    with connect(virtual_printer) as line:
        line.sendall(NO_KICK_AT_ONCE)
        assert ask(line) == 0x16
        line.sendall(KICK_AT_ONCE)
        assert ask(line) == 0x16
        nothing_came(virtual_printer)
        line.sendall(b"\x1b@")
        assert ask(line) == 0x16
        line.sendall(KICK_AT_ONCE)
        assert virtual_printer.papers.get(timeout=PATIENCE_S) == Pulse(2)


def test_dots_that_look_like_a_kick_open_the_drawer_of_an_unguarded_printer(virtual_printer):
    with connect(virtual_printer) as line:
        line.sendall(b"\x1dv0\x00\x05\x00\x01\x00" + KICK_AT_ONCE)
        assert virtual_printer.papers.get(timeout=PATIENCE_S) == Pulse(2)


def test_a_decoder_that_forgets_keeps_its_paper():
    decoder = Decoder(96)
    assert list(decoder.feed(b"kept\nlost\x1dv0\x00\x05")) == []
    decoder.clear()
    (paper,) = decoder.feed(b"next\n\x1dV\x00")
    assert isinstance(paper, Paper)
    assert paper.text == ("kept", "next")


def test_every_command_that_the_how_to_tells_is_obeyed(virtual_printer):
    text = HOW_TO.read_text(encoding="utf-8").partition("## Try it without a printer")[2]
    (block,) = re.findall(r"```text\n(.*?)```", text.partition("\n## ")[0], re.DOTALL)
    commands = [part for part in re.split(r"\s{2,}|\n", block) if re.fullmatch(COMMAND, part)]
    assert len(commands) > 25
    for command in commands:
        virtual_printer.command(command)


def test_as_a_process_it_keeps_its_name_and_tells_its_drawer(tmp_path):
    link = str(tmp_path / "printer")
    command = [sys.executable, "-m", "devices.simulated", "printer", "--pty", "--link", link]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as twin:
        assert json.loads(twin.stdout.readline())["address"] == link
        end = os.open(link, os.O_RDWR | os.O_NOCTTY)
        os.write(end, KICK_IN_LINE)
        assert json.loads(twin.stdout.readline()) == {"event": "drawer", "pin": 5}
        os.close(end)
        twin.stdin.close()
        assert twin.wait(PATIENCE_S) == 0
    assert not os.path.lexists(link)


def test_a_place_that_is_taken_is_said_in_a_sentence(virtual_printer):
    command = [sys.executable, "-m", "devices.simulated", "printer"]
    place = ["--listen", virtual_printer.address]
    twin = subprocess.run([*command, *place], capture_output=True, text=True, check=False)
    assert twin.returncode == 75
    assert "cannot be started: [Errno 98] Address already in use" in twin.stderr
    assert "Traceback" not in twin.stderr
