"""What a virtual scanner may be told while it runs, a command a line, and what it says to it.

The one rule: stdin and the control port take the same commands; what is not understood is said and
changes nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from devices.simulated.scanner import VirtualScanner

HELP = (
    "type CODE; raw HEX; slow MS CODE; partial BYTES CODE; rest; garbage BYTES; unplug; replug; "
    "quit"
)
Tell = Callable[[Mapping[str, object]], None]


class ScannerCommands:
    """Commands for one scanner; `tell` gets a message for each event. Any thread may obey."""

    def __init__(self, scanner: VirtualScanner, tell: Tell) -> None:
        self._scanner = scanner
        self._tell = tell
        self._lock = threading.Lock()
        self._actions: dict[str, Callable[[str], None]] = {
            "type": self._type,
            "raw": lambda digits: scanner.raw(bytes.fromhex(digits)),
            "slow": self._slow,
            "partial": self._partial,
            "rest": lambda _: scanner.rest(),
            "garbage": lambda count: scanner.garbage(int(count)),
            "unplug": lambda _: scanner.unplug(),
            "replug": self._replug,
        }

    def obey(self, line: str) -> None:
        """Carry one out; raises ValueError for what is none."""
        command, _, rest = line.rstrip("\n").partition(" ")
        if command.strip() not in self._actions:
            raise ValueError(f"not understood: {line.strip()!r}; there are: {HELP}")
        with self._lock:
            self._actions[command.strip()](rest)

    def _type(self, code: str) -> None:
        # Before it is typed: a reader may be faster than the next line of this program.
        typed_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        typed = self._scanner.type(code)
        self._tell({"event": "typed" if typed else "dark", "last_byte_ns": typed_ns})

    def _slow(self, rest: str) -> None:
        gap_ms, _, code = rest.partition(" ")
        self._scanner.slow(int(gap_ms), code)

    def _partial(self, rest: str) -> None:
        count, _, code = rest.partition(" ")
        self._scanner.partial(int(count), code)

    def _replug(self, _: str) -> None:
        self._scanner.replug()
        self._tell({"port": self._scanner.port})
