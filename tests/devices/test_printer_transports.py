"""Lines that stop, end or refuse: nothing waits past its time, and what was sent is known."""

from __future__ import annotations

import errno
import os
import queue
import select
import socket
import struct
import termios
import threading
import time
import tty
from contextlib import ExitStack

import pytest
from contracts import DOCUMENT, LONG_DOCUMENT, PATIENCE_S

from devices.errors import NoAnswer, Unavailable
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.printers.transports import Link, open_link
from devices.values import PrinterCondition, PrintProof

SOON_S = 0.3
XON, XOFF = b"\x11", b"\x13"


class StuckPty:
    """A pty whose other end reads nothing unless asked to."""

    def __init__(self) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.port = os.ttyname(self._theirs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pull()

    def say(self, data: bytes) -> None:
        os.write(self._ours, data)

    def read(self, size: int) -> bytes:
        return os.read(self._ours, size)

    def pull(self) -> None:
        for end in (self._ours, self._theirs):
            if end >= 0:
                os.close(end)
        self._ours = self._theirs = -1


@pytest.fixture
def stuck():
    with StuckPty() as pty:
        yield pty


def serial_options(pty, flow_control="none"):
    return EscposOptions(
        transport="serial",
        port=pty.port,
        flow_control=flow_control,
        precheck_timeout_s=0.01,
        proof_timeout_s=0.01,
    )


@pytest.mark.parametrize("flow_control", ["none", "xonxoff"])
def test_a_serial_line_that_takes_no_more_ends_the_job_as_unknown_in_time(stuck, flow_control):
    printer = EscposPrinter(serial_options(stuck, flow_control))
    with pytest.raises(NoAnswer, match="takes no more bytes"):
        printer.print(LONG_DOCUMENT, SOON_S)


def test_a_printer_that_said_xoff_for_ever_gets_no_byte_and_may_have_the_original_later(stuck):
    options = serial_options(stuck, "xonxoff")
    until_s = time.monotonic() + PATIENCE_S
    link = open_link(options, until_s)
    stuck.say(XOFF)
    while link._poll(select.POLLOUT, 0.0):
        assert time.monotonic() < until_s
    with pytest.raises(TimeoutError):
        link.send(b"x" * 100, time.monotonic() + 0.05)
    assert link.sent_bytes == 0
    stuck.say(XON)
    link.send(b"now", until_s)
    assert stuck.read(100) == b"now"
    link.close()


def test_a_pulled_serial_line_is_noticed_while_it_is_written_read_and_waited_for(stuck):
    link = open_link(serial_options(stuck), 0.0)
    link.send(b"x", time.monotonic() + PATIENCE_S)
    stuck.pull()
    until_s = time.monotonic() + PATIENCE_S
    for use in (lambda: link.send(b"y", until_s), lambda: link.wait_sent(until_s)):
        with pytest.raises(OSError):
            use()
    with pytest.raises(OSError):
        link.receive(until_s)
    link.close()


def test_closing_a_serial_line_does_not_tell_the_printer_that_the_machine_went(stuck):
    link = open_link(serial_options(stuck), 0.0)
    assert not termios.tcgetattr(stuck._theirs)[2] & termios.HUPCL
    link.close()


def test_a_serial_printer_is_opened_by_one_posd_only(stuck):
    link = open_link(serial_options(stuck), 0.0)
    with pytest.raises(Unavailable, match="cannot be used"):
        EscposPrinter(serial_options(stuck)).print(DOCUMENT, PATIENCE_S)
    link.close()


@pytest.fixture
def pipe():
    """A link over a pipe, which takes pieces and can break, as /dev/usb/lp0 does."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    link = Link(theirs, lambda: os.close(theirs))
    yield link, ours
    link.close()
    os.close(ours)


def test_a_file_that_takes_pieces_gets_every_byte_once_and_in_order(pipe):
    link, end = pipe
    data = bytes(range(256)) * 1024
    got = queue.SimpleQueue()

    def read_slowly() -> None:
        seen = b""
        while len(seen) < len(data):
            seen += os.read(end, 1000)
        got.put(seen)

    reader = threading.Thread(target=read_slowly)
    reader.start()
    link.send(data, time.monotonic() + PATIENCE_S)
    reader.join()
    assert got.get() == data
    assert link.sent_bytes == len(data)


def test_a_file_that_breaks_in_the_middle_says_how_much_it_took(pipe):
    link, end = pipe
    data = bytes(1_000_000)

    def break_off() -> None:
        os.read(end, 1000)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, end)  # the last reader is gone, and the fixture has something to close
        os.close(null)

    reader = threading.Thread(target=break_off)
    reader.start()
    with pytest.raises(OSError) as broken:
        link.send(data, time.monotonic() + PATIENCE_S)
    reader.join()
    assert broken.value.errno in (errno.EPIPE, errno.EIO)
    assert 1000 <= link.sent_bytes < len(data)


def test_a_device_that_fails_at_the_first_byte_and_talks_without_end_has_not_begun():
    options = EscposOptions(transport="file", path="/dev/full", precheck_timeout_s=0.01)
    printer = EscposPrinter(options)
    assert printer.status(PATIENCE_S).condition is PrinterCondition.UNREACHABLE
    with pytest.raises(Unavailable, match="No space left"):
        printer.print(DOCUMENT, PATIENCE_S)


class Host:
    """A TCP peer whose each connection is `serve`d, one after the other, in a thread."""

    def __init__(self, serve) -> None:
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self._serve = serve
        self.end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def address(self) -> str:
        return "{}:{}".format(*self._listener.getsockname())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while not self.end.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._serve(connection, self.end)


def reset(connection) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def network(host, **changed):
    return EscposPrinter(EscposOptions(address=host.address, precheck_timeout_s=0.05, **changed))


def test_a_network_printer_that_reads_nothing_ends_the_job_as_unknown_in_time():
    deaf = Host(lambda _, end: end.wait(PATIENCE_S))
    with deaf as host, pytest.raises(NoAnswer, match="in the middle"):
        network(host).print(LONG_DOCUMENT, SOON_S)


def test_a_reset_in_the_middle_is_noticed_at_once_and_unknown():
    def serve(connection, end):
        connection.recv(3)
        connection.recv(100)
        reset(connection)

    with Host(serve) as host:
        began_s = time.monotonic()
        with pytest.raises(NoAnswer):
            network(host).print(LONG_DOCUMENT, 600.0)
        assert time.monotonic() - began_s < 300.0  # it did not wait for its deadline


def test_a_reset_before_the_job_leaves_it_unbegun():
    def serve(connection, end):
        connection.recv(3)
        reset(connection)

    with Host(serve) as host, pytest.raises(Unavailable):
        network(host, proof_timeout_s=0.1).print(DOCUMENT, PATIENCE_S)


def test_a_printer_that_only_listens_still_gets_the_whole_job():
    got = queue.SimpleQueue()

    def serve(connection, end):
        connection.settimeout(PATIENCE_S)
        data = b""
        while piece := connection.recv(4096):
            data += piece
        got.put(data)

    with Host(serve) as host:
        printer = network(host)
        assert printer.print(LONG_DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
        assert got.get(timeout=PATIENCE_S) == b"\x10\x04\x01" + printer.render(LONG_DOCUMENT)


def test_a_printer_that_closes_its_half_before_the_job_is_unavailable():
    def serve(connection, end):
        connection.shutdown(socket.SHUT_WR)
        end.wait(PATIENCE_S)

    with Host(serve) as host, pytest.raises(Unavailable, match="closed the connection"):
        network(host).print(DOCUMENT, PATIENCE_S)


def test_a_printer_that_has_one_connection_and_it_is_taken_is_unreachable_in_time():
    with ExitStack() as taken:
        listener = taken.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # what gets in waits, the rest is not answered, as by such a printer
            waiting = taken.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        address = "{}:{}".format(*listener.getsockname())
        printer = EscposPrinter(EscposOptions(address=address))
        assert printer.status(SOON_S).condition is PrinterCondition.UNREACHABLE
        with pytest.raises(Unavailable):
            printer.print(DOCUMENT, SOON_S)
