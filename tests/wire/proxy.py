"""A proxy on loopback between posd and the stand-in, that does one fault to one request.

Rule: every request is noted before anything is done to it. So `sent` is what posd sent, whatever
arrived.
"""

from __future__ import annotations

import queue
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from tests.daemon.waiting import PATIENCE_S

from .http_bytes import CHUNK, Request, read_message, request_of


@dataclass
class Call:
    """One request in the proxy's hands, and the connection that it came by."""

    request: Request
    proxy: Proxy
    _sock: socket.socket

    def forward(self) -> bytes:
        """Deliver it to the stand-in; its whole answer."""
        with socket.create_connection(self.proxy.upstream, PATIENCE_S) as upstream:
            upstream.sendall(self.request.raw)
            return read_message(upstream)

    def say(self, data: bytes) -> None:
        self._sock.sendall(data)

    def say_raw(self, data: bytes) -> None:
        """Bytes on the wire below TLS, where there is TLS."""
        with socket.socket(fileno=socket.dup(self._sock.fileno())) as below:
            below.sendall(data)

    def drip(self, data: bytes, *, every_s: float) -> None:
        """Say one byte after another until posd has gone."""
        for byte in data:
            self.say(bytes([byte]))
            self.proxy.stopping.wait(every_s)
        self.wait_until_gone()

    def reset(self) -> None:
        """End the connection with a TCP RST."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def wait_until_gone(self) -> None:
        """Until posd has closed the connection, for it has given up."""
        with suppress(OSError):
            while self._sock.recv(CHUNK):
                pass


Fault = Callable[[Call], None]


@dataclass
class _Armed:
    operation: str
    fault: Fault
    left: int | None


@dataclass
class Proxy:
    """Serves until closed. `arm`, `heal`, `shut` and `open` change what the next request meets."""

    upstream: tuple[str, int]
    tls: ssl.SSLContext | None = None
    sent: list[Request] = field(default_factory=list)
    held: queue.SimpleQueue[Call] = field(default_factory=queue.SimpleQueue)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()  # round `_armed` and `_open`
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.open()
        self.base_url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shut()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), "a connection of the proxy does not end"

    # ---- what a test says

    def arm(self, operation: str, fault: Fault, count: int | None = None) -> None:
        """Let the next `count` requests of the operation (all, if None) meet the fault."""
        with self._lock:
            self._armed.append(_Armed(operation, fault, count))

    def heal(self) -> None:
        """No fault is armed any more; requests that already met one still suffer it."""
        with self._lock:
            self._armed.clear()

    def deliver_held(self) -> bytes:
        """Deliver the request that `late_delivery` kept, once posd has given it up."""
        return self.held.get(timeout=PATIENCE_S).forward()

    def shut(self) -> None:
        """Listen no more, and close every connection: connecting is refused."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.hang_up()

    def open(self) -> None:
        """Listen, at the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._begin(self._accept, self._listener)

    def hang_up(self) -> None:
        """Close every connection, as a network does that forgets them."""
        with self._lock:
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def sent_for(self, operation: str, order_id: str) -> list[Request]:
        """What posd sent of this operation for this order, delivered or not."""
        return [one for one in self.sent if (one.operation, one.order_id) == (operation, order_id)]

    # ---- its threads

    def _begin(self, work: Callable[[socket.socket], None], sock: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(sock,), name="proxy")
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                self._begin(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        # A peer that hangs up in the middle of a fault is what the fault is for.
        with suppress(OSError), self._known(sock):
            secured = self._secured(sock)  # under TLS another object, and `sock` is an empty one
            with self._known(secured):
                self._talk(secured)

    @contextmanager
    def _known(self, sock: socket.socket) -> Iterator[None]:
        """Let `hang_up` know this connection while it lasts."""
        with self._lock:
            self._open.add(sock)
        try:
            with sock:
                yield
        finally:
            with self._lock:
                self._open.discard(sock)

    def _secured(self, sock: socket.socket) -> socket.socket:
        fault = self._take("handshake")
        if fault is not None:
            fault(Call(Request(b"", "handshake", ""), self, sock))
            raise ConnectionAbortedError
        return self.tls.wrap_socket(sock, server_side=True) if self.tls else sock

    def _talk(self, sock: socket.socket) -> None:
        while raw := read_message(sock):
            call = Call(request_of(raw), self, sock)
            self.sent.append(call.request)
            fault = self._take(call.request.operation)
            if fault is not None:
                fault(call)
                return
            call.say(call.forward())

    def _take(self, operation: str) -> Fault | None:
        with self._lock:
            found = next((one for one in self._armed if one.operation == operation), None)
            if found is None:
                return None
            if found.left is not None:
                found.left -= 1
                if not found.left:
                    self._armed.remove(found)
            return found.fault
