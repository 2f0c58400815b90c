"""Another thousand, and what the histories visit."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.model.edges import Edge, unjustly_excused
from tests.model.histories import play, visits

CHUNK = 100
VISITS: Counter[Edge] = Counter()


@pytest.mark.parametrize("first", range(1001, 2001, CHUNK))
def test_every_invariant_holds_in_a_hundred_histories_from(first: int) -> None:
    for seed in range(first, first + CHUNK):
        VISITS.update(visits(play(seed)))


def test_no_cell_is_excused_that_was_visited() -> None:
    assert unjustly_excused(VISITS) == []
