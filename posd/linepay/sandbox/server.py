"""The listening socket and a thread for each connection.

The rule: one lock guards all that the stand-in remembers; deciding a reply happens inside it and
takes microseconds, everything that waits (reading, delays, sending) outside.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
import time

import msgspec

from posd.linepay.sandbox.control import PREFIX, Control
from posd.linepay.sandbox.gateway import Gateway, Ledger
from posd.linepay.sandbox.reply import Ending, Reply, http_reply
from posd.linepay.sandbox.request import BadRequest, Request
from posd.linepay.sandbox.verify import Door
from posd.linepay.sandbox.wire import Gone, Wire

LOG = logging.getLogger("posd.linepay.sandbox")
HOST = "127.0.0.1"
MAX_CONNECTIONS = 512
_TLS_HANDSHAKE = b"\x16"
_HANDSHAKE_S = 10.0
_JOIN_S = 5.0
_FLOOD = b"x" * 65_536


class Server:
    """Serves one stand-in on loopback from start() to stop()."""

    def __init__(
        self, door: Door, ledger: Ledger, *, port: int, tls: ssl.SSLContext | None
    ) -> None:
        """Bind at once; raises OSError if the port is taken. Port 0 picks a free one."""
        self._gateway = Gateway(door, ledger)
        self._control = Control(
            ledger,
            self._gateway,
            connections=lambda: self._connections,
            last_call_ns=lambda: self._last_call,
        )
        self._last_call = (0, 0)
        self._tls = tls
        self._connections = 0
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # guards ledger, gateway, _connections and _open
        self._open: dict[threading.Thread, socket.socket] = {}
        self._listener = socket.create_server((HOST, port), backlog=MAX_CONNECTIONS)
        self._acceptor = threading.Thread(target=self._accept, name="accept", daemon=True)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._listener.getsockname()[1])

    def start(self) -> None:
        """Begin to accept connections."""
        self._acceptor.start()

    def stop(self) -> None:
        """End every connection and every thread, also those that hold an answer back.

        Once is enough, twice does no harm; also of a server that was never started.
        """
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close() does not
        if self._acceptor.ident is not None:
            self._acceptor.join(_JOIN_S)
        self._listener.close()
        with self._lock:
            remaining = dict(self._open)
        for sock in remaining.values():
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in remaining:
            thread.join(_JOIN_S)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:  # stop() has shut the listener down, or descriptors ran out
                self._stopping.wait(0.05)
                continue
            self._take_on(sock)

    def _take_on(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=self._attend, args=(sock,), daemon=True)
        with self._lock:
            full = len(self._open) >= MAX_CONNECTIONS
            if not full:
                self._open[thread] = sock
        if full:
            LOG.warning("a connection over the limit of %d was closed", MAX_CONNECTIONS)
            sock.close()
        else:
            thread.start()

    def _attend(self, sock: socket.socket) -> None:
        try:
            self._serve(sock)
        except Exception:
            # A mistake of the stand-in's own must be seen and must cost this connection only.
            LOG.exception("the stand-in itself failed; the connection is closed")
        finally:
            with self._lock:
                del self._open[threading.current_thread()]
            sock.close()

    def _serve(self, sock: socket.socket) -> None:
        try:
            peer = sock.getpeername()[0]
            shielded = self._shielded(sock)
        except OSError as error:
            LOG.warning("no TLS: %s", error)
            return
        wire = Wire(shielded, peer)
        try:
            self._converse(wire, api_allowed=self._tls is None or shielded is not sock)
        except Gone as gone:
            LOG.debug("connection ended: %s", gone)
        finally:
            wire.close()

    def _shielded(self, sock: socket.socket) -> socket.socket:
        """Begin TLS where it is served and the client speaks it; control calls may come plain."""
        sock.settimeout(_HANDSHAKE_S)
        if self._tls is None or sock.recv(1, socket.MSG_PEEK) != _TLS_HANDSHAKE:
            return sock
        shielded = self._tls.wrap_socket(sock, server_side=True)
        with self._lock:
            self._open[threading.current_thread()] = (
                shielded  # `sock` has given its descriptor away
            )
        return shielded

    def _converse(self, wire: Wire, *, api_allowed: bool) -> None:
        counted = False
        while not self._stopping.is_set():
            try:
                request = wire.read_request()
            except BadRequest as bad:
                LOG.warning("%d: %s", bad.status, bad.reason)
                wire.send(_error(bad.status, bad.reason).data)
                return wire.part()
            is_control = request.path.startswith(PREFIX)
            if not is_control and not counted:
                counted = True
                self._count_connection()
            received_ns = _boot_ns()
            reply = self._decide(request, allowed=api_allowed or is_control)
            goes_on = self._carry_out(wire, reply)
            if not is_control:
                self._last_call = (received_ns, _boot_ns())
            if not goes_on or not request.keeps_alive:
                return

    def _count_connection(self) -> None:
        with self._lock:
            self._connections += 1

    def _decide(self, request: Request, *, allowed: bool) -> Reply:
        if not allowed:
            return _error(400, "plain HTTP was sent to a port that serves the API over TLS")
        with self._lock:
            self._gateway.catch_up()
            if request.path.startswith(PREFIX):
                return self._control.answer(request)
            return self._gateway.answer(request)

    def _carry_out(self, wire: Wire, reply: Reply) -> bool:
        """Do what the reply says; tell whether the connection may go on."""
        if not self._may_answer(reply):
            return False
        if reply.pace_s and not self._drip(wire, reply):
            return False
        if reply.data and not reply.pace_s:
            wire.send(reply.data)
        if reply.ending is Ending.HOLD:
            wire.hold()
        elif reply.ending is Ending.ENDLESS:
            self._flood(wire)
        elif reply.ending is Ending.RESET:
            wire.reset()
        return reply.ending is Ending.KEEP

    def _may_answer(self, reply: Reply) -> bool:
        """Wait until the reply is due; tell whether it still is."""
        if reply.hold is not None and not reply.hold.wait(self._stopping):
            return False
        return not (reply.delay_s and self._stopping.wait(reply.delay_s))

    def _drip(self, wire: Wire, reply: Reply) -> bool:
        """Send byte by byte; tell whether all were sent."""
        pause_s = reply.pace_s / len(reply.data)
        for position in range(len(reply.data)):
            if self._stopping.wait(pause_s):
                return False
            wire.send(reply.data[position : position + 1])
        return True

    def _flood(self, wire: Wire) -> None:
        while not self._stopping.is_set():
            wire.send(_FLOOD)


def _boot_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def _error(status: int, reason: str) -> Reply:
    return http_reply(status, msgspec.json.encode({"error": reason}), ending=Ending.CLOSE)
