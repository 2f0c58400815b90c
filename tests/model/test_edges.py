"""Which cells are counted, how, and which are excused."""

from __future__ import annotations

from collections import Counter

from posd.core import payment, printing
from posd.core.events import PrinterReady, ProcessStarted, TimePassed
from posd.core.records import SaleCancelled, SaleOpened
from tests.model.edges import (
    EXCUSED,
    FLOOR,
    FULL_RUN,
    Edge,
    Table,
    cells,
    too_rare,
    unjustly_excused,
)
from tests.model.plots import BY_CHANCE
from tests.model.scenes import further
from tests.model.story import Aim, Move
from tests.model.visits import told, written
from tests.model.ways import DELIVERS, goals, plot
from tests.model.world import World

ALL = Counter(dict.fromkeys(cells(), FLOOR))
EDGE = Edge(Table.MONEY_EVENT, "ARMED", "CodeScanned")


def test_every_cell_of_every_table_is_counted() -> None:
    heard = (payment.DECISIONS, payment.REFUSED, printing.DECISIONS, printing.REFUSED)
    moved = sum(len(row) for row in payment.NEXT.values())
    led = sum(len(after) for row in printing.NEXT.values() for after in row.values())
    of_events = sum(len(row) for table in heard for row in table.values())
    assert len(cells()) == of_events + moved + led


def test_only_cells_of_the_tables_are_excused_each_with_its_reason() -> None:
    assert set(EXCUSED) <= cells()
    assert all(len(why) > 20 for why in EXCUSED.values())


def test_a_cell_below_the_floor_is_told() -> None:
    assert too_rare(ALL, FULL_RUN) == []
    (told_of,) = too_rare(ALL - Counter({EDGE: 1}), FULL_RUN)
    assert "ARMED" in told_of
    assert "99 visits, 100 wanted" in told_of


def test_the_floor_shrinks_with_the_number_of_histories_and_is_never_nothing() -> None:
    one_each = Counter(dict.fromkeys(cells(), 1))
    assert too_rare(one_each, 10) == []
    assert len(too_rare(one_each, FULL_RUN)) == len(cells() - set(EXCUSED))


def test_an_excuse_is_lost_by_a_visit() -> None:
    edge = min(EXCUSED)
    assert unjustly_excused(Counter({EDGE: 3})) == []
    assert unjustly_excused(Counter({edge: 1})) == [edge]


def test_an_event_for_all_is_heard_by_money_by_paper_or_by_both() -> None:
    world = World(1)
    world.makes(Move("people.opens", 1, Aim.NEWEST))
    at, state = world.machine.at, world.machine.state
    assert [edge.table for edge in told(state, TimePassed(at))] == [Table.MONEY_EVENT]
    assert [edge.table for edge in told(state, PrinterReady(at))] == [Table.PAPER_EVENT]
    both = {edge.table for edge in told(state, ProcessStarted(at, "boot", "posd"))}
    assert both == {Table.MONEY_EVENT, Table.PAPER_EVENT}


def test_a_record_is_counted_where_the_journal_has_it() -> None:
    world = World(1)
    world.makes(Move("people.opens", 1, Aim.NEWEST))
    world.makes(Move("people.cancels", 1, Aim.NEWEST))
    assert [type(row) for row in world.journal.records][1:3] == [SaleOpened, SaleCancelled]
    led = written(world.rules, world.journal.records)
    assert led[Edge(Table.MONEY_RECORD, "ARMED", "SaleCancelled -> NOT_PAID")] == 1


def test_every_move_of_every_story_exists() -> None:
    names = {*BY_CHANCE, *DELIVERS.values()}
    for captures in (True, False):
        world = World(1)
        names |= {name for plot_ in further(captures=captures) for name in plot_}
        for state, event in goals(captures=captures):
            names |= {name for _ in range(9) for name in plot(state, event, world.rng)}
    for name in sorted(names):
        World(2).makes(Move(name, 1))


def test_every_cell_of_money_that_is_not_excused_is_the_goal_of_a_plot() -> None:
    aimed = {*goals(captures=True), *goals(captures=False)}
    wanted = {edge for edge in cells() - set(EXCUSED) if edge.table is Table.MONEY_EVENT}
    assert {(str(state), event) for state, event in aimed} == {
        (edge.state, edge.what) for edge in wanted
    }
