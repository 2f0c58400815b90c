"""A scanner that is a keyboard to the system (HID, "keyboard wedge"), read through evdev.

The one rule: the keys are ours alone (EVIOCGRAB), so that no customer's code is typed into a
window or a shell. evdev is an extra and only loaded when such a scanner is claimed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Protocol

from devices.errors import Unavailable
from devices.scanners.habits import framing_habits
from devices.scanners.keys import EVENT, KeyDecoder
from devices.scanners.options import HidOptions
from devices.scanners.reading import StreamScanner

READ_BYTES = 64 * EVENT.size


class InputDevice(Protocol):
    """What we need of `evdev.InputDevice`: open, non-blocking."""

    def fileno(self) -> int:
        """Where its events are read."""

    def grab(self) -> None:
        """Keep its events from all others; raises OSError EBUSY when another has them."""

    def close(self) -> None:
        """Close it, which lets it go."""


def open_evdev(path: str) -> InputDevice:
    """The device at `path`; raises OSError, or Unavailable without the extra."""
    try:
        evdev = import_module("evdev")
    except ImportError as error:
        raise Unavailable(
            f"scanner {path} needs the package evdev: pip install posd[hid]"
        ) from error
    device: InputDevice = evdev.InputDevice(path)
    return device


class HidScanner(StreamScanner):
    """Reads one scanner in keyboard mode; `open_device` is evdev's unless a test brings its own."""

    Options = HidOptions

    def __init__(
        self, options: HidOptions, open_device: Callable[[str], InputDevice] = open_evdev
    ) -> None:
        super().__init__(
            options.port, lambda: KeySource(options.port, open_device), framing_habits(options)
        )


class KeySource:
    """An input device that is grabbed, its events dropped; raises Unavailable."""

    def __init__(self, path: str, open_device: Callable[[str], InputDevice]) -> None:
        self._path = path
        self._keys = KeyDecoder()
        try:
            self._device = open_device(path)
        except OSError as error:
            raise Unavailable(_why_closed(path, error)) from error
        try:
            self._device.grab()
            self._drain()
        except OSError as error:
            with suppress(OSError):
                self._device.close()
            raise Unavailable(_why_closed(path, error)) from error

    def fileno(self) -> int:
        """The device's."""
        return self._device.fileno()

    def receive(self) -> bytes:
        """What was typed; raises Unavailable when the device is gone."""
        try:
            return self._keys.feed(self._read())
        except BlockingIOError:
            return b""
        except OSError as error:
            raise Unavailable(
                f"scanner {self._path} is gone ({error}): check its cable; it is claimed again"
                " when it is back"
            ) from error

    def send(self, data: bytes, timeout_s: float) -> None:
        """A keyboard takes no commands."""

    def close(self) -> None:
        """Let its keys go to others again."""
        self._device.close()

    def _read(self) -> bytes:
        data = os.read(self._device.fileno(), READ_BYTES)
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return data

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while True:
                self._read()


def _why_closed(path: str, error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return f"scanner {path} is not there: plug it in, or correct the port in the configuration"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"scanner {path} may not be opened by this user: add it to the group input"
    if error.errno == errno.EBUSY:
        return f"scanner {path} is grabbed by another program: stop that, then it is claimed again"
    if error.errno in (errno.ENOTTY, errno.EINVAL):
        return f"scanner {path} is no input device: name one of /dev/input/by-id/*-event-kbd"
    return f"scanner {path} did not open ({error}): check the port and its cable"
