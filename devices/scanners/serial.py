"""A scanner on a serial line: RS-232, USB in COM-port mode, or a pty.

The one rule: pyserial opens and sets up the port; from then on bytes are read from its file
descriptor with a selector, since every read of pyserial stalls, loses or repeats bytes in some
case. Each failure leaves as Unavailable with a sentence for the technician.
"""

from __future__ import annotations

import errno
import os
import selectors
import termios
import time
import weakref
from collections import deque
from contextlib import suppress

import serial

from devices.errors import Unavailable
from devices.framing import Framer, Framing
from devices.scanners.holder import holders
from devices.scanners.options import SerialOptions
from devices.values import Scan

READ_BYTES = 4096
_PARITY = {
    "none": serial.PARITY_NONE,
    "even": serial.PARITY_EVEN,
    "odd": serial.PARITY_ODD,
    "mark": serial.PARITY_MARK,
    "space": serial.PARITY_SPACE,
}
# TypeError is what pyserial lets out when a port vanishes between two of its own calls
_FOREIGN = (OSError, ValueError, TypeError, termios.error)


class SerialScanner:
    """Reads one serial scanner; keeps the promises of `devices.interfaces.Scanner`."""

    Options = SerialOptions

    def __init__(self, options: SerialOptions) -> None:
        self._options = options
        self._framer = Framer(
            Framing(
                suffix=options.suffix,
                prefix=options.prefix.encode(),
                aim_id=options.aim_id,
                idle_gap_ns=round(options.idle_gap_s * 1e9),
            )
        )
        self._ready: deque[Scan] = deque()
        self._port: serial.Serial | None = None
        self._selector: selectors.BaseSelector | None = None
        # lives as long as the object: wake() may come from another thread during release()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        weakref.finalize(self, os.close, self._bell)

    def claim(self) -> None:
        """Open the port for us alone and drop what it had buffered; raises Unavailable."""
        self.release()
        try:
            self._port = self._open()
            # FTDI holds bytes back for 16 ms otherwise; drivers without the mode raise
            with suppress(*_FOREIGN, NotImplementedError, AttributeError):
                self._port.set_low_latency_mode(True)
            self._port.reset_input_buffer()
            self._selector = selectors.DefaultSelector()
            self._selector.register(self._port.fileno(), selectors.EVENT_READ)
            self._selector.register(self._bell, selectors.EVENT_READ)
        except _FOREIGN as error:
            self.release()
            raise Unavailable(_why_closed(self._options.port, error)) from error

    def read(self, timeout_s: float) -> Scan | None:
        """Wait up to `timeout_s` for one whole scan; raises Unavailable when the port is gone."""
        deadline_ns = _now_ns() + round(timeout_s * 1e9)
        # with scans in hand the bell is still asked, so that a wake() is never late
        while not self._rang(0.0 if self._ready else self._patience_s(deadline_ns)):
            if self._ready:
                return self._ready.popleft()
            if _now_ns() >= deadline_ns:
                return None
        return None

    def wake(self) -> None:
        """Make a running or the next `read` return None at once; any thread may call it."""
        os.eventfd_write(self._bell, 1)

    def release(self) -> None:
        """Close the port and forget what was half read; never raises, may be called twice."""
        port, self._port = self._port, None
        selector, self._selector = self._selector, None
        self._framer.reset()
        self._ready.clear()
        for thing in (selector, port):
            with suppress(*_FOREIGN):
                if thing is not None:
                    thing.close()

    def _open(self) -> serial.Serial:
        options = self._options
        return serial.Serial(
            options.port,
            options.baud,
            bytesize=options.data_bits,
            parity=_PARITY[options.parity],
            stopbits=options.stop_bits,
            rtscts=options.flow_control == "rtscts",
            xonxoff=options.flow_control == "xonxoff",
            timeout=0,
            write_timeout=1,
            exclusive=True,  # without it a second reader gets half of the scans, silently
        )

    def _patience_s(self, deadline_ns: int) -> float:
        """How long to wait for bytes: to the deadline, or to the pause that ends a scan."""
        now_ns = _now_ns()
        left_ns = max(0, deadline_ns - now_ns)
        pause_ns = self._framer.idle_left_ns(now_ns)
        return (left_ns if pause_ns is None else min(left_ns, pause_ns)) / 1e9

    def _rang(self, timeout_s: float) -> bool:
        """Wait for bytes or a pause, and take them in; whether the bell rang meanwhile."""
        if self._selector is None:
            raise Unavailable(f"scanner {self._options.port} is not claimed; claim it first")
        events = {key.fd for key, _ in self._selector.select(timeout_s)}
        if self._bell in events:
            os.eventfd_read(self._bell)
            return True
        if events:
            self._ready.extend(self._framer.feed(self._receive(), _now_ns()))
        else:
            self._ready.extend(self._framer.idle(_now_ns()))
        return False

    def _receive(self) -> bytes:
        assert self._port is not None  # _rang has seen a selector, and both live together
        try:
            data = os.read(self._port.fileno(), READ_BYTES)
        except BlockingIOError:
            return b""
        except _FOREIGN as error:
            raise Unavailable(_why_gone(self._options.port, error)) from error
        if not data:
            raise Unavailable(_why_gone(self._options.port, None))
        return data


def _now_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def _why_closed(port: str, error: Exception) -> str:
    code = getattr(error, "errno", None)
    if code in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return f"scanner {port} is not there: plug it in, or correct the port in the configuration"
    if code in (errno.EACCES, errno.EPERM):
        return f"scanner {port} may not be opened by this user: add it to the group of the device"
    if code in (errno.EAGAIN, errno.EBUSY):
        who = holders(port) or "a process that this user cannot see"
        return f"scanner {port} is held by {who}: stop it, then it is claimed again"
    return f"scanner {port} did not open ({error}): check the port, its speed and its cable"


def _why_gone(port: str, error: Exception | None) -> str:
    detail = f" ({error})" if error else ""
    return f"scanner {port} is gone{detail}: check its cable; it is claimed again when it is back"
