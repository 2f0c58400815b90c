"""The beat of the machine: what it alone takes for what a sale needs of it.

Rule: nothing of posd is in it. A sale that takes longer in beats has become slower; one that takes
longer in milliseconds may have met a busy machine.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Self

from bench.clocks import now_ns
from bench.figures import ms

ROUNDS = 4  # flushes between the request of a till and its paper
_PAGE = bytes(4096)


class Beat:
    """A process to speak to and a page to flush, in this folder; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "beat", os.O_WRONLY | os.O_CREAT, 0o600)
        self._echo = subprocess.Popen(
            ["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._echo.communicate()
        os.close(self._file)

    def take_ms(self) -> float:
        """As many times in turn: wake the other process, hear it, flush a page."""
        assert self._echo.stdin is not None and self._echo.stdout is not None
        began_ns = now_ns()
        for _ in range(ROUNDS):
            self._echo.stdin.write(b".")
            self._echo.stdout.read(1)
            os.pwrite(self._file, _PAGE, 0)
            os.fdatasync(self._file)
        return ms(began_ns, now_ns())
