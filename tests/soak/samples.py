"""What a daemon holds after a window of sales, read from outside: /proc and its state's folder.

Rule: nothing is asked of the daemon itself; what it holds is what the kernel says.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import median, p99

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """After `sales`; times are those of the window that ended here.

    `cpu_ms` is the daemon's for each sale, `beat` is what the machine alone takes (`beat.py`).
    """

    sales: int
    rss_bytes: int
    descriptors: int
    threads: int
    journal_bytes: int
    wal_bytes: int
    sent_log_bytes: int
    median_ms: float
    p99_ms: float
    beat_median_ms: float
    beat_p99_ms: float
    cpu_ms: float
    load: float


class Observer:
    """Looks at one process and one folder; `sample` ends a window."""

    def __init__(self, pid: int, state: Path) -> None:
        self._proc = Path(f"/proc/{pid}")
        self._state = state
        self._seen_sales = 0
        self._seen_cpu_ms = self._cpu_ms()

    def sample(self, sales: int, took_ms: Sequence[float], beats_ms: Sequence[float]) -> Sample:
        """What is held after `sales`; those of the last window took so long, and so did beats."""
        used_ms = self._cpu_ms() - self._seen_cpu_ms
        window = sales - self._seen_sales
        self._seen_sales, self._seen_cpu_ms = sales, self._seen_cpu_ms + used_ms
        return Sample(
            sales=sales,
            rss_bytes=self._status("VmRSS") * 1024,
            descriptors=len(list((self._proc / "fd").iterdir())),
            threads=self._status("Threads"),
            journal_bytes=self._size("journal.db"),
            wal_bytes=self._size("journal.db-wal"),
            sent_log_bytes=self._size("sent.log") + self._size("sent.log.1"),
            median_ms=median(took_ms),
            p99_ms=p99(took_ms),
            beat_median_ms=median(beats_ms),
            beat_p99_ms=p99(beats_ms),
            cpu_ms=used_ms / window,
            load=os.getloadavg()[0],
        )

    def _status(self, name: str) -> int:
        lines = (self._proc / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))

    def _cpu_ms(self) -> float:
        behind_name = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(behind_name[11]) + int(behind_name[12])) * _TICK_MS  # utime, stime: proc(5)

    def _size(self, name: str) -> int:
        path = self._state / name
        return path.stat().st_size if path.exists() else 0
