"""A virtual receipt printer on TCP or a pty: it takes ESC/POS, holds it without paper, answers.

The one rule: one thread owns everything and never blocks but in its selector; all others hand it
commands and take papers from a queue.
"""

from __future__ import annotations

import os
import queue
import re
import selectors
import socket
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Self

from devices.simulated.condition import Condition
from devices.simulated.decoder import Decoder, Paper, Transmit

RECEIVE_BUFFER_BYTES = 4096  # a printer's: one that hangs is soon noticed
MAX_KEPT_BYTES = 1024 * 1024  # of what came, for tests to look at
MAX_HELD_BYTES = 64 * 1024  # a printer without paper stops reading when its buffer is full
_REALTIME = re.compile(rb"\x10\x04([\x01-\x04])")


@dataclass(frozen=True, slots=True)
class Stopped:
    """The printer stopped dead, as it was told; `at` is first or proof."""

    at: str


@dataclass(eq=False)
class _Line:
    """One host's connection; it may end before what it sent is printed."""

    descriptor: int
    close: Callable[[], None]
    tail: bytes = b""
    status_back: bool = False
    open: bool = True

    def answer(self, data: bytes) -> None:
        """Send an answer; a host that has gone or does not read loses it, as on a real line."""
        with suppress(OSError):
            if self.open:
                os.write(self.descriptor, data)


class VirtualPrinter:
    """A printer to be used as a context manager; `address` is "host:port" or the pty's path.

    >>> with VirtualPrinter() as printer:
    ...     printer.command("paper out")
    """

    def __init__(self, *, listen: str = "127.0.0.1:0", dots: int = 576) -> None:
        """`listen` is host:port for TCP, or "pty"."""
        self.condition = Condition()
        self.papers: queue.SimpleQueue[Paper | Stopped | None] = queue.SimpleQueue()
        self.decoder = Decoder(dots)
        self.received = bytearray()
        self._job_ns = 0
        self._selector = selectors.DefaultSelector()
        self._lines: list[_Line] = []
        self._parked: list[_Line] = []
        self._held: deque[tuple[_Line, bytes]] = deque()
        self._orders: queue.SimpleQueue[tuple[str, queue.SimpleQueue[str]]] = queue.SimpleQueue()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector.register(self._bell, selectors.EVENT_READ, self._take_orders)
        self._listener: socket.socket | None = None
        self._running = True
        self.address = self._open_pty() if listen == "pty" else self._listen(listen)
        self._thread = threading.Thread(target=self._run, name="virtual-printer")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Switch it off: every connection ends, what it held is lost."""
        if self._thread.is_alive():
            self.command("quit")
            self._thread.join()

    def command(self, text: str) -> None:
        """Carry out "paper out", "hang on" and the like, and wait until it holds.

        Raises ValueError for one that does not exist.
        """
        reply: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._orders.put((text, reply))
        os.eventfd_write(self._bell, 1)
        refusal = reply.get(timeout=10)
        if refusal:
            raise ValueError(refusal)

    def _run(self) -> None:
        while self._running:
            for key, _ in self._selector.select():
                if key.fd in self._selector.get_map():
                    key.data()
        for line in [*self._lines, *self._parked]:
            line.close()
        if self._listener is not None:
            self._listener.close()
        self._selector.close()
        os.close(self._bell)

    def _take_orders(self) -> None:
        os.eventfd_read(self._bell)
        while not self._orders.empty():
            text, reply = self._orders.get()
            try:
                self._obey(text.strip())
                reply.put("")
            except (ValueError, OSError) as error:
                reply.put(str(error))

    def _obey(self, text: str) -> None:
        if text == "quit":
            self._running = False
            return
        self.condition.set(text)
        self.condition.stopped &= self.condition.stop != "off"
        if text.startswith("refuse") and self._listener is not None:
            self._refuse()
        for line in self._lines:
            if line.status_back:
                self._say(line, self.condition.automatic_status())
        self._process()

    def _listen(self, address: str) -> str:
        host, _, port = address.rpartition(":")
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self._listener.bind((host, int(port)))
        self._listener.listen()
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        return "{}:{}".format(*self._listener.getsockname())

    def _refuse(self) -> None:
        """Close the listener, or open it again on the same port."""
        if self._listener is None:
            return
        if self.condition.refuse == "on" and self._listener.fileno() >= 0:
            self._selector.unregister(self._listener)
            self._listener.close()
        elif self.condition.refuse == "off" and self._listener.fileno() < 0:
            self._listen(self.address)

    def _accept(self) -> None:
        if self._listener is None:
            return
        with suppress(BlockingIOError):
            connection, _ = self._listener.accept()
            connection.setblocking(False)
            self._add(_Line(connection.fileno(), connection.close))

    def _open_pty(self) -> str:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)

        def close() -> None:
            os.close(master)
            os.close(slave)  # kept open until now, or the pty would end with its first host

        self._add(_Line(master, close))
        return os.ttyname(slave)

    def _add(self, line: _Line) -> None:
        self._lines.append(line)
        self._selector.register(line.descriptor, selectors.EVENT_READ, lambda: self._read(line))

    def _read(self, line: _Line) -> None:
        if not self._reads():
            self._selector.unregister(line.descriptor)
            self._lines.remove(line)
            self._parked.append(line)
            return
        try:
            data = os.read(line.descriptor, 4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._hang_up(line)
            return
        self.received += data
        del self.received[:-MAX_KEPT_BYTES]
        if not self._job_ns and _REALTIME.sub(b"", data):  # a status question begins no job
            self._job_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
            self._stop_at("first")
        self._answer_at_once(line, data)
        self._held.append((line, data))
        self._process()

    def _answer_at_once(self, line: _Line, data: bytes) -> None:
        """DLE EOT is answered on reception, also inside dots and while there is no paper."""
        seen = line.tail + data
        for question in _REALTIME.findall(seen):
            self._say(line, bytes((self.condition.realtime(question[0]),)))
        # two bytes may begin a question, unless they have ended one just now
        line.tail = b"" if _REALTIME.search(seen[-3:]) else seen[-2:]

    def _process(self) -> None:
        while self.condition.prints and self._held:
            line, data = self._held.popleft()
            for result in self.decoder.feed(data):
                if isinstance(result, Paper):
                    self.papers.put(replace(result, first_byte_ns=self._job_ns))
                    self._job_ns = 0
                else:
                    self._transmit(line, result)
        if self._parked and self._reads():
            parked, self._parked = self._parked, []
            for waiting in parked:
                self._add(waiting)

    def _reads(self) -> bool:
        held_bytes = sum(len(data) for _, data in self._held)
        busy = self.condition.hang == "on" or self.condition.stopped
        return not busy and held_bytes <= MAX_HELD_BYTES

    def _transmit(self, line: _Line, asked: Transmit) -> None:
        if asked.command == "GS r":
            self._stop_at("proof")
            self._say(line, bytes((self.condition.roll_sensors(),)))
        elif asked.command == "GS a":
            line.status_back = asked.n != 0
            if line.status_back:
                self._say(line, self.condition.automatic_status())

    def _stop_at(self, place: str) -> None:
        """Where that was asked for: read and say nothing more until `stop off`."""
        if self.condition.stop == place:
            self.condition.stopped = True
            self.papers.put(Stopped(place))

    def _say(self, line: _Line, data: bytes) -> None:
        if self.condition.silent == "off" and not self.condition.stopped:
            line.answer(data)

    def _hang_up(self, line: _Line) -> None:
        """End a connection; what it sent is still printed."""
        self._selector.unregister(line.descriptor)
        self._lines.remove(line)
        line.open = False
        line.close()
