"""Bytes to and from a printer over TCP, a serial line or a character device file.

The one rule: nothing waits past its deadline, and `sent_bytes` always tells whether a byte has
left, because that decides whether a failed job may be tried again. Deadlines are readings of
`time.monotonic`; failures are OSError, which the adapter translates.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import socket
import stat
import struct
import termios
import time
import tty
from collections.abc import Callable
from contextlib import suppress

from devices.printers.options import EscposOptions, host_and_port

SEND_BUFFER_BYTES = 4096  # small, so that a printer that stops reading is noticed
FAREWELL_S = 0.05  # how long a network printer may take to hang up first
_POLL_S = 0.002
_READ_BYTES = 4096
MOST_WAITING_BYTES = 64 * 1024
_ENDED = select.POLLERR | select.POLLHUP | select.POLLNVAL


class Link:
    """One open connection to a printer, for one job or one question; close it always."""

    def __init__(self, descriptor: int, close: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._close = close
        self._sent_bytes = 0
        self._stalled = False

    @property
    def sent_bytes(self) -> int:
        """How many bytes the system has taken from us since the link was opened."""
        return self._sent_bytes

    def send(self, data: bytes, until_s: float) -> None:
        """Hand over all of `data`; raises TimeoutError at `until_s`, or OSError."""
        view = memoryview(data)
        while view:
            self._wait_writable(until_s)
            with suppress(BlockingIOError):
                taken = os.write(self._descriptor, view)
                self._sent_bytes += taken
                view = view[taken:]

    def wait_sent(self, until_s: float) -> None:
        """Wait until what was sent has left this machine; raises TimeoutError at `until_s`.

        On a network: until the other side has acknowledged it. On a USB file: until the last
        transfer is done, which closing the file would stop. Devices that cannot tell count as
        done. Raises OSError when the line has ended meanwhile.
        """
        while True:
            if self._wait_writable(until_s) & _ENDED:
                raise ConnectionResetError(errno.ECONNRESET, "it has closed the connection")
            if not self._unsent_bytes():
                return
            if time.monotonic() >= until_s:
                self._stalled = True
                raise TimeoutError(errno.ETIMEDOUT, "it has not taken all bytes")
            time.sleep(_POLL_S)

    def receive(self, until_s: float) -> bytes:
        """The bytes that come first by `until_s`; b"" when none do. Raises OSError at its end."""
        if not self._poll(select.POLLIN, until_s):
            return b""
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, "it has closed the connection")
        return data

    def take_waiting(self) -> bytes:
        """What has come and was not read: answers to older questions; at most MOST_WAITING_BYTES.

        A device that has more to say never stops, and is told by what it answers.
        """
        waiting = b""
        while len(waiting) < MOST_WAITING_BYTES and (data := self.receive(0.0)):
            waiting += data
        return waiting

    def close(self) -> None:
        """Close without destroying what is on its way; never raises, never waits long."""
        if self._stalled or self._unsent_bytes():
            # closing a serial line waits for its output, up to 30 s on a stopped printer; what
            # matters was waited for, and a network connection is not touched by this
            with suppress(OSError, termios.error):
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
        with suppress(OSError, termios.error):
            self._close()

    def _wait_writable(self, until_s: float) -> int:
        events = self._poll(select.POLLOUT, until_s)
        if not events:
            self._stalled = True
            raise TimeoutError(errno.ETIMEDOUT, "it takes no more bytes")
        return events

    def _poll(self, event: int, until_s: float) -> int:
        """What happened by `until_s`, as bits of poll(); 0 for nothing."""
        poll = select.poll()
        poll.register(self._descriptor, event)
        left_s = max(0.0, until_s - time.monotonic())
        return next((events for _, events in poll.poll(left_s * 1000)), 0)

    def _unsent_bytes(self) -> int:
        try:
            # on sockets this number is SIOCOUTQ: what the other side has not acknowledged
            answer = fcntl.ioctl(self._descriptor, termios.TIOCOUTQ, b"\0" * 4)
        except OSError:
            return 0
        return int(struct.unpack("i", answer)[0])


def open_link(options: EscposOptions, until_s: float) -> Link:
    """Connect to the printer of `options` by `until_s`; raises OSError."""
    opener = {"network": _open_network, "serial": _open_serial, "file": _open_device}
    return opener[options.transport](options, until_s)


def _open_network(options: EscposOptions, until_s: float) -> Link:
    host, port = host_and_port(options.address)
    timeout_s = max(0.001, until_s - time.monotonic())
    connection = _connect(host, port, timeout_s)

    def hang_up() -> None:
        with connection, suppress(OSError):
            # closing with unread answers, or before late ones, sends a reset, and a reset makes
            # the printer forget the end of the receipt: let it hang up first, for a moment
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(FAREWELL_S)
            while connection.recv(_READ_BYTES):
                pass

    return Link(connection.fileno(), hang_up)


def _connect(host: str, port: int, timeout_s: float) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(timeout_s)
        connection.connect(address)
        connection.setblocking(False)
    except BaseException:
        connection.close()
        raise
    return connection


def _open_serial(options: EscposOptions, until_s: float) -> Link:
    del until_s  # a serial line opens at once or not at all
    import serial  # noqa: PLC0415 - network printers need no pyserial

    try:
        port = serial.Serial(
            options.port,
            options.baud,
            rtscts=options.flow_control == "rtscts",
            xonxoff=options.flow_control == "xonxoff",
            timeout=0,
            exclusive=True,
        )
    except (ValueError, TypeError, termios.error) as error:
        raise OSError(errno.EIO, str(error)) from error
    _keep_ready(port.fileno())
    return Link(port.fileno(), port.close)


def _keep_ready(descriptor: int) -> None:
    """Leave DTR as it is when the port is closed: a printer that is set so resets when it falls."""
    with suppress(termios.error):
        attributes = termios.tcgetattr(descriptor)
        attributes[2] &= ~termios.HUPCL
        termios.tcsetattr(descriptor, termios.TCSANOW, attributes)


def _open_device(options: EscposOptions, until_s: float) -> Link:
    del until_s
    # without O_CREAT: a missing /dev/usb/lp0 must not become a file that takes every receipt
    flags = os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(options.path, flags)
    try:
        if not stat.S_ISCHR(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENODEV, "it is not a character device")
        if os.isatty(descriptor):
            tty.setraw(descriptor, termios.TCSANOW)
    except (OSError, termios.error) as error:
        os.close(descriptor)
        raise OSError(error.args[0], str(error)) from error
    return Link(descriptor, lambda: os.close(descriptor))
