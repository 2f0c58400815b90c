"""Bytes to a display over a serial line or TCP.

The one rule: nothing waits past its deadline, a reading of `time.monotonic`, not even a close.
Failures are OSError, which the adapter translates.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import socket
import struct
import termios
import time
from collections.abc import Callable
from contextlib import suppress

from devices.displays.options import LineDisplayOptions, host_and_port

_POLL_S = 0.002
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL | select.POLLRDHUP


class Wire:
    """One open line to a display; close it always."""

    def __init__(self, descriptor: int, close: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._close = close
        self._stalled = False

    def write(self, data: bytes, until_s: float) -> None:
        """Hand over all of `data` and see it leave this machine by `until_s`; raises OSError."""
        self._stalled = True
        view = memoryview(data)
        while view:
            self._look(select.POLLOUT, until_s)
            with suppress(BlockingIOError):
                view = view[os.write(self._descriptor, view) :]
        while self._unsent_bytes():
            time.sleep(_POLL_S)
            self._look(0, until_s)
        self._stalled = False

    def close(self) -> None:
        """Close; never raises."""
        if self._stalled:
            # closing a serial line waits for its output, up to 30 s on a stopped display
            with suppress(OSError, termios.error):
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
        with suppress(OSError, termios.error):
            self._close()

    def _look(self, event: int, until_s: float) -> None:
        """Wait for `event`, or look at once if there is none; raises OSError if the line ended."""
        poll = select.poll()
        poll.register(self._descriptor, event | select.POLLRDHUP)
        left_s = max(0.0, until_s - time.monotonic())
        found = poll.poll(left_s * 1000 if event else 0)
        if found and found[0][1] & _GONE:  # a write would still succeed once, into nothing
            raise ConnectionResetError(errno.ECONNRESET, "it is gone")
        if not left_s or (event and not found):
            raise TimeoutError(errno.ETIMEDOUT, "it takes no more bytes")

    def _unsent_bytes(self) -> int:
        try:
            # on sockets this number is SIOCOUTQ: what the other side has not acknowledged
            answer = fcntl.ioctl(self._descriptor, termios.TIOCOUTQ, b"\0" * 4)
        except OSError:
            return 0
        return int(struct.unpack("i", answer)[0])


def open_wire(options: LineDisplayOptions, until_s: float) -> Wire:
    """Open the line to the display of `options` by `until_s`; raises OSError."""
    return _open_serial(options) if options.transport == "serial" else _connect(options, until_s)


def _open_serial(options: LineDisplayOptions) -> Wire:
    import serial  # noqa: PLC0415 - displays on the network need no pyserial

    parities = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
    try:
        port = serial.Serial(
            options.port,
            options.baud,
            parity=parities[options.parity],
            rtscts=options.flow_control == "rtscts",
            xonxoff=options.flow_control == "xonxoff",
            timeout=0,
            exclusive=True,
        )
    except (ValueError, TypeError, termios.error) as error:
        raise OSError(errno.EIO, str(error)) from error
    return Wire(port.fileno(), port.close)


def _connect(options: LineDisplayOptions, until_s: float) -> Wire:
    address = host_and_port(options.address)
    connection = socket.create_connection(address, max(0.001, until_s - time.monotonic()))
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Wire(connection.fileno(), connection.close)
