"""Another thousand, and what the histories visit."""

from __future__ import annotations

from collections import Counter

import pytest

from posd.core import payment
from tests.model.edges import EXCUSED, Edge, cells, unjustly_excused
from tests.model.histories import play

CHUNK = 100
VISITS: Counter[Edge] = Counter()


@pytest.mark.parametrize("first", range(1001, 2001, CHUNK))
def test_every_invariant_holds_in_a_hundred_histories_from(first: int) -> None:
    for seed in range(first, first + CHUNK):
        VISITS.update(play(seed).edges)


def test_no_cell_is_excused_that_was_visited() -> None:
    assert unjustly_excused(VISITS) == []


def test_only_cells_of_the_tables_are_excused() -> None:
    assert set(EXCUSED) <= cells()
    assert len(cells()) == sum(
        len(row) for table in (payment.DECISIONS, payment.REFUSED) for row in table.values()
    )
