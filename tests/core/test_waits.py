"""Every wait of the machine, written in seconds so that it can be read beside the design."""

from __future__ import annotations

from dataclasses import fields

import pytest

from posd.core.rules import KEY_LENGTHS, SECOND, Waits

MINUTE, HOUR, DAY = 60, 3600, 86_400
WAITS_S = {
    "key_ns": 2 * MINUTE,
    "quiet_ns": 0.05,
    "same_scan_ns": 2,
    "not_after_ns": 10,
    "verdict_ns": MINUTE,
    "outstanding_check_ns": 15,
    "late_ns": 3 * MINUTE,
    "horizon_ns": 21 * MINUTE,
    "absent_apart_ns": MINUTE,
    "first_checks_ns": (0, 2, 5),
    "check_to_verdict_ns": 5,
    "check_to_horizon_ns": 10,
    "check_after_ns": (MINUTE, 15 * MINUTE),
    "daily_after_ns": DAY,
    "daily_ns": DAY,
    "sweeps_ns": (6 * HOUR, DAY),
    "sweep_soon_ns": 5 * MINUTE,
    "travel_ns": MINUTE,
    "read_ns": (10, 15 * MINUTE),
    "owed_ns": HOUR,
    "alert_before_ns": HOUR,
}


def seconds(value: int | tuple[int, ...]) -> float | tuple[float, ...]:
    return tuple(part / SECOND for part in value) if isinstance(value, tuple) else value / SECOND


def test_no_wait_is_missing_from_the_table() -> None:
    assert [field.name for field in fields(Waits)] == list(WAITS_S)


@pytest.mark.parametrize("name", WAITS_S)
def test_a_wait_is_as_long_as_the_design_says(name: str) -> None:
    assert seconds(getattr(Waits(), name)) == WAITS_S[name]


def test_a_wait_is_never_scaled_to_nothing_and_one_of_nothing_stays_so() -> None:
    shortest = Waits().scaled(1e-12)
    assert shortest.verdict_ns == 1
    assert shortest.first_checks_ns == (0, 1, 1)


def test_half_the_scale_is_half_of_every_wait() -> None:
    half = Waits().scaled(0.5)
    for name, wait_s in WAITS_S.items():
        parts = wait_s if isinstance(wait_s, tuple) else (wait_s,)
        found = getattr(half, name)
        assert (found if isinstance(found, tuple) else (found,)) == tuple(
            part * SECOND / 2 for part in parts
        )


def test_a_key_has_eighteen_digits_in_taiwan_and_twelve_in_thailand() -> None:
    assert KEY_LENGTHS == {"TW": 18, "TH": 12}
