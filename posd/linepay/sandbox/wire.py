"""One client's connection: requests in, raw bytes out, and the ways a connection can end.

The rule: what goes wrong on a socket leaves this file only as Gone (the client is no longer there)
or as BadRequest (it sent what is no request).
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator

from posd.linepay.sandbox.request import (
    MAX_HEAD_BYTES,
    BadRequest,
    Request,
    parse_head,
    read_body,
)

IDLE_S = 120.0
HOLD_S = 600.0
_PART_S = 1.0
_PART_READS = 64
_RECEIVE_BYTES = 65_536
_NO_LINGER = struct.pack("ii", 1, 0)


class Gone(Exception):  # noqa: N818
    """The client closed, reset, or said nothing for IDLE_S."""


class Wire:
    """A connected socket, plain or TLS, that is read request by request."""

    def __init__(self, sock: socket.socket, peer: str = "") -> None:
        """`peer` is the address that requests are told to come from."""
        sock.settimeout(IDLE_S)
        self._peer = peer
        self._socket = sock
        self._buffer = bytearray()

    def read_request(self) -> Request:
        """Wait for the next whole request; raises Gone, BadRequest."""
        head = parse_head(self._head())
        if head.expects_continue and not self._buffer:
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = read_body(head, exactly=self._exactly, line=self._line)
        return Request(
            *(head.method, head.path, head.query, head.headers, body),
            keeps_alive=head.keeps_alive,
            peer=self._peer,
        )

    def send(self, data: bytes) -> None:
        """Hand over all bytes in one write; raises Gone."""
        with _translated():
            self._socket.sendall(data)

    def part(self) -> None:
        """End after an error, and let the client finish what it is sending.

        A close with unread bytes would send a RST, which can overtake the answer.
        """
        with contextlib.suppress(Gone), _translated():
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(_PART_S)
            for _ in range(_PART_READS):
                self._receive()

    def hold(self) -> None:
        """Say nothing until the client goes away, at most HOLD_S of silence."""
        self._socket.settimeout(HOLD_S)
        with contextlib.suppress(Gone):
            while True:
                self._receive()

    def reset(self) -> None:
        """End with a TCP RST: a close that lingers for zero seconds."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._socket.close()

    def close(self) -> None:
        """End in order; harmless after reset."""
        self._socket.close()

    def _head(self) -> bytes:
        head = b""
        while not head:  # empty lines before a request are to be ignored (RFC 9112, 2.2)
            head = self._until(b"\r\n\r\n").lstrip(b"\r\n")
        return head

    def _line(self) -> bytes:
        return self._until(b"\r\n")

    def _until(self, mark: bytes) -> bytes:
        while (end := self._buffer.find(mark, 0, MAX_HEAD_BYTES)) < 0:
            if len(self._buffer) >= MAX_HEAD_BYTES:
                raise BadRequest(431, f"the head is over {MAX_HEAD_BYTES} bytes")
            self._buffer += self._receive()
        found = bytes(self._buffer[:end])
        del self._buffer[: end + len(mark)]
        return found

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._buffer += self._receive()
        found = bytes(self._buffer[:count])
        del self._buffer[:count]
        return found

    def _receive(self) -> bytes:
        with _translated():
            data = self._socket.recv(_RECEIVE_BYTES)
        if not data:
            raise Gone("the client closed the connection")
        return data


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:  # timeouts, resets and TLS errors are all OSErrors
        raise Gone(str(error)) from error
