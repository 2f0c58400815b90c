"""A scanner on the network: one that we connect to, or one that connects to us.

The one rule: one peer at a time, and a dead one is noticed: keep-alives go out while it is silent.
A scanner that is back takes the place of its own old connection; no other peer does.
"""

from __future__ import annotations

import select
import socket
from contextlib import suppress

from devices.errors import Unavailable
from devices.scanners.addresses import host_and_port
from devices.scanners.descriptors import write_all
from devices.scanners.habits import line_habits
from devices.scanners.options import TcpOptions
from devices.scanners.reading import Source, StreamScanner

READ_BYTES = 4096
BACKLOG = 4
KEEP_ALIVE = {  # a peer that lost its power is gone after 5 + 3 * 2 s
    socket.TCP_KEEPIDLE: 5,
    socket.TCP_KEEPINTVL: 2,
    socket.TCP_KEEPCNT: 3,
    socket.TCP_USER_TIMEOUT: 11_000,
}


class TcpScanner(StreamScanner):
    """Reads one scanner over TCP."""

    Options = TcpOptions

    def __init__(self, options: TcpOptions) -> None:
        def open_source() -> Source:
            if options.listen:
                return ListeningSource(options.listen, options.connect_timeout_s)
            return ConnectedSource(options.address, options.connect_timeout_s)

        super().__init__(options.address or options.listen, open_source, line_habits(options))


class ConnectedSource:
    """A connection that we made; raises Unavailable when nobody takes it in time."""

    def __init__(self, address: str, timeout_s: float) -> None:
        self._address = address
        try:
            place = host_and_port("address", address)
            self._connection = socket.create_connection(place, timeout_s)
        except OSError as error:
            raise Unavailable(
                f"scanner {address} takes no connection ({error}): switch it on, or correct the"
                " address in the configuration"
            ) from error
        _prepare(self._connection)

    def fileno(self) -> int:
        """The connection's."""
        return self._connection.fileno()

    def receive(self) -> bytes:
        """What has come; raises Unavailable when the connection has ended."""
        return _receive(self._connection, self._address)

    def send(self, data: bytes, timeout_s: float) -> None:
        """Send a command; raises Unavailable."""
        _send(self._connection, data, timeout_s, self._address)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class ListeningSource:
    """A place where the scanner connects; raises Unavailable when none does in time.

    `fileno` is that of an epoll over the door and the peer, for the peer may change.
    """

    def __init__(self, address: str, timeout_s: float) -> None:
        self._address = address
        self._peer: socket.socket | None = None
        self._peer_host = ""
        self._door = _listen(address)
        self._events = select.epoll()
        self._events.register(self._door, select.EPOLLIN)
        if not self._events.poll(timeout_s):
            self.close()
            raise Unavailable(
                f"no scanner has connected to {address}: let it connect there; posd listens again"
            )
        self._greet()

    def fileno(self) -> int:
        """The epoll's."""
        return self._events.fileno()

    def receive(self) -> bytes:
        """What the peer sent; raises Unavailable when it has hung up."""
        ready = {fd for fd, _ in self._events.poll(0)}
        if self._peer is not None and self._peer.fileno() in ready:
            return _receive(self._peer, self._address)
        if self._door.fileno() in ready:
            self._greet()
        return b""

    def send(self, data: bytes, timeout_s: float) -> None:
        """Send a command to the peer; raises Unavailable."""
        if self._peer is not None:
            _send(self._peer, data, timeout_s, self._address)

    def close(self) -> None:
        """Hang up and listen no more."""
        for thing in (self._events, self._peer, self._door):
            if thing is not None:
                thing.close()

    def _greet(self) -> None:
        """Take a new peer, unless another holds the line; its old self must make room for it."""
        try:
            caller, place = self._door.accept()
        except OSError:
            return  # it has gone again
        if self._peer is None:
            _prepare(caller)
            self._peer, self._peer_host = caller, place[0]
            self._events.register(caller, select.EPOLLIN)
            return
        caller.close()
        if place[0] == self._peer_host:
            raise Unavailable(f"the scanner at {place[0]} connects anew to {self._address}")


def _listen(address: str) -> socket.socket:
    host, port = host_and_port("listen", address)
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Unavailable(
            f"{address} cannot be listened on ({error}): choose another scanner.listen, or stop"
            " what uses it"
        ) from error
    door.setblocking(False)
    return door


def _prepare(connection: socket.socket) -> None:
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEP_ALIVE.items():
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _receive(connection: socket.socket, address: str) -> bytes:
    try:
        data = connection.recv(READ_BYTES)
    except BlockingIOError:
        return b""
    except OSError as error:
        raise Unavailable(_why_gone(address, f" ({error})")) from error
    if not data:
        raise Unavailable(_why_gone(address, ""))
    return data


def _send(connection: socket.socket, data: bytes, timeout_s: float, address: str) -> None:
    try:
        write_all(connection.fileno(), data, timeout_s)
    except OSError as error:
        raise Unavailable(_why_gone(address, f" ({error})")) from error


def _why_gone(address: str, detail: str) -> str:
    return (
        f"scanner {address} has hung up{detail}: check its network and power; it is claimed again"
        " when it is back"
    )
