"""A scanner of the test's own: the near end of a pty, named by a link as udev would."""

from __future__ import annotations

import os
import pty
import tty
from pathlib import Path


class PtyScanner:
    """`port` is a path that stays; what it leads to comes and goes with the cable."""

    def __init__(self, directory: Path) -> None:
        self.port = directory / "scanner"
        self._master: int | None = None
        self.plug()

    def plug(self) -> None:
        """Put the cable in."""
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        draft = self.port.with_name("scanner.new")
        draft.symlink_to(os.ttyname(slave))
        draft.replace(self.port)
        os.close(slave)

    def unplug(self) -> None:
        """Pull the cable: who has the port open is told, who opens it finds nothing."""
        self.port.unlink(missing_ok=True)
        if self._master is not None:
            os.close(self._master)
            self._master = None

    def type(self, code: str, end: str = "\r") -> None:
        """Send a code as a scanner does."""
        assert self._master is not None, "the scanner is unplugged"
        os.write(self._master, (code + end).encode())
