"""An owner with its share, owners that fail, and a printer of the test's own."""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import contextmanager

from contracts import DOCUMENT, PATIENCE_S

from devices.errors import DeviceError
from devices.printers.shared.channel import Channel, meet
from devices.printers.shared.client import SharedPrinter
from devices.printers.shared.documents import document_json
from devices.printers.shared.lent import Lent
from devices.printers.shared.options import SharedOptions
from devices.printers.shared.owner import PrinterShare
from devices.printers.shared.seal import OWNER, USER
from devices.values import PrinterCondition, PrinterStatus, PrintProof, ReceiptDocument, Text

TOKEN = "the-token-of-this-shop"
NO_PAPER = PrinterStatus(PrinterCondition.PAPER_OUT, "put in a new roll")
READY = PrinterStatus(PrinterCondition.READY)


def soon() -> float:
    return time.monotonic() + PATIENCE_S


class PaperPrinter:
    """Prints by appending to `papers`; `gate` holds a job up, `fails` breaks the next one."""

    def __init__(self) -> None:
        self.papers: queue.SimpleQueue[ReceiptDocument] = queue.SimpleQueue()
        self.begun = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.fails: list[Exception] = []
        self.cleared = 0

    def prepare(self, document: ReceiptDocument) -> None:
        self._fail()

    def status(self, timeout_s: float) -> PrinterStatus:
        return READY

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        self.begun.release()
        assert self.gate.wait(PATIENCE_S)
        self._fail()
        self.papers.put(document)
        return PrintProof.PROVED

    def clear(self, timeout_s: float) -> None:
        self.cleared += 1

    def _fail(self) -> None:
        if self.fails:
            raise self.fails.pop()

    def all_papers(self) -> list[str]:
        papers = []
        while not self.papers.empty():
            papers.append(self.papers.get().elements[0].text)
        return papers


class Shop:
    """An owner with its share, and the token file of the other lanes."""

    def __init__(self, printer, token_file, token: str = TOKEN) -> None:
        self.reports: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.lent = Lent(printer)
        self.share = PrinterShare(
            self.lent,
            listen="127.0.0.1:0",
            token=token,
            report=lambda peer, reason: self.reports.put(f"{peer} {reason}"),
        )
        self.address = self.share.start()
        self.token_file = token_file
        self.token_file.write_text(TOKEN + "\n")
        self.token_file.chmod(0o640)

    def lane(self) -> SharedPrinter:
        return SharedPrinter(SharedOptions(self.address, str(self.token_file)))

    @contextmanager
    def channel(self):
        """A connection of the test's own."""
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port)), PATIENCE_S) as connection:
            yield meet(connection, TOKEN, USER, soon())


def receipt(text: str) -> ReceiptDocument:
    return ReceiptDocument((Text(text),))


def aside(act) -> tuple[threading.Thread, list]:
    """`act` on a thread of its own, and what it gave or raised."""
    told: list = []

    def run() -> None:
        try:
            told.append(act())
        except DeviceError as failure:
            told.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


def print_request(job: str, document: ReceiptDocument = DOCUMENT) -> dict:
    told = document_json(document)
    return {"op": "print", "job": job, "document": told, "timeout_s": PATIENCE_S}


class FlakyOwner:
    """An owner of the test's own: `script` runs on each connection, in order."""

    def __init__(self, *scripts) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        host, port = self.listener.getsockname()
        self.address = f"{host}:{port}"
        self._thread = threading.Thread(target=self._serve, args=(scripts,))
        self._thread.start()

    def _serve(self, scripts) -> None:
        for script in scripts:
            connection, _ = self.listener.accept()
            with connection:
                script(connection)
        self.listener.close()

    def __enter__(self) -> FlakyOwner:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(PATIENCE_S)
        self.listener.close()


def owner_channel(connection: socket.socket) -> Channel:
    return meet(connection, TOKEN, OWNER, soon())


def hangs_up_at_once(connection) -> None:
    pass


def hangs_up_after_the_greeting(connection) -> None:
    owner_channel(connection)


def hangs_up_after_the_request(connection) -> None:
    owner_channel(connection).receive(soon())


def hangs_up_after_ready(connection) -> None:
    channel = owner_channel(connection)
    channel.receive(soon())
    channel.send({"ready": True}, soon())
    channel.receive(soon())


def answers(told: dict):
    def answer(connection) -> None:
        channel = owner_channel(connection)
        channel.receive(soon())
        channel.send(told, soon())

    return answer


def lane_of(owner: FlakyOwner, tmp_path) -> SharedPrinter:
    token_file = tmp_path / "token"
    token_file.touch(0o600)
    token_file.write_text(TOKEN)
    return SharedPrinter(SharedOptions(owner.address, str(token_file)))
