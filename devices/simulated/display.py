"""A virtual customer display: a pty that tells what its two lines say.

The one rule: a writer meets nothing but the wire; an unplug is the end of the pty, a hang is a
line whose flow control has stopped it, a replug is a new pty under the same stable link.
"""

from __future__ import annotations

import os
import queue
import select
import termios
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from devices.simulated.display_decoder import DisplayDecoder

_SETTLED_MS = 20  # a pause after which what stands there is told


class VirtualDisplay:
    """A display to be used as a context manager; plug its writer into `port`.

    Each new content is put into `shown`. `link` is a stable name for the pty; it goes at an unplug.
    """

    def __init__(self, *, link: str = "", charset: str = "ascii") -> None:
        self._link = link
        self._charset = charset
        self._pty = ""
        self._ends: tuple[int, int] | None = None
        self._reader: threading.Thread | None = None
        self._bell = os.eventfd(0)
        self.shown: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
        self.decoder = DisplayDecoder(charset)
        self.replug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()
        os.close(self._bell)

    @property
    def port(self) -> str:
        """Where a writer finds it: the link if there is one, else the pty."""
        return self._link or self._pty

    def command(self, line: str) -> None:
        """Carry out "unplug", "replug", "hang on" or "hang off"; raises ValueError."""
        actions: dict[str, Callable[[], None]] = {
            "unplug": self.unplug,
            "replug": self.replug,
            "hang on": lambda: self._flow(termios.TCOOFF),
            "hang off": lambda: self._flow(termios.TCOON),
        }
        if line.strip() not in actions:
            raise ValueError(f"unknown command {line.strip()!r}; there are: {', '.join(actions)}")
        actions[line.strip()]()

    def unplug(self) -> None:
        """Pull the cable."""
        if self._ends is None or self._reader is None:
            return
        os.eventfd_write(self._bell, 1)
        self._reader.join()
        for end in self._ends:
            os.close(end)
        self._ends = None
        if self._link:
            Path(self._link).unlink(missing_ok=True)

    def replug(self) -> None:
        """Put the cable back: a display that has lost its power shows nothing."""
        self.unplug()
        self.decoder = DisplayDecoder(self._charset)
        master, slave = os.openpty()
        tty.setraw(slave)
        self._ends = (master, slave)  # the slave stays open, or the pty ends with its writer
        self._pty = os.ttyname(slave)
        self._reader = threading.Thread(target=self._read, args=(master, self.decoder), daemon=True)
        self._reader.start()
        if self._link:
            with suppress(FileNotFoundError):
                os.unlink(self._link)
            os.symlink(self._pty, self._link)

    def _flow(self, action: int) -> None:
        if self._ends is not None:
            termios.tcflow(self._ends[1], action)

    def _read(self, master: int, decoder: DisplayDecoder) -> None:
        poll = select.poll()
        poll.register(master, select.POLLIN)
        poll.register(self._bell, select.POLLIN)
        told = decoder.lines
        while True:
            found = dict(poll.poll(_SETTLED_MS if told != decoder.lines else None))
            if self._bell in found:
                os.eventfd_read(self._bell)
                return
            if master in found:
                decoder.feed(os.read(master, 4096))
            else:
                told = decoder.lines
                self.shown.put(told)
