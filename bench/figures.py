"""A figure, its limit, and the two statistics that are told of many readings.

Rule: LIMITS is the one list; a key that is not in it has no limit and is told for comparison.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LIMITS = {
    "scan_to_request_ms_median": 2.0,
    "scan_to_request_ms_p99": 6.0,
    "ratio_plain": 3.0,
    "ratio_tls_connect": 0.7,
    "approval_to_print_text_ms": 5.0,
    "approval_to_print_lines_ms": 15.0,
    "ready_payments_s": 0.6,
    "ready_records_s": 1.0,
    "lookup_ms": 5.0,
    "verify_million_s": 20.0,
    "rss_mb": 70.0,
    "idle_cpu_pct": 0.5,
    "sign_and_send_cpu_us": 300.0,
    "parse_cpu_us": 100.0,
    "typeset_cold_ms": 30.0,
    "typeset_warm_ms": 12.0,
    "typeset_text_ms": 2.0,
    "typeset_bytes_share": 0.25,
    "scanner_to_scan_ms": 0.4,
    "scanner_to_inbox_ms": 0.4,
}

# The keys under which a report tells the figures that have a limit, as plain numbers.
REPORT: dict[str, str | dict[str, str]] = {
    "scan_to_request_ms": {
        "median": "scan_to_request_ms_median",
        "p99": "scan_to_request_ms_p99",
    },
    "ratio_plain": "ratio_plain",
    "ratio_tls_connect": "ratio_tls_connect",
    "approval_to_print_ms": {
        "text": "approval_to_print_text_ms",
        "lines": "approval_to_print_lines_ms",
    },
    "ready_s": {"payments_10000": "ready_payments_s", "records_1000000": "ready_records_s"},
    "order_lookup_ms": "lookup_ms",
    "verify_s": "verify_million_s",
    "rss_mb": "rss_mb",
    "idle_cpu_pct": "idle_cpu_pct",
    "sign_and_send_cpu_us": "sign_and_send_cpu_us",
    "parse_cpu_us": "parse_cpu_us",
    "typeset_ms": {
        "cold": "typeset_cold_ms",
        "warm": "typeset_warm_ms",
        "text": "typeset_text_ms",
    },
    "typeset_bytes_share": "typeset_bytes_share",
    "scanner_ms": {"scan": "scanner_to_scan_ms", "inbox": "scanner_to_inbox_ms"},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `notes` are further values of the same readings."""

    key: str
    value: float
    unit: str
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def limit(self) -> float | None:
        """The most that it may be; None where there is no limit."""
        return LIMITS.get(self.key)

    @property
    def ok(self) -> bool | None:
        """Whether it is within its limit; None where there is no limit."""
        return None if self.limit is None else self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        told: dict[str, Any] = {
            "value": _short(self.value),
            "limit": self.limit,
            "ok": self.ok,
            "unit": self.unit,
        }
        return told | {name: _short(value) for name, value in self.notes.items()}


def report(figures: Sequence[Figure]) -> dict[str, Any]:
    """What was measured under the keys of REPORT (None: not measured), and all of it in detail."""
    values = {figure.key: _short(figure.value) for figure in figures}

    def told(source: str | dict[str, str]) -> Any:
        if isinstance(source, str):
            return values.get(source)
        return {part: values.get(key) for part, key in source.items()}

    detail = {figure.key: figure.as_json() for figure in figures}
    return {key: told(source) for key, source in REPORT.items()} | {"figures": detail}


def median(readings: Sequence[float]) -> float:
    """The middle reading."""
    return statistics.median(readings)


def p99(readings: Sequence[float]) -> float:
    """The reading that 99 of 100 do not pass (the nearest rank: no value in between is made up)."""
    ordered = sorted(readings)
    return ordered[-(-99 * len(ordered) // 100) - 1]


def ms(start_ns: int, end_ns: int) -> float:
    """Milliseconds between two readings of one clock."""
    return (end_ns - start_ns) / 1e6


def _short(value: float) -> float:
    return float(f"{value:.4g}")
