"""Sales found again, and what was missed: by index, bounded, page by page, none lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from posd.board import Board
from posd.core.instant import Instant
from posd.core.records import Record
from posd.door import SalesWanted
from posd.front_door import LOOKED_AT, FrontDoor, Reach
from posd.inbox import Inbox
from posd.journal import lookups
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.workers.inquirer import Inquirer
from tests.api.conftest import Running
from tests.api.test_events import Stream
from tests.core import lanes
from tests.journal import samples
from tests.test_front_door import ACCOUNT

DAY_MS = 24 * 3600 * 1000
MANY = 10_000
NOON_MS = 1_795_521_600_000  # 2026-11-24T12:00:00Z
EVER = {"before_seq": 10**18 - 1}


def write(directory: Path, batches: Sequence[tuple[int, list[Record]]]) -> None:
    """Append each batch under its wall clock."""
    journal = Journal.open(directory, samples.LANE)
    for wall_ms, records in batches:
        journal.append(records, at=Instant(wall_ms, 5), boot_id=samples.BOOT)
    journal.close()


def briefly(number: int) -> list[Record]:
    """A payment in two records."""
    return [samples.opened(number), samples.sent(number)]


def front_door(directory: Path) -> FrontDoor:
    nobody = Reach(Inquirer(cast(Any, None), ACCOUNT), dict, Future)
    board = Board(lanes.RULES, action=lambda code: code)
    return FrontDoor(inbox=Inbox(), board=board, journal_directory=directory, reach=nobody)


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two paid sales a day for three days, the second of each day waiting for its key."""
    directory = tmp_path_factory.mktemp("three-days")
    write(
        directory,
        [
            (NOON_MS + day * DAY_MS + part, samples.paid(n) if part == 0 else [samples.opened(n)])
            for day in range(3)
            for part, n in enumerate((2 * day + 1, 2 * day + 2))
        ],
    )
    return directory


@pytest.fixture(scope="module")
def api(three_days: Path, serve: Callable[..., Running]) -> Running:
    return serve(cast(Any, front_door(three_days)))


def listed(api: Running, query: str = "") -> list[str]:
    answer = api.call("GET", f"/v1/sales?{query}")
    assert answer.status == 200, answer.json
    return [sale["reference"] for sale in answer.json["sales"]]


# ---- GET /v1/sales ----------------------------------------------------------------------------


def test_sales_are_listed_newest_first(api: Running) -> None:
    assert listed(api) == [f"basket-{n}" for n in (6, 5, 4, 3, 2, 1)]


def test_a_day_has_the_sales_that_were_opened_on_it(api: Running) -> None:
    assert listed(api, "date=2026-11-25") == ["basket-4", "basket-3"]
    for empty in ("2026-11-23", "0001-01-01", "9999-12-31"):
        assert listed(api, f"date={empty}") == []


@pytest.mark.parametrize(("minutes", "day"), [(0, 24), (-12 * 60 - 1, 23), (12 * 60, 25)])
def test_a_day_begins_at_midnight_of_the_lane(
    three_days: Path, minutes: int, day: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = front_door(three_days)
    shop = replace(lanes.RULES.receipt, utc_offset_minutes=minutes)
    monkeypatch.setattr(door, "_rules", replace(lanes.RULES, receipt=shop))
    found = door.sales(SalesWanted(10, 10**17, date(2026, 11, day)))
    assert found.sales[-1].reference == "basket-1"


def test_a_reference_a_day_and_a_verdict_narrow_together(api: Running) -> None:
    assert listed(api, "reference=basket-3") == ["basket-3"]
    assert listed(api, "reference=basket-3&date=2026-11-24") == []
    assert listed(api, "reference=basket-3&date=2026-11-25&verdict=PAID") == ["basket-3"]
    assert listed(api, "reference=basket") == []
    assert listed(api, "verdict=PAID") == ["basket-5", "basket-3", "basket-1"]
    assert listed(api, "verdict=REFUNDED") == []


@pytest.mark.parametrize("query", ["", "verdict=WAITING", "verdict=PAID", "date=2026-11-24"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_hold_every_sale_once(api: Running, query: str, limit: int) -> None:
    whole, found, before = listed(api, query), [], ""
    while True:
        answer = api.call("GET", f"/v1/sales?{query}&limit={limit}{before}").json
        assert len(answer["sales"]) <= limit
        found += [sale["reference"] for sale in answer["sales"]]
        if answer["next_before"] is None:
            break
        before = f"&before={answer['next_before']}"
    assert found == whole != []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e2", "limit"),
        ("limit=", "limit"),
        ("limit=%D9%A1", "limit"),
        ("before=x", "before"),
        (f"before={10**18}", "before"),
        ("date=24-11-2026", "date"),
        ("date=2026-02-30", "date"),
        ("date=2026-W48-2", "date"),
        ("date=20261124", "date"),
        ("verdict=paid", "verdict"),
        ("verdict=PAID&verdict=WAITING", "verdict"),
        ("reference=a%0Ab", "reference"),
        (f"reference={'x' * 101}", "reference"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(api: Running, query: str, parameter: str) -> None:
    answer = api.call("GET", f"/v1/sales?{query}")
    assert (answer.status, answer.json["code"]) == (400, "parameter")
    assert answer.json["details"] == {"parameter": parameter}


# ---- 10,000 payments --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JournalReader]:
    """A hundred days of a hundred payments."""
    directory = tmp_path_factory.mktemp("many")
    batches = [
        (NOON_MS + day * DAY_MS, [r for n in range(100) for r in briefly(100 * day + n)])
        for day in range(MANY // 100)
    ]
    write(directory, batches)
    with JournalReader(directory) as reader:
        yield reader


def plan(reader: JournalReader, sql: str) -> str:
    rows = reader._connection.execute(f"EXPLAIN QUERY PLAN {sql}", [1] * sql.count("?"))
    return "; ".join(str(row[3]) for row in rows)


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (lookups.OPENINGS, "openings_by_seq (seq<?)"),
        (lookups.OPENINGS_OF_TIME, "COVERING INDEX openings_by_time (wall_utc>? AND wall_utc<?)"),
        (lookups.OPENINGS_OF_REFERENCE, "orders_of_a_reference (<expr>=? AND rowid<?)"),
        (lookups.CHANGED, "newest USING INTEGER PRIMARY KEY (rowid>?)"),
        (lookups.CHANGED, "COVERING INDEX records_of_an_order (order_id=? AND rowid>?)"),
    ],
)
def test_each_list_of_10_000_payments_comes_from_its_index(
    many: JournalReader, sql: str, index: str
) -> None:
    found = plan(many, sql)
    assert index in found
    assert "SCAN" not in found


def steps(reader: JournalReader, ask: Callable[[], object]) -> int:
    """How many hundreds of SQLite's steps a question takes."""
    count = 0

    def step() -> bool:
        nonlocal count
        count += 1
        return False

    reader._connection.set_progress_handler(step, 100)
    ask()
    reader._connection.set_progress_handler(None)
    return count


def test_an_old_day_and_an_old_place_cost_no_more_than_new_ones(many: JournalReader) -> None:
    span = (NOON_MS, NOON_MS + DAY_MS)
    assert [len(many.openings(**EVER, limit=200, span_ms=span))] == [100]
    old = steps(many, lambda: many.openings(**EVER, limit=50, span_ms=span))
    deep = steps(many, lambda: many.openings(before_seq=2_000, limit=50))
    one = steps(many, lambda: many.openings(**EVER, limit=50, reference="basket-77"))
    missed = steps(many, lambda: many.changed_orders(3, 50))
    assert max(old, deep, one, missed) < 200


def test_the_orders_of_10_000_payments_are_paged_by_their_newest_record(
    many: JournalReader,
) -> None:
    first = many.changed_orders(0, 2)
    assert first == [(2, samples.order_id(0)), (4, samples.order_id(1))]
    assert many.changed_orders(3, 1) == [(4, samples.order_id(1))]
    assert many.changed_orders(2 * MANY, 5) == []


def test_a_rare_verdict_is_looked_for_in_so_many_sales_and_no_more(many: JournalReader) -> None:
    door = front_door(many._path.parent)
    found = door.sales(SalesWanted(10, 10**17, verdict="REFUNDED"))
    assert found.sales == ()
    assert found.next_before == 2 * (MANY - LOOKED_AT) + 1


# ---- what was missed --------------------------------------------------------------------------


def test_history_tells_each_changed_sale_once_as_it_is_now(api: Running) -> None:
    answer = api.call("GET", "/v1/history?after=0&limit=2").json
    assert [sale["reference"] for sale in answer["sales"]] == ["basket-1", "basket-2"]
    assert (answer["next_after"], answer["more"]) == (9, True)
    rest = api.call("GET", "/v1/history?after=9").json
    assert [sale["reference"] for sale in rest["sales"]] == [f"basket-{n}" for n in (3, 4, 5, 6)]
    assert (rest["next_after"], rest["more"]) == (27, False)
    end = api.call("GET", "/v1/history?after=27").json
    assert end == {"sales": [], "next_after": 27, "more": False}


def test_a_sale_that_changes_between_two_pages_is_told_again(tmp_path: Path) -> None:
    write(tmp_path, [(NOON_MS, [samples.opened(1)]), (NOON_MS, samples.paid(2))])
    door = front_door(tmp_path)
    page = door.changed(0, 1)
    assert [sale.verdict for sale in page.sales] == ["WAITING"]
    write(tmp_path, [(NOON_MS, [samples.sent(1)])])
    after = door.changed(page.next_after, 10)
    assert [(sale.reference, sale.verdict) for sale in after.sales] == [
        ("basket-2", "PAID"),
        ("basket-1", "WORKING"),
    ]
    assert after.next_after == after.sales[-1].seq == 10


def test_a_newer_view_on_the_board_is_told_and_an_older_one_is_not(tmp_path: Path) -> None:
    write(tmp_path, [(NOON_MS, samples.paid(1)[:3])])
    door = front_door(tmp_path)
    old = door.changed(0, 1).sales[0]
    door._board.publish({old.order_id: old}, selling=None, seq=3, hindrances=())
    assert door.changed(0, 1).sales[0] is old
    write(tmp_path, [(NOON_MS, samples.paid(1)[3:5])])
    assert door.changed(0, 1).sales[0].verdict == "PAID"


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1&after=2", "limit=201"])
def test_a_history_that_cannot_be_meant_is_refused(api: Running, query: str) -> None:
    assert api.call("GET", f"/v1/history?{query}").json["code"] == "parameter"


# ---- a stream that broke ----------------------------------------------------------------------


def test_a_resumed_stream_says_where_it_broke_then_tells_the_newest_at_once(
    shared: Running,
) -> None:
    seen = shared.call("GET", "/v1/lane").json["seq"]
    sale = shared.sell().json
    with Stream(shared, "Last-Event-ID", str(seen)) as stream:
        event = stream.event()
        assert event == {"event": "resumed", "data": {"after": seen, "seq": sale["seq"]}}
        assert stream.event()["data"]["selling"]["id"] == sale["id"]
    missed = shared.call("GET", f"/v1/history?after={seen}").json
    assert [told["id"] for told in missed["sales"]] == [sale["id"]]
    shared.act(sale["id"], "cancel")


def test_a_first_stream_begins_with_the_lane(shared: Running) -> None:
    with Stream(shared) as stream:
        assert stream.event()["event"] == "lane"


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "9" * 19, "1, 2"])
def test_a_last_event_id_that_posd_never_gave_is_refused(shared: Running, given: str) -> None:
    answer = shared.call("GET", "/v1/events", Last_Event_ID=given)
    assert (answer.status, answer.json["code"]) == (400, "last_event_id")
