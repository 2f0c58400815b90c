"""The lane's constants."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.rules import SECOND, Waits
from tests.core import lanes


def flat(waits: Waits) -> list[int]:
    values = [getattr(waits, field.name) for field in fields(waits)]
    return [part for value in values for part in (value if isinstance(value, tuple) else (value,))]


def test_the_waits_are_those_of_the_design() -> None:
    waits = Waits()
    assert waits.key_ns == 120 * SECOND
    assert waits.quiet_ns == 50_000_000
    assert waits.not_after_ns == 10 * SECOND
    assert waits.verdict_ns == 60 * SECOND
    assert waits.late_ns == 180 * SECOND
    assert waits.horizon_ns == max(300 + 45 + 60, 21 * 60) * SECOND


@given(st.floats(1e-12, 1))
def test_scaling_shortens_every_wait_and_makes_none_vanish(scale: float) -> None:
    for before, after in zip(flat(Waits()), flat(Waits().scaled(scale)), strict=True):
        assert (after > 0) == (before > 0)
        assert after <= before


def test_scaling_by_one_changes_nothing() -> None:
    assert Waits().scaled(1) == Waits()


@pytest.mark.parametrize(("country", "length"), [("TW", 18), ("TH", 12)])
def test_the_length_of_a_key_is_its_countrys(country: str, length: int) -> None:
    assert replace(lanes.RULES, country=country).key_length == length
