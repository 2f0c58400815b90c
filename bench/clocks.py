"""The clock that all processes of the bench share."""

from __future__ import annotations

import time


def now_ns() -> int:
    """CLOCK_BOOTTIME: the same for every process, and what posd itself measures with."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
