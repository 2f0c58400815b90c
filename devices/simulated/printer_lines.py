"""Where hosts reach the virtual printer: a TCP port, or a pty with a stable name.

The one rule: pulling the cable is told to hosts as the real thing is: a reset on TCP, the end of
the device on a serial line; a replug has the same address.
"""

from __future__ import annotations

import os
import re
import selectors
import socket
import struct
import tty
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

RECEIVE_BUFFER_BYTES = 4096  # a printer's: one that hangs is soon noticed
_REALTIME = re.compile(
    rb"\x10(?:\x04[\x01-\x04]|\x05[\x01\x02]|\x14\x01[\x00\x01][\x01-\x08])", re.DOTALL
)
_BEGUN = re.compile(rb"\x10(?:\x04|\x05|\x14(?:\x01[\x00\x01]?)?)?\Z", re.DOTALL)
_RESET = struct.pack("ii", 1, 0)


@dataclass
class Realtime:
    """Finds what a printer obeys on reception, also where it is cut in pieces or inside dots."""

    _tail: bytes = b""

    def find(self, data: bytes) -> tuple[list[bytes], bool]:
        """The commands that end in `data`, and whether there is anything else in it."""
        seen = self._tail + data
        begun = _BEGUN.search(seen)
        self._tail = seen[begun.start() :] if begun else b""
        others = _REALTIME.sub(b"", seen[: begun.start()] if begun else seen)
        return _REALTIME.findall(seen), bool(others)


@dataclass(eq=False)
class Line:
    """One host's connection; it may end before what it sent is printed."""

    descriptor: int
    close: Callable[[], None]
    realtime: Realtime = field(default_factory=Realtime)
    status_back: bool = False
    open: bool = True

    def answer(self, data: bytes) -> None:
        """Send an answer; a host that has gone or does not read loses it, as on a real line."""
        with suppress(OSError):
            if self.open:
                os.write(self.descriptor, data)


class TcpPlug:
    """A listening port; each connection is a line for `add`."""

    def __init__(
        self, address: str, selector: selectors.BaseSelector, add: Callable[[Line], None]
    ) -> None:
        self.address = address
        self._selector = selector
        self._add = add
        self._listener: socket.socket | None = None
        self._connections: list[socket.socket] = []

    def plug_in(self) -> None:
        """Listen; port 0 becomes a real one and stays it."""
        if self._listener is not None:
            return
        host, _, port = self.address.rpartition(":")
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        listener.bind((host, int(port)))
        listener.listen()
        listener.setblocking(False)
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self.address = "{}:{}".format(*listener.getsockname())

    def refuse(self) -> None:
        """Take no more connections; those that there are stay."""
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None

    def pull(self) -> None:
        """Take no connections and have those that there are reset when they are closed."""
        self.refuse()
        for connection in self._connections:
            if connection.fileno() >= 0:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._connections.clear()

    def _accept(self) -> None:
        if self._listener is None:
            return
        with suppress(BlockingIOError):
            connection, _ = self._listener.accept()
            connection.setblocking(False)
            self._connections = [known for known in self._connections if known.fileno() >= 0]
            self._connections.append(connection)
            self._add(Line(connection.fileno(), connection.close))


class PtyPlug:
    """A pty as one line; `link` is a stable name for it, like one in /dev/serial/by-id."""

    def __init__(self, link: str, add: Callable[[Line], None]) -> None:
        self.address = link
        self._link = link
        self._add = add
        self._plugged = False

    def plug_in(self) -> None:
        """Make the pty; without a link it has another name each time."""
        if self._plugged:
            return
        self._plugged = True
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)

        def close() -> None:
            os.close(master)
            os.close(slave)  # kept open until now, or the pty would end with its first host

        self.address = os.ttyname(slave)
        if self._link:
            Path(self._link).unlink(missing_ok=True)
            os.symlink(self.address, self._link)
            self.address = self._link
        self._add(Line(master, close))

    def refuse(self) -> None:
        """A serial line has no connections that could be refused."""

    def pull(self) -> None:
        """Take the name away; the line ends when it is closed."""
        self._plugged = False
        if self._link:
            Path(self._link).unlink(missing_ok=True)
