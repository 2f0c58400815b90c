"""A wall clock that somebody sets: run as a program, it starts another Python program under it.

`python -m tests.wire.wall_clock FILE PYTHON -m MODULE ARGUMENT...`: FILE holds the seconds by
which the clock is wrong, read at each look. CLOCK_BOOTTIME and CLOCK_MONOTONIC go on as they are.
libfaketime does this one level deeper, and its poll(2) makes a print fail now and then.
"""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path


class WallClock:
    """`before` is what to start a daemon with; `jump` sets its clock while it runs."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "wall"
        self.jump(0)
        self.before = [sys.executable, "-m", "tests.wire.wall_clock", str(self._file)]

    def jump(self, wrong_by_s: int) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(str(wrong_by_s))
        draft.replace(self._file)


def run(file: Path, arguments: list[str]) -> None:
    """Be that program, in a process whose wall clock is wrong by what the file says."""
    true_ns = time.time_ns

    def time_ns() -> int:
        return true_ns() + int(file.read_text()) * 1_000_000_000

    time.time_ns = time_ns
    time.time = lambda: time_ns() / 1e9
    sys.argv = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[4:])
