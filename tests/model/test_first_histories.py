"""A thousand random histories of the real engine, against LINE Pay's books."""

from __future__ import annotations

import pytest

from tests.model.histories import play

CHUNK = 100


@pytest.mark.parametrize("first", range(1, 1001, CHUNK))
def test_every_invariant_holds_in_a_hundred_histories_from(first: int) -> None:
    for seed in range(first, first + CHUNK):
        play(seed)


def test_a_history_is_the_same_whenever_it_is_played() -> None:
    one, again = play(77), play(77)
    assert one.told == again.told
    assert [type(r) for r in one.journal.records] == [type(r) for r in again.journal.records]
    assert one.edges == again.edges
