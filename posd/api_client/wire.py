"""The socket under the client of the local API, with a deadline for the whole exchange.

The one rule: a time-out counts from the start, however slowly bytes drip; the standard library's
own begins anew with each of them.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

UNIX_HOST: Final = "localhost"


class Deadline:
    """A moment on the monotonic clock that every wait of one exchange ends at."""

    def __init__(self, at_s: float) -> None:
        self._at_s = at_s

    def extend(self, by_s: float) -> None:
        """Let the next wait last `by_s` from now."""
        self._at_s = time.monotonic() + by_s

    def left_s(self) -> float:
        """Seconds that are left; raises TimeoutError where there are none."""
        left_s = self._at_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("no whole answer in time")
        return left_s


def connect(address: str, deadline: Deadline) -> http.client.HTTPConnection:
    """A connection whose socket is open already; raises OSError, ValueError for the address."""
    path = address.removeprefix("unix:")
    if path.startswith("/"):
        sock = socket.socket(socket.AF_UNIX)
        return _ready(http.client.HTTPConnection(UNIX_HOST), sock, path, deadline)
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError("write host:port, or unix:/path")
    connection = http.client.HTTPConnection(host.strip("[]"), int(port))
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    return _ready(connection, sock, (host.strip("[]"), int(port)), deadline)


def _ready(
    connection: http.client.HTTPConnection, sock: socket.socket, at: Any, deadline: Deadline
) -> http.client.HTTPConnection:
    try:
        sock.settimeout(deadline.left_s())
        sock.connect(at)
    except BaseException:
        sock.close()
        raise
    connection.sock = _Bounded(sock, deadline)
    return connection


class _Bounded:
    """What http.client needs of a socket, each step within the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._readers = 0
        self._closing = False

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left_s())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Reader(self))

    def recv_into(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(self._deadline.left_s())
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        """As a socket does: for good once the answer's file is closed too."""
        self._closing = True
        self._close_unread()

    def reader_closed(self) -> None:
        self._readers -= 1
        self._close_unread()

    def _close_unread(self) -> None:
        if self._closing and self._readers == 0:
            self._sock.close()


class _Reader(io.RawIOBase):
    """The answer's bytes."""

    def __init__(self, source: _Bounded) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._source.recv_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._source.reader_closed()
