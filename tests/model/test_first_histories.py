"""A thousand random histories of the real engine, against LINE Pay's books."""

from __future__ import annotations

import pytest

from tests.model.histories import play, replay, visits

CHUNK = 100


@pytest.mark.parametrize("first", range(1, 1001, CHUNK))
def test_every_invariant_holds_in_a_hundred_histories_from(first: int) -> None:
    for seed in range(first, first + CHUNK):
        play(seed)


@pytest.mark.parametrize("seed", [77, 78, 79])
def test_a_history_is_the_same_when_its_moves_are_made_again(seed: int) -> None:
    once = play(seed)
    again = replay(seed, once.played)
    assert once.told == again.told
    assert [type(r) for r in once.journal.records] == [type(r) for r in again.journal.records]
    assert visits(once) == visits(again)
