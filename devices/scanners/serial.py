"""A scanner on a serial line: RS-232, USB in COM-port mode, or a pty.

The one rule: pyserial opens and sets up the port; from then on its file descriptor is read and
written by us, since every read of pyserial stalls, loses or repeats bytes in some case. Each
failure leaves as Unavailable with a sentence for the technician.
"""

from __future__ import annotations

import errno
import os
import termios
from contextlib import suppress

import serial

from devices.errors import Unavailable
from devices.scanners.descriptors import write_all
from devices.scanners.habits import line_habits
from devices.scanners.holder import holders
from devices.scanners.options import SerialOptions
from devices.scanners.reading import WRITE_S, StreamScanner

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


class SerialScanner(StreamScanner):
    """Reads one serial scanner."""

    Options = SerialOptions

    def __init__(self, options: SerialOptions) -> None:
        super().__init__(options.port, lambda: SerialSource(options), line_habits(options))


class SerialSource:
    """A port that is open for us alone, its buffer empty; raises Unavailable."""

    def __init__(self, options: SerialOptions) -> None:
        self._name = options.port
        try:
            self._port = _open(options)
        except _FOREIGN as error:
            raise Unavailable(_why_closed(options.port, error)) from error
        try:
            # FTDI holds bytes back for 16 ms otherwise; drivers without the mode raise
            with suppress(*_FOREIGN, NotImplementedError, AttributeError):
                self._port.set_low_latency_mode(True)
            self._port.reset_input_buffer()
            self._fd: int = self._port.fileno()
        except _FOREIGN as error:
            with suppress(OSError):
                self.close()
            raise Unavailable(_why_closed(options.port, error)) from error

    def fileno(self) -> int:
        """The port's."""
        return self._fd

    def receive(self) -> bytes:
        """What has come; raises Unavailable when the port is gone."""
        try:
            data = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise Unavailable(_why_gone(self._name, error)) from error
        if not data:
            raise Unavailable(_why_gone(self._name, None))
        return data

    def send(self, data: bytes, timeout_s: float) -> None:
        """Write a command; raises Unavailable when the port is gone or takes nothing."""
        try:
            write_all(self._fd, data, timeout_s)
        except TimeoutError as error:
            raise Unavailable(_why_silent(self._name)) from error
        except OSError as error:
            raise Unavailable(_why_gone(self._name, error)) from error

    def close(self) -> None:
        """Close the port."""
        try:
            self._port.close()
        except (ValueError, TypeError, termios.error) as error:
            raise OSError(str(error)) from error


def _open(options: SerialOptions) -> serial.Serial:
    return serial.Serial(
        options.port,
        options.baud,
        bytesize=options.data_bits,
        parity=_PARITY[options.parity],
        stopbits=options.stop_bits,
        rtscts=options.flow_control == "rtscts",
        xonxoff=options.flow_control == "xonxoff",
        timeout=0,
        write_timeout=WRITE_S,
        exclusive=True,  # without it a second reader gets half of the scans, silently
    )


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


def _why_silent(port: str) -> str:
    return f"scanner {port} takes no commands: check its cable and flow_control"
