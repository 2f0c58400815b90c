"""The two clocks: the boot clock orders and measures, the wall clock only labels."""

from __future__ import annotations

import time
from pathlib import Path

from posd.core.instant import Instant


def now() -> Instant:
    """The present moment on both clocks."""
    return Instant(time.time_ns() // 1_000_000, time.clock_gettime_ns(time.CLOCK_BOOTTIME))


def boot_id() -> str:
    """The kernel's random id of this boot: a changed one means that CLOCK_BOOTTIME began anew."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
