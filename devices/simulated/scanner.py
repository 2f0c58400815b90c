"""A virtual scanner: a pty that types codes as a scanner on a serial line does.

The one rule: a reader meets nothing but the wire; an unplug is the end of the pty, a replug is a
new pty under the same stable link.
"""

from __future__ import annotations

import os
import time
import tty
from contextlib import suppress
from pathlib import Path
from typing import Self

SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "tab": b"\t", "none": b""}


class VirtualScanner:
    """A scanner to be used as a context manager; plug its reader into `port`.

    `link` is a stable name for the pty, like one in /dev/serial/by-id; it goes at an unplug.
    """

    def __init__(self, *, link: str = "", suffix: str = "cr") -> None:
        self._link = link
        self._suffix = SUFFIXES[suffix]
        self._ends: tuple[int, int] | None = None
        self._pty = ""
        self.replug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    @property
    def port(self) -> str:
        """Where a reader finds it: the link if there is one, else the pty."""
        return self._link or self._pty

    def type(self, code: str) -> None:
        """Scan `code`: its bytes and the suffix, at once."""
        self.raw(code.encode() + self._suffix)

    def slow(self, gap_ms: int, code: str) -> None:
        """Scan `code` with a pause after each byte, as some scanners do."""
        for byte in code.encode() + self._suffix:
            self.raw(bytes((byte,)))
            time.sleep(gap_ms / 1000)

    def raw(self, data: bytes) -> None:
        """Put bytes on the line; those of an unplugged scanner go nowhere."""
        if self._ends is not None:
            os.write(self._ends[0], data)

    def unplug(self) -> None:
        """Pull the cable."""
        if self._ends is None:
            return
        for end in self._ends:
            os.close(end)
        self._ends = None
        if self._link:
            Path(self._link).unlink(missing_ok=True)

    def replug(self) -> None:
        """Put the cable back; without a link the port has another name now."""
        self.unplug()
        master, slave = os.openpty()
        tty.setraw(slave)
        self._ends = (master, slave)  # the slave stays open, or the pty ends with its reader
        self._pty = os.ttyname(slave)
        if self._link:
            with suppress(FileNotFoundError):
                os.unlink(self._link)
            os.symlink(self._pty, self._link)
