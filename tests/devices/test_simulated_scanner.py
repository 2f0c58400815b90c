"""The virtual scanner: every line it can be plugged into, and what it may be told as a process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from contracts import PATIENCE_S

from devices.errors import Unavailable
from devices.scanners.line import LineScanner
from devices.scanners.options import LineOptions, SerialOptions, TcpOptions
from devices.scanners.serial import SerialScanner
from devices.scanners.tcp import TcpScanner
from devices.simulated.scanner import VirtualScanner
from devices.simulated.scanner_commands import ScannerCommands
from devices.simulated.scanner_orders import Obedience


@contextmanager
def process(*arguments):
    command = [sys.executable, "-m", "devices.simulated", "scanner", *arguments]
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


@contextmanager
def claimed(scanner):
    scanner.claim()
    try:
        yield scanner
    finally:
        scanner.release()


def tell(child, command):
    child.stdin.write(command + "\n")
    child.stdin.flush()


def told(child):
    return json.loads(child.stdout.readline())


def test_on_tcp_it_can_be_unplugged_and_is_back_on_the_same_port():
    with process("--listen", "127.0.0.1:0") as (child, where):
        scanner = TcpScanner(TcpOptions(address=where["port"]))
        with claimed(scanner):
            tell(child, "type 3812")
            assert scanner.read(PATIENCE_S).text == "3812"
            tell(child, "unplug")
            with pytest.raises(Unavailable):
                scanner.read(PATIENCE_S)
            tell(child, "replug")
            assert [told(child)["event"], told(child)] == ["typed", where]
            scanner.claim()
            tell(child, "type 4711")
            assert scanner.read(PATIENCE_S).text == "4711"


def test_it_connects_to_a_reader_that_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    with (
        process("--dial", address, "--suffix", "crlf") as (child, where),
        claimed(TcpScanner(TcpOptions(listen=address, connect_timeout_s=PATIENCE_S))) as scanner,
    ):
        assert where == {"port": address}
        tell(child, "type 3812")
        assert scanner.read(PATIENCE_S).text == "3812"


def test_it_writes_into_a_pipe_which_goes_with_it(tmp_path):
    path = str(tmp_path / "scans")
    with (
        process("--fifo", path) as (child, where),
        claimed(LineScanner(LineOptions(path=where["port"]))) as scanner,
    ):
        tell(child, "type 3812")
        assert scanner.read(PATIENCE_S).text == "3812"
    assert not os.path.lexists(path)


def test_one_that_obeys_tells_what_it_hears_and_stays_dark_until_then(tmp_path):
    link = str(tmp_path / "scanner")
    options = SerialOptions(port=link, vendor="honeywell", trigger="wanted")
    with (
        process("--link", link, "--vendor", "honeywell") as (child, _),
        claimed(SerialScanner(options)) as scanner,
    ):
        assert told(child) == {"event": "heard", "order": "off"}
        tell(child, "type 3812")
        assert told(child)["event"] == "dark"
        scanner.arm()
        assert told(child) == {"event": "heard", "order": "on"}
        tell(child, "type 3812")
        assert told(child)["event"] == "typed"
        assert scanner.read(PATIENCE_S).text == "3812"


def test_the_control_port_takes_the_commands_of_stdin(tmp_path):
    link = str(tmp_path / "scanner")
    with (
        process("--link", link, "--control", "127.0.0.1:0") as (_, where),
        claimed(SerialScanner(SerialOptions(port=link, suffix="cr"))) as scanner,
    ):
        host, port = where["control"].split(":")
        with socket.create_connection((host, int(port)), PATIENCE_S) as control:
            control.sendall(b"partial 2 3812\nrest\nraw 34370d\nslow 1 99\nfly\ngarbage many\n")
            with control.makefile() as replies:
                answers = [replies.readline().strip() for _ in range(6)]
        assert answers[:4] == ["ok"] * 4
        assert answers[4].startswith("not understood: 'fly'; there are: type CODE; raw HEX; slow")
        assert "many" in answers[5]
        assert [scanner.read(PATIENCE_S).text for _ in range(3)] == ["3812", "47", "99"]


def test_noise_is_the_same_each_time_and_ends_nothing_but_itself(virtual_scanner):
    with claimed(
        SerialScanner(SerialOptions(port=virtual_scanner.port, suffix="cr", repeat_guard_s=0.0))
    ) as scanner:
        heard = []
        for _ in range(2):
            virtual_scanner.garbage(200)
            virtual_scanner.raw(b"\r3812\r")
            heard.append([])
            while (text := scanner.read(PATIENCE_S).text) != "3812":
                heard[-1].append(text)
        assert heard[0] == heard[1] != []


def test_a_command_is_heard_however_it_is_cut_and_between_what_means_nothing():
    obedience = Obedience("newland")
    assert not obedience.reads
    order = b"~\x010000#SCNTRG1;\x03"
    done = [what for byte in b"noise" + order for what, _ in obedience.hear(bytes((byte,)))]
    assert (done, obedience.reads) == (["on"], True)
    obedience.scanned()
    assert not obedience.reads


def test_commands_that_change_nothing_are_said(virtual_scanner):
    commands = ScannerCommands(virtual_scanner, lambda message: None)
    for line in ("fly away", "slow fast 12", "partial x 12", "raw 1"):
        with pytest.raises(ValueError):
            commands.obey(line)


def test_bytes_of_an_unplugged_scanner_go_nowhere(tmp_path):
    with VirtualScanner(link=str(tmp_path / "scanner")) as virtual:
        virtual.unplug()
        virtual.unplug()
        assert virtual.type("3812")
        assert not os.path.lexists(virtual.port)
