"""What a virtual scanner is plugged into on this machine: a pty or a named pipe.

The one rule: a reader meets nothing but the wire; bytes written to a line that is unplugged go
nowhere.
"""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from contextlib import suppress
from pathlib import Path
from typing import Protocol

READ_BYTES = 4096


class Line(Protocol):
    """One end of a cable; plugged in when it is made."""

    @property
    def port(self) -> str:
        """Where a reader finds it."""

    def write(self, data: bytes) -> None:
        """Put bytes on the line."""

    def hear(self, timeout_s: float) -> bytes:
        """What the reader sent, waiting up to `timeout_s`; b"" if nothing. Another thread's."""

    def unplug(self) -> None:
        """Pull the cable; may be called twice."""

    def plug(self) -> None:
        """Put the cable back."""


class PtyLine:
    """A pty; with a `link`, that is its stable name, like one in /dev/serial/by-id."""

    def __init__(self, link: str = "") -> None:
        self._link = link
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None
        self._pty = ""
        self.plug()

    @property
    def port(self) -> str:
        """The link if there is one, else the pty, which has another name after each plug()."""
        return self._link or self._pty

    def write(self, data: bytes) -> None:
        """Put bytes on the line."""
        with self._lock:
            if self._ends is not None:
                os.write(self._ends[0], data)

    def hear(self, timeout_s: float) -> bytes:
        """What the reader sent."""
        ends = self._ends
        if not is_readable(ends[0] if ends else -1, timeout_s) or ends is None:
            return b""
        with self._lock, suppress(OSError):
            if self._ends is ends:
                return os.read(ends[0], READ_BYTES)
        return b""

    def unplug(self) -> None:
        """End the pty; its link goes with it."""
        with self._lock:
            ends, self._ends = self._ends, None
            for end in ends or ():
                os.close(end)
        if ends is not None and self._link:
            Path(self._link).unlink(missing_ok=True)

    def plug(self) -> None:
        """Make a new pty under the same link."""
        self.unplug()
        master, slave = os.openpty()
        tty.setraw(slave)
        self._pty = os.ttyname(slave)
        self._ends = (master, slave)  # the slave stays open, or the pty ends with its reader
        if self._link:
            with suppress(FileNotFoundError):
                os.unlink(self._link)
            os.symlink(self._pty, self._link)


class FifoLine:
    """A named pipe; unplugged, its name is gone."""

    def __init__(self, path: str) -> None:
        self.port = path
        self._fd: int | None = None
        self.plug()

    def write(self, data: bytes) -> None:
        """Put bytes into the pipe."""
        if self._fd is not None:
            os.write(self._fd, data)

    def hear(self, timeout_s: float) -> bytes:
        """A pipe carries nothing back."""
        time.sleep(timeout_s)
        return b""

    def unplug(self) -> None:
        """Remove the pipe."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)
            Path(self.port).unlink(missing_ok=True)

    def plug(self) -> None:
        """Make the pipe."""
        self.unplug()
        os.mkfifo(self.port)
        self._fd = os.open(self.port, os.O_RDWR)


def is_readable(fd: int, timeout_s: float) -> bool:
    """Whether bytes have come to `fd`, waiting for them; -1 is a line that is unplugged."""
    if fd < 0:
        time.sleep(timeout_s)
        return False
    waiting = select.poll()
    waiting.register(fd, select.POLLIN)
    return any(event & select.POLLIN for _, event in waiting.poll(timeout_s * 1000))
