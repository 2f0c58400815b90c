"""The socket under one call to LINE Pay: its limits, its mark, and what its failures mean.

One rule: whether a request has left is proved by the mark in `Exchange`, set just before the first
byte is handed to the socket, and never by the class of an exception. The socket is ours and not
urllib3's, since only so can a call have a total deadline (a read timeout restarts with each byte)
and a limit on its answer.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from typing import Any, cast

import urllib3.exceptions

ANSWER_LIMIT = 256 * 1024  # bytes of one answer, its headers included


class NotSent(Exception):  # noqa: N818
    """Proved: no byte of the request has left. `reason` is a stable short code."""

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(f"The request was not sent: {what}.")
        self.reason = reason


class NoAnswer(Exception):  # noqa: N818
    """The request may have arrived and its outcome is unknown. `reason` is a stable short code."""

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(f"The request was sent, its outcome is unknown: {what}.")
        self.reason = reason


class TooLarge(Exception):  # noqa: N818
    """The answer passed ANSWER_LIMIT; no OSError, so that urllib3 does not take it for one."""


def boottime_ns() -> int:
    """CLOCK_BOOTTIME: it goes on while the machine sleeps, and no one can set it."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Exchange:
    """The limits of one call, and its mark: `sent` is True from just before the first byte."""

    def __init__(self, *, total_s: float, step_s: float, not_after_ns: int | None = None) -> None:
        self._ends_ns = boottime_ns() + int(total_s * 1e9)
        self._step_s = step_s
        self._not_after_ns = not_after_ns
        self._room = ANSWER_LIMIT
        self.sent = False

    def left_s(self) -> float:
        """Seconds that the next step may take; raises TimeoutError when the call's are used up."""
        left_s = (self._ends_ns - boottime_ns()) / 1e9
        if left_s <= 0:
            raise TimeoutError
        return min(left_s, self._step_s)

    def refuse_if_late(self) -> None:
        """Raise NotSent if the request must not leave any more."""
        if self._not_after_ns is not None and boottime_ns() > self._not_after_ns:
            raise NotSent("expired", "it came too late after its scan")

    def mark(self) -> None:
        """Note that bytes leave now; raises NotSent instead when it is too late for them."""
        self.refuse_if_late()
        self.sent = True

    def count(self, received: int) -> None:
        """Take `received` bytes off the room for the answer; raises TooLarge when it is full."""
        self._room -= received
        if self._room < 0:
            raise TooLarge

    def failure(self, error: Exception) -> NotSent | NoAnswer:
        """What `error` means for the request, by the mark alone."""
        if isinstance(error, NotSent | NoAnswer):
            return error
        reason, what = explain(error)
        return NoAnswer(reason, what) if self.sent else NotSent(reason, what)


# The first row that fits; subclasses stand above their parents.
_FAILURES: tuple[tuple[type[Exception], str, str], ...] = (
    (TooLarge, "too_large", f"the answer is longer than {ANSWER_LIMIT} bytes"),
    (socket.gaierror, "dns", "the name of the server could not be resolved"),
    (ssl.SSLCertVerificationError, "tls", "the server's certificate is not trusted"),
    (ssl.SSLError, "tls", "TLS failed"),
    (ConnectionRefusedError, "connect_refused", "the server refused the connection"),
    (TimeoutError, "timeout", "there was no reply in time"),
    (ConnectionError, "reset", "the other side closed the connection"),
    (OSError, "network", "the network failed"),
    (http.client.HTTPException, "not_http", "the reply is not HTTP"),
    (urllib3.exceptions.ProtocolError, "truncated", "the reply ended too early"),
    (urllib3.exceptions.HTTPError, "not_http", "the reply is not HTTP"),
    (Exception, "internal", "an error inside the client"),
)


def explain(error: Exception) -> tuple[str, str]:
    """A reason and words for a foreign exception, whose text may quote headers and is not used.

    The operating system's and OpenSSL's own words are added: they quote nothing.
    """
    reason, what = next((r, words) for kind, r, words in _FAILURES if isinstance(error, kind))
    system_words = error.strerror if isinstance(error, OSError) else type(error).__name__
    return reason, f"{what} ({system_words})" if system_words else what


class Wire:
    """A socket in the hands of http.client, kept to the limits of the exchange under way.

    What is written is collected, and leaves in one go when the answer is asked for: an error while
    a request is being composed leaves nothing half sent.
    """

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._outgoing = bytearray()
        self._reader: io.BufferedReader | None = None
        self.exchange = exchange

    def sendall(self, data: bytes) -> None:
        """Collect `data`; `makefile` sends it."""
        self._outgoing += data

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Send what was collected, then give the stream to read its answer from."""
        self._send(bytes(self._outgoing))
        self._reader = io.BufferedReader(_Reader(self._sock, self.exchange))
        return self._reader

    def settimeout(self, _timeout_s: float | None) -> None:
        """Do nothing: the exchange alone decides how long a step may take."""

    def close(self) -> None:
        """Close the socket once its reader is closed too: http.client still reads after this."""
        self._sock.close()

    def destroy(self) -> None:
        """Close reader and socket now."""
        if self._reader is not None:
            self._reader.close()
        self._sock.close()

    def is_quiet(self) -> bool:
        """Whether the peer has neither closed nor said anything since the last answer.

        A read, not a poll: after the handshake a TLS 1.3 server sends session tickets, which make
        the socket readable and are no data.
        """
        self._sock.settimeout(0)
        try:
            self._sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def _send(self, data: bytes) -> None:
        self._outgoing.clear()
        timeout_s = self.exchange.left_s()
        self.exchange.mark()
        rest = memoryview(data)
        try:
            while rest:
                self._sock.settimeout(timeout_s)
                rest = rest[self._sock.send(rest) :]
                timeout_s = self.exchange.left_s()
        except OSError as error:
            raise self.exchange.failure(error) from None


class _Reader(io.RawIOBase):
    """The reading end of a wire: before each read the socket's timeout becomes what is left."""

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._raw = cast("io.RawIOBase", sock.makefile("rb", buffering=0))
        self._exchange = exchange

    def readable(self) -> bool:
        """True; BufferedReader asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read once within the exchange's limits; raises what its failure means."""
        try:
            self._sock.settimeout(self._exchange.left_s())
            received = cast("int", self._raw.readinto(buffer))
            self._exchange.count(received)
        except (OSError, TooLarge) as error:
            raise self._exchange.failure(error) from None
        return received

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()
