"""How much is measured: by default a few minutes' worth, with --full as the limits are meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of sales, starts and records, and how long an idle daemon is watched.

    `records` of 0 leaves the large journal out.
    """

    sales_before: int = 1000
    sales: int = 200
    idle_s: float = 20.0
    starts: int = 7
    payments: int = 10_000
    records: int = 0
    lookups: int = 200


QUICK = Plan()
FULL = Plan(sales=1000, idle_s=60.0, starts=15, records=1_000_000)
