"""A process of the bench that tells JSON lines and ends with its stdin.

Rule: no thread reads along. A line waits in its pipe until somebody asks, so that nothing of the
bench wakes up while something is being measured.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parent.parent  # where `-m bench` is found, wherever it was started from
ANSWER_S = 20.0
_READ_BYTES = 65536


class BenchFailed(Exception):  # noqa: N818
    """A figure cannot be measured; the text says what was waited for."""


class Child:
    """One such process, run as `python -m MODULE ARGUMENTS`; a context manager."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._name = " ".join(command[2:])
        self._told = b""
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, bufsize=0
        )
        try:
            self.hello = self.told()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def told(self, timeout_s: float = ANSWER_S) -> dict[str, Any]:
        """The next line; raises BenchFailed when there is none in time."""
        until_s = time.monotonic() + timeout_s
        while b"\n" not in self._told:
            self._told += self._read(until_s)
        line, _, self._told = self._told.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        return told

    def forget(self) -> None:
        """Drop the lines that were told so far."""
        while b"\n" in self._told or self._has_more(0.0):
            self.told()

    def close(self) -> None:
        """End it and wait for its end."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(ANSWER_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _read(self, until_s: float) -> bytes:
        assert self._process.stdout is not None
        if not self._has_more(max(0.0, until_s - time.monotonic())):
            raise BenchFailed(f"{self._name} told nothing in time")
        data = self._process.stdout.read(_READ_BYTES)
        if not data:
            raise BenchFailed(f"{self._name} has ended")
        return bytes(data)

    def _has_more(self, timeout_s: float) -> bool:
        assert self._process.stdout is not None
        return bool(select.select([self._process.stdout], [], [], timeout_s)[0])


def tell(**line: object) -> None:
    """Called in a child: one line to whoever started it."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def live_until_stdin_ends() -> None:
    """Called in a child's main thread; all others are daemons."""
    sys.stdin.buffer.read()
