"""Printers of the test's own: TCP servers that keep every job's bytes.

`SinkPrinter` takes all and never says a word; `EpsonPrinter` answers status questions and proves
its paper.
"""

from __future__ import annotations

import queue
import socket
import threading
from contextlib import suppress
from typing import Self

from .waiting import PATIENCE_S

STATUS_QUESTION = b"\x10\x04"  # DLE EOT, with one byte behind it
PROOF_QUESTION = b"\x1dr\x01"  # GS r 1
WELL = b"\x12"
PAPER_OUT = b"\x72"
PAPER_THERE = b"\x00"


class Paper(bytes):
    """The bytes of one job; its ASCII lines stand in it as they are."""

    @property
    def is_copy(self) -> bool:
        return b"COPY" in self

    def says(self, *texts: str) -> bool:
        return all(text.encode() in self for text in texts)


class SinkPrinter:
    """Takes connections one after the other, as such printers do."""

    is_on = True

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[Paper] = queue.SimpleQueue()
        self.asked = threading.Event()
        self.has_begun = False
        self._takes_bytes = threading.Event()
        self._takes_bytes.set()
        self._stopped = threading.Event()
        self._talking: socket.socket | None = None
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="printer")
        if self.is_on:
            self.switch_on()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def switch_on(self) -> None:
        """From now on connections are taken; before they are refused."""
        self.is_on = True
        self._socket.listen()
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        self._takes_bytes.set()
        for one in (self._talking, self._socket):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        if self.is_on:
            self._thread.join(PATIENCE_S)
        self._socket.close()

    def hang(self) -> None:
        """From the next job on, take its first bytes and no more."""
        self._takes_bytes.clear()

    def go_on(self) -> None:
        self._takes_bytes.set()

    def paper(self) -> Paper:
        """The next job, waited for."""
        try:
            return self.jobs.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError("nothing was printed") from None

    def rest(self) -> list[Paper]:
        """All that was printed and not yet taken."""
        papers = []
        with suppress(queue.Empty):
            while True:
                papers.append(self.jobs.get_nowait())
        return papers

    def answer(self, question: bytes) -> bytes:
        """What to say to a question; nothing here."""
        return b""

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._talking = connection
                self._talk(connection)
            self._talking = None

    def _talk(self, connection: socket.socket) -> None:
        job = b""
        while data := connection.recv(4096):
            if not job and data.startswith(STATUS_QUESTION):
                self.asked.set()
                connection.sendall(self.answer(data[:3]))
                data = data[3:]
            job += data
            if job.endswith(PROOF_QUESTION):
                connection.sendall(self.answer(PROOF_QUESTION))
            self.has_begun = bool(job)
            if job:
                self._takes_bytes.wait()
        if job:
            self.jobs.put(Paper(job))


class EpsonPrinter(SinkPrinter):
    """Answers; `mute` ends that, `out_of_paper` makes it refuse jobs."""

    mute = False
    out_of_paper = False

    def answer(self, question: bytes) -> bytes:
        if self.mute:
            return b""
        if question == PROOF_QUESTION:
            return PAPER_THERE
        return PAPER_OUT if self.out_of_paper and question.endswith(b"\x04") else WELL


class PrinterSwitchedOff(EpsonPrinter):
    """Has its address and takes no connection until it is switched on."""

    is_on = False
