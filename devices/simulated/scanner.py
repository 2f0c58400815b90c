"""A virtual scanner: types codes as a scanner does, on whatever line it is plugged into.

The one rule: a reader meets nothing but the wire; an unplug is the end of the line, a replug is a
new one under the same name. One that obeys its vendor's commands reads only when it was told to.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from typing import Self

from devices.simulated.scanner_lines import Line, PtyLine
from devices.simulated.scanner_orders import Obedience

SUFFIXES = {
    "cr": b"\r",
    "lf": b"\n",
    "crlf": b"\r\n",
    "tab": b"\t",
    "etx": b"\x03",
    "none": b"",
}
_HEAR_S = 0.05


class VirtualScanner:
    """A scanner to be used as a context manager; plug its reader into `port`.

    `line` is what it is plugged into, else a pty with the stable name `link`. `vendor` is one of
    VENDORS; `heard` gets "on", "off" and "taken" as its commands arrive.
    """

    def __init__(
        self, *, link: str = "", suffix: str = "cr", line: Line | None = None, vendor: str = ""
    ) -> None:
        self._line = line or PtyLine(link)
        self._suffix = SUFFIXES[suffix]
        self._obedience = Obedience(vendor or "generic")
        self._rest = b""
        self.heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        if vendor:
            self._ear.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._ear.is_alive():
            self._ear.join()
        self.unplug()

    @property
    def port(self) -> str:
        """Where a reader finds it."""
        return self._line.port

    def type(self, code: str) -> bool:
        """Scan `code`: its bytes and the suffix, at once; False when it is switched off."""
        return self._scan(lambda: self.raw(code.encode() + self._suffix))

    def slow(self, gap_ms: int, code: str) -> bool:
        """Scan `code` with a pause after each byte, as some scanners do."""

        def bytewise() -> None:
            for byte in code.encode() + self._suffix:
                self.raw(bytes((byte,)))
                time.sleep(gap_ms / 1000)

        return self._scan(bytewise)

    def partial(self, count: int, code: str) -> None:
        """Only the first `count` bytes of a scan of `code`; `rest` has the others."""
        frame = code.encode() + self._suffix
        self._rest = frame[count:]
        self.raw(frame[:count])

    def rest(self) -> None:
        """What the last `partial` left out."""
        rest, self._rest = self._rest, b""
        self.raw(rest)

    def garbage(self, count: int) -> None:
        """So many bytes of noise, the same ones each time."""
        self.raw(random.Random(count).randbytes(count))

    def raw(self, data: bytes) -> None:
        """Put bytes on the line; those of an unplugged scanner go nowhere."""
        self._line.write(data)

    def unplug(self) -> None:
        """Pull the cable."""
        self._line.unplug()

    def replug(self) -> None:
        """Put the cable back; a pty without a link has another name now."""
        self._line.plug()

    def _scan(self, write: Callable[[], None]) -> bool:
        if not self._obedience.reads:
            return False
        self._obedience.scanned()
        write()
        return True

    def _listen(self) -> None:
        while not self._ended.is_set():
            for what, answer in self._obedience.hear(self._line.hear(_HEAR_S)):
                if answer:
                    self.raw(answer)
                self.heard.put(what)
