"""The ESC/POS printer over TCP, a serial line and a character device."""

from __future__ import annotations

import os
import queue
import socket
import threading
import tty

import pytest
from contracts import (
    DOCUMENT,
    LONG_DOCUMENT,
    PATIENCE_S,
    HeldJobContract,
    PrinterContract,
    PrinterFaultsContract,
)
from printer_rigs import PROMPT, VirtualRig

from devices.errors import NoAnswer, Refused, Unavailable
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.simulated.printer import VirtualPrinter
from devices.values import PrinterCondition, PrintProof, ReceiptDocument, Text


class TestOverTcp(PrinterContract, PrinterFaultsContract, HeldJobContract):
    @pytest.fixture
    def rig(self, virtual_printer):
        return VirtualRig(virtual_printer, EscposOptions(address=virtual_printer.address, **PROMPT))


@pytest.fixture
def pty_printer():
    with VirtualPrinter(listen="pty") as printer:
        yield printer


class TestOverSerial(PrinterContract, PrinterFaultsContract, HeldJobContract):
    @pytest.fixture
    def rig(self, pty_printer):
        options = EscposOptions(transport="serial", port=pty_printer.address, **PROMPT)
        return VirtualRig(pty_printer, options)


class TestOverDeviceFile(PrinterContract, PrinterFaultsContract, HeldJobContract):
    @pytest.fixture
    def rig(self, pty_printer):
        options = EscposOptions(transport="file", path=pty_printer.address, **PROMPT)
        return VirtualRig(pty_printer, options)


def test_a_missing_device_file_is_never_made(tmp_path):
    path = tmp_path / "lp0"
    printer = EscposPrinter(EscposOptions(transport="file", path=str(path)))
    with pytest.raises(Unavailable, match="No such file"):
        printer.print(DOCUMENT, 1.0)
    assert not path.exists()


def test_a_plain_file_is_no_printer(tmp_path):
    path = tmp_path / "lp0"
    path.write_bytes(b"")
    printer = EscposPrinter(EscposOptions(transport="file", path=str(path)))
    with pytest.raises(Unavailable, match="not a character device"):
        printer.print(DOCUMENT, 1.0)
    assert path.read_bytes() == b""


def test_paper_that_runs_out_in_the_middle_is_printed_later_and_proves_nothing(virtual_printer):
    options = EscposOptions(address=virtual_printer.address, proof_timeout_s=0.05)
    printer = EscposPrinter(options)
    virtual_printer.command("silent on")
    assert printer.status(0.05).condition is PrinterCondition.SILENT
    virtual_printer.command("paper out")
    assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
    with pytest.raises(queue.Empty):
        virtual_printer.papers.get_nowait()
    virtual_printer.command("paper ok")
    assert virtual_printer.papers.get(timeout=PATIENCE_S).text == ("Corner Tea", "SALE 120 TWD")


def test_a_silent_printer_is_asked_again_only_by_status(virtual_printer):
    printer = EscposPrinter(EscposOptions(address=virtual_printer.address, precheck_timeout_s=0.05))
    virtual_printer.command("silent on")
    printer.print(DOCUMENT, PATIENCE_S)
    virtual_printer.papers.get(timeout=PATIENCE_S)
    asked = virtual_printer.received.count(b"\x10\x04")
    printer.print(DOCUMENT, PATIENCE_S)
    virtual_printer.papers.get(timeout=PATIENCE_S)
    assert virtual_printer.received.count(b"\x10\x04") == asked == 1
    virtual_printer.command("silent off")
    assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
    assert printer.status(PATIENCE_S).condition is PrinterCondition.READY
    assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROVED


class PtyScript:
    """A printer on a pty that answers status at once and proofs as `proofs` says, job by job."""

    def __init__(self, proofs) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.port = os.ttyname(self._theirs)
        self._proofs = list(proofs)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.write(self._theirs, b"quit")
        self._thread.join()
        os.close(self._ours)
        os.close(self._theirs)

    def _run(self) -> None:
        seen = b""
        while not seen.endswith(b"quit"):
            seen += os.read(self._ours, 4096)
            if seen[-3:-1] == b"\x10\x04":
                os.write(self._ours, {1: b"\x16"}.get(seen[-1], b"\x12"))
            elif seen.endswith(b"\x1dr\x01"):
                os.write(self._ours, self._proofs.pop(0))


@pytest.mark.parametrize(
    ("answers", "outcomes"),
    [
        # to: the first job; a question before the second; the second job
        ([b"", b"\x00\x00", b"\x00"], [PrintProof.PROBABLE, PrintProof.PROVED]),
        ([b"", b"\x00", b"\x00"], [PrintProof.PROBABLE, PrintProof.PROVED]),
        ([b"", b"\x00\x00", b""], [PrintProof.PROBABLE, PrintProof.PROBABLE]),
        ([b"", b"", b"\x00\x00"], [PrintProof.PROBABLE, PrintProof.PROBABLE]),
        ([b"", b"", b"\x00\x00\x00"], [PrintProof.PROBABLE, PrintProof.PROVED]),
        ([b"\x0c", b"\x00"], [PrintProof.PROBABLE, PrintProof.PROVED]),
    ],
)
def test_a_late_proof_of_an_earlier_job_on_a_serial_line_proves_no_other(answers, outcomes):
    with PtyScript(answers) as script:
        options = EscposOptions(
            transport="serial", port=script.port, precheck_timeout_s=0.2, proof_timeout_s=0.2
        )
        printer = EscposPrinter(options)
        assert [printer.print(DOCUMENT, PATIENCE_S) for _ in outcomes] == outcomes


class Sink:
    """A TCP listener that treats each connection as `serve` does, one after the other."""

    def __init__(self, serve) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._serve = serve
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def address(self) -> str:
        return "{}:{}".format(*self._listener.getsockname())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._serve(connection)


def test_a_plain_sink_gets_the_whole_receipt():
    received = queue.SimpleQueue()

    def serve(connection):
        data = b""
        while piece := connection.recv(4096):
            data += piece
        received.put(data)

    with Sink(serve) as sink:
        printer = EscposPrinter(EscposOptions(address=sink.address, precheck_timeout_s=0.05))
        for _ in range(2):
            assert printer.print(LONG_DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
            job = received.get(timeout=PATIENCE_S)
            assert job.removeprefix(b"\x10\x04\x01") == printer.render(LONG_DOCUMENT)


def test_a_printer_that_hangs_up_in_the_middle_leaves_the_outcome_unknown():
    def serve(connection):
        connection.recv(3)
        connection.recv(2000)

    with Sink(serve) as sink:
        printer = EscposPrinter(EscposOptions(address=sink.address, precheck_timeout_s=0.05))
        with pytest.raises(NoAnswer, match="in the middle"):
            printer.print(LONG_DOCUMENT, PATIENCE_S)


def test_a_printer_that_hangs_up_before_the_job_is_unavailable():
    with Sink(lambda connection: connection.recv(3)) as sink:
        printer = EscposPrinter(EscposOptions(address=sink.address))
        with pytest.raises(Unavailable):
            printer.print(DOCUMENT, PATIENCE_S)


def answer_status(connection):
    for answer in (b"\x16", b"\x12", b"\x12"):
        connection.recv(3)
        connection.sendall(answer)


def take_job(connection):
    data = b""
    while not data.endswith(b"\x1dr\x01"):
        data += connection.recv(4096)


def test_an_answer_that_says_paper_end_proves_nothing():
    def serve(connection):
        answer_status(connection)
        take_job(connection)
        connection.sendall(b"\x0c")
        answer_status(connection)

    with Sink(serve) as sink:
        printer = EscposPrinter(EscposOptions(address=sink.address, proof_timeout_s=0.1))
        assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
        assert printer.last_proof_s is None


@pytest.mark.parametrize("farewell", [b"", b"ERROR", b"\x0c"])
def test_a_printer_that_answered_before_and_hangs_up_unproved_leaves_the_outcome_unknown(farewell):
    def serve(connection):
        answer_status(connection)
        take_job(connection)
        connection.sendall(farewell)

    with Sink(serve) as sink:
        printer = EscposPrinter(EscposOptions(address=sink.address, **PROMPT))
        with pytest.raises(NoAnswer, match="has not said that it printed"):
            printer.print(DOCUMENT, PATIENCE_S)


def test_a_proof_that_comes_after_its_time_still_proves_its_own_job():
    def serve(connection):
        answer_status(connection)
        take_job(connection)
        connection.recv(3)
        connection.sendall(b"\x00\x16")
        for _ in range(2):
            connection.recv(3)
            connection.sendall(b"\x12")

    with Sink(serve) as sink:
        options = EscposOptions(address=sink.address, proof_timeout_s=0.05, precheck_timeout_s=5.0)
        assert EscposPrinter(options).print(DOCUMENT, PATIENCE_S) is PrintProof.PROVED


IDLE_REPORT, NO_PAPER_REPORT = b"\x14\x00\x00\x00", b"\x1c\x00\x0f\x00"


@pytest.mark.parametrize(
    ("behind_the_job", "outcome"),
    [
        (IDLE_REPORT + b"\x00", PrintProof.PROVED),
        (NO_PAPER_REPORT + IDLE_REPORT + b"\x03", PrintProof.PROVED),
        (IDLE_REPORT, PrintProof.PROBABLE),
        (IDLE_REPORT[:3], PrintProof.PROBABLE),
    ],
)
def test_a_printer_that_reports_unasked_is_understood_and_a_report_is_no_proof(
    behind_the_job, outcome
):
    def serve(connection):
        connection.sendall(NO_PAPER_REPORT)  # what it said to somebody else
        for answer in (b"\x16", IDLE_REPORT + b"\x12", b"\x12" + IDLE_REPORT):
            connection.recv(3)
            connection.sendall(answer)
        take_job(connection)
        connection.sendall(behind_the_job)
        if outcome is PrintProof.PROBABLE:
            connection.recv(3)
            connection.sendall((IDLE_REPORT + IDLE_REPORT)[len(behind_the_job) :] + b"\x16")
            for _ in range(2):
                connection.recv(3)
                connection.sendall(b"\x12")

    with Sink(serve) as sink:
        options = EscposOptions(address=sink.address, proof_timeout_s=0.3, precheck_timeout_s=5.0)
        assert EscposPrinter(options).print(DOCUMENT, PATIENCE_S) is outcome


def test_how_long_a_proof_took_is_kept_until_the_next_job(virtual_printer):
    printer = EscposPrinter(EscposOptions(address=virtual_printer.address, **PROMPT))
    assert printer.last_proof_s is None
    assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROVED
    assert 0 < printer.last_proof_s < PATIENCE_S
    virtual_printer.command("paper out")
    with pytest.raises(Refused):
        printer.print(DOCUMENT, PATIENCE_S)
    assert printer.last_proof_s is None


def test_a_font_that_cannot_be_read_sends_nothing(virtual_printer):
    options = EscposOptions(address=virtual_printer.address, fonts=("/not/there.ttf",))
    with pytest.raises(Unavailable, match="there.ttf is no font"):
        EscposPrinter(options).print(DOCUMENT, PATIENCE_S)
    assert not virtual_printer.received


def test_a_document_is_prepared_with_what_printing_it_needs(virtual_printer):
    options = EscposOptions(address=virtual_printer.address, fonts=("/not/there.ttf",))
    with pytest.raises(Unavailable, match=r"there\.ttf is no font"):
        EscposPrinter(options).prepare(DOCUMENT)


def test_each_job_is_one_connection_that_ends_with_it(virtual_printer):
    printer = EscposPrinter(EscposOptions(address=virtual_printer.address, **PROMPT))
    for _ in range(3):
        assert printer.print(ReceiptDocument((Text("again"),)), PATIENCE_S) is PrintProof.PROVED
    virtual_printer.command("paper ok")
    assert not virtual_printer._lines
