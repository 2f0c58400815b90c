"""A server that says exactly what a test tells it to, on a real loopback socket.

Each accepted connection is handed to the next conversation, a function of the `Peer`. A connection
nobody planned for is a failure, and so is anything a conversation raises.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

PATIENCE_S = 20.0

PAID = (
    b'{"returnCode":"0000","returnMessage":"Success.","info":{"transactionId":2026112412345678901,'
    b'"orderId":"S1-L1-01","transactionDate":"2026-11-24T01:01:00Z",'
    b'"payInfo":[{"method":"BALANCE","amount":100}]}}'
)


def ok(body: bytes, *headers: bytes) -> bytes:
    length = b"Content-Length: %d" % len(body)
    head = (b"HTTP/1.1 200 OK", b"Content-Type: application/json", *headers, length)
    return b"\r\n".join((*head, b"", b"")) + body


@dataclass
class Peer:
    """The server's end of one connection."""

    sock: socket.socket
    server: ScriptedServer

    def read_request(self) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, body = data.split(b"\r\n\r\n", 1)
        while len(body) < _content_length(head):
            body += self._receive()
        request = head + b"\r\n\r\n" + body
        self.server.requests.append(request)
        return request

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer(self, response: bytes) -> None:
        self.read_request()
        self.say(response)

    def drip(self, data: bytes, *, every_s: float = 0.02) -> None:
        """Say one byte after another until the client has gone."""
        with contextlib.suppress(OSError):
            for byte in data:
                self.say(bytes([byte]))
                self.server.stopping.wait(every_s)

    def pour_once(self, data: bytes) -> None:
        """Say it to a client that may hang up in the middle, and then listen no more."""
        with contextlib.suppress(OSError):
            self.say(data)
            self.sock.shutdown(socket.SHUT_WR)
            self.wait_for_the_end()

    def pour(self, data: bytes) -> None:
        """Say it over and over until the client has gone."""
        with contextlib.suppress(OSError):
            while not self.server.stopping.is_set():
                self.say(data)

    def half_close(self) -> None:
        self.sock.shutdown(socket.SHUT_WR)
        self.server.said.set()

    def close(self) -> None:
        self.sock.close()
        self.server.said.set()

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def start_tls(self, context: ssl.SSLContext) -> None:
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def wait_for_the_end(self) -> bytes:
        """Whatever still comes until the client closes; resets count as an end."""
        rest = b""
        with contextlib.suppress(ConnectionError):
            while data := self.sock.recv(65536):
                rest += data
        self.server.rests.append(rest)
        return rest

    def _receive(self) -> bytes:
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError("the client closed before its request was whole")
        return data


Conversation = Callable[[Peer], object]


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class ScriptedServer:
    """`with ScriptedServer(first, second) as server:` plays one conversation a connection.

    It remembers the `requests` it read and the `rests` that came after a conversation.
    """

    def __init__(self, *conversations: Conversation, tls: ssl.SSLContext | None = None) -> None:
        self.conversations = conversations
        self.tls = tls
        self.requests: list[bytes] = []
        self.rests: list[bytes] = []
        self.connections = 0
        self.stopping = threading.Event()
        self.leaving = threading.Event()
        self.said = threading.Event()
        self._last_address: object = None
        self._failures: list[BaseException] = []
        self._talks: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._stop_accepting()
        for talk in self._talks:
            talk.join(PATIENCE_S)
        if error is None and self._failures:
            raise self._failures[0]

    def _stop_accepting(self) -> None:
        """Let those who wait in the queue come in first: a last caller follows them."""
        with self._listener, socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self._last_address = last.getsockname()
            last.connect(("127.0.0.1", self.port))
            self._thread.join(PATIENCE_S)

    def _accept(self) -> None:
        while True:
            sock, address = self._listener.accept()
            if address == self._last_address:
                sock.close()
                return
            sock.settimeout(PATIENCE_S)
            self.connections += 1
            talk = threading.Thread(target=self._talk, args=(sock, self.connections))
            self._talks.append(talk)
            talk.start()

    def _talk(self, sock: socket.socket, number: int) -> None:
        peer = Peer(sock, self)
        try:
            if number > len(self.conversations):
                raise AssertionError(f"connection {number} was not planned for")
            if self.tls is not None:
                peer.start_tls(self.tls)
            self.conversations[number - 1](peer)
        except BaseException as error:
            self._failures.append(error)
        finally:
            peer.sock.close()
