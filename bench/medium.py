"""What a flush costs on the disk of the bench, for comparison: a payment waits for two.

Rule: plain writes and fsync, nothing of posd.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, median, p99
from bench.plan import Plan

_PAGE = bytes(4096)


def flush(plan: Plan, place: Path) -> Iterator[Figure]:
    """Appending a page and flushing it."""
    took_ms = []
    with (place / "flushed").open("wb", buffering=0) as file:
        for _ in range(plan.sales):
            file.write(_PAGE)
            before_s = time.perf_counter()
            os.fsync(file.fileno())
            took_ms.append((time.perf_counter() - before_s) * 1000)
    yield Figure("flush_ms", median(took_ms), "ms", {"p99": p99(took_ms)})
