"""When something was seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instant:
    """`boot_ns` is CLOCK_BOOTTIME; `wall_ms` is UTC since the epoch, for labels only."""

    wall_ms: int
    boot_ns: int
