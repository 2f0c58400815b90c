from __future__ import annotations

import stat
from collections import Counter
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posd.core.records import OrderSettled, PrintFinished, PrintUnknown, SaleCancelled
from posd.journal.errors import JournalFailed
from posd.journal.journal import CHECKPOINT_EVERY, Journal
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

from .samples import AT, BOOT, LANE, opened, order_id, paid, sent, started, tamper, write


def append(journal: Journal, *records: object) -> int:
    return journal.append(records, at=AT, boot_id=BOOT)


def test_first_use_makes_a_private_directory_and_a_private_file(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "L01"
    write(directory, [started()])
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    for name in ("journal.db", "journal.lock", "journal.ballast"):
        assert stat.S_IMODE((directory / name).stat().st_mode) == 0o600


def test_a_directory_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    write(tmp_path, [started()])
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_append_returns_the_seq_of_its_last_record(journal: Journal) -> None:
    assert append(journal, started()) == 1
    assert append(journal, opened(1), sent(1)) == 3
    assert append(journal) == 3


def test_records_come_back_after_a_restart_with_every_column(tmp_path: Path) -> None:
    write(tmp_path, [started()])
    journal = Journal.open(tmp_path, LANE)
    journal.append([opened(1)], at=AT, boot_id="boot-2", actor="ann")
    journal.close()
    with JournalReader(tmp_path) as reader:
        entry = reader.entries(1, 10)[0]
        assert reader.order(order_id(1)) == [(2, opened(1))]
    assert entry[:5] == (1, 2, order_id(1), "SaleOpened", 1)
    assert entry[6:11] == (AT.wall_ms, AT.boot_ns, "boot-2", None, "ann")


def test_a_lane_record_belongs_to_no_order(journal: Journal) -> None:
    append(journal, started())
    assert journal.entries(0, 1)[0].order_id is None


def test_the_chain_goes_on_over_restarts(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path, [started()], paid(number))
    assert verify(tmp_path) == []


def test_a_batch_with_one_refused_record_leaves_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path, [opened(1), sent(1)])
    with pytest.raises(JournalFailed):
        write(tmp_path, [opened(2), sent(2, fingerprint="fingerprint-1")])
    with JournalReader(tmp_path) as reader:
        assert (reader.head().seq, reader.order(order_id(2))) == (2, [])
    assert verify(tmp_path) == []


def test_after_one_failure_every_append_fails_and_says_why(journal: Journal) -> None:
    append(journal, opened(1))
    for record in (opened(1), opened(2)):
        with pytest.raises(JournalFailed, match=r"SaleOpened after record 1 .*UNIQUE"):
            append(journal, record)


def test_text_that_is_not_unicode_is_refused_before_anything_is_written(journal: Journal) -> None:
    with pytest.raises(JournalFailed, match="surrogates"):
        append(journal, opened(1, cashier="\udc80"))
    assert journal.entries(0, 9) == []


# ---- what the database refuses ---------------------------------------------------------------

NAME = order_id(1)
REFUSED = {
    "a second PaySent of an order": (sent(1), sent(1, fingerprint="other")),
    "a key used for a second order": (sent(1), sent(2, fingerprint="fingerprint-1")),
    "a second SaleOpened of an order": (opened(1), opened(2, order_id=order_id(1))),
    "a second sale of an idempotency key": (opened(1), opened(2, idempotency_key="key-1")),
    "a receipt number twice": (opened(1), opened(2, receipt_number="R00000001")),
    "a sale id twice": (opened(1), opened(2, sale_id="sale-1")),
    "two finished originals": (
        PrintFinished(NAME, 0, "proved"),
        PrintFinished(NAME, 0, "probable"),
    ),
    "an original after an unknown one": (
        PrintUnknown(NAME, 0, "cut off"),
        PrintFinished(NAME, 0, "proved"),
    ),
}
ALLOWED = {
    "two sales of one reference": (opened(1), opened(2, reference="basket-1")),
    "two sales without idempotency key": (
        opened(1, idempotency_key=""),
        opened(2, idempotency_key=""),
    ),
    "copies after the original": (
        PrintFinished(NAME, 0, "proved"),
        PrintFinished(NAME, 1, "proved"),
        PrintUnknown(NAME, 2, "cut off"),
    ),
    "originals of two orders": (
        PrintFinished(order_id(1), 0, "proved"),
        PrintFinished(order_id(2), 0, "proved"),
    ),
}


@pytest.mark.parametrize("records", REFUSED.values(), ids=REFUSED.keys())
def test_the_database_itself_refuses(journal: Journal, records: tuple) -> None:
    append(journal, records[0])
    with pytest.raises(JournalFailed, match="UNIQUE"):
        append(journal, records[1])


@pytest.mark.parametrize("records", ALLOWED.values(), ids=ALLOWED.keys())
def test_the_database_allows(journal: Journal, records: tuple) -> None:
    assert append(journal, *records) == len(records)


STRANGERS = (
    "UPDATE record SET actor = 'me' WHERE seq = 1",
    "DELETE FROM record WHERE seq = 2",
    "REPLACE INTO record SELECT * FROM record WHERE seq = 1",
    "INSERT INTO record SELECT epoch, 9, order_id, 'K', version, body, wall_utc, boottime_ns,"
    " boot_id, clock_synced, actor, prev_hash, hash FROM record WHERE seq = 1",
    "UPDATE epoch SET machine_id = 'mine'",
    "DELETE FROM epoch",
)


@pytest.mark.parametrize("sql", STRANGERS)
def test_triggers_refuse_to_change_what_was_written(tmp_path: Path, sql: str) -> None:
    write(tmp_path, [opened(1), sent(1)])
    connection = apsw.Connection(str(tmp_path / "journal.db"))
    with pytest.raises(apsw.ConstraintError, match="never|follows"):
        connection.execute(sql).fetchall()
    connection.close()
    assert verify(tmp_path) == []


def test_the_writer_itself_cannot_replace_a_record_through_a_unique_index(
    journal: Journal,
) -> None:
    append(journal, opened(1))
    with pytest.raises(apsw.ConstraintError, match="never deleted"):
        journal._connection.execute(
            "REPLACE INTO record SELECT epoch, 2, order_id, kind, version, body, wall_utc,"
            " boottime_ns, boot_id, clock_synced, actor, prev_hash, hash FROM record"
        ).fetchall()


# ---- unfinished orders -----------------------------------------------------------------------


def test_start_loads_the_unfinished_orders_and_the_starts_that_their_times_need(
    journal: Journal,
) -> None:
    append(journal, started("posd 0"))
    append(journal, started("posd 1"))
    append(journal, *paid(1))
    append(journal, opened(2))
    append(journal, started("posd 2"))
    append(journal, opened(3))
    append(journal, sent(2))
    append(journal, started("posd 3"))
    expected = [
        (2, started("posd 1")),
        (11, opened(2)),
        (12, started("posd 2")),
        (13, opened(3)),
        (14, sent(2)),
        (15, started("posd 3")),
    ]
    assert journal.unfinished() == expected


def test_without_unfinished_orders_the_newest_start_is_enough(journal: Journal) -> None:
    append(journal, started("posd 1"))
    append(journal, *paid(1))
    append(journal, started("posd 2"))
    assert journal.unfinished() == [(10, started("posd 2"))]


def test_nothing_is_unfinished_in_a_new_journal(journal: Journal) -> None:
    assert journal.unfinished() == []


def test_a_settled_order_that_goes_on_is_unfinished_again_with_all_its_records(
    journal: Journal,
) -> None:
    append(journal, *paid(1))
    assert journal.unfinished() == []
    append(journal, PrintFinished(order_id(1), 1, "proved"))
    assert [seq for seq, _ in journal.unfinished()] == list(range(1, 10))


STEPS = st.lists(
    st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=4), max_size=8
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_the_table_of_unfinished_orders_follows_every_history_and_can_be_rebuilt(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[int, bool]]]
) -> None:
    directory = tmp_path_factory.mktemp("history")
    model: dict[str, bool] = {}
    journal = Journal.open(directory, LANE)
    for step in steps:
        append(journal, *(_record(number, ends) for number, ends in step))
        model |= {order_id(number): ends for number, ends in step}
    live = _table(journal)
    assert live == sorted(name for name, ends in model.items() if not ends)
    journal._connection.execute("DELETE FROM unfinished").fetchall()
    journal.rebuild_unfinished()
    assert _table(journal) == live
    journal.close()
    assert verify(directory) == []


def _record(number: int, ends: bool) -> object:
    name = order_id(number)
    return OrderSettled(name) if ends else SaleCancelled(name, "cashier")


def _table(journal: Journal) -> list[str]:
    rows = journal._connection.execute("SELECT * FROM unfinished ORDER BY order_id").fetchall()
    return [row[0] for row in rows]


# ---- start and upkeep ------------------------------------------------------------------------


def test_start_verifies_only_what_follows_the_last_checkpoint(tmp_path: Path) -> None:
    write(tmp_path, [started()] * (CHECKPOINT_EVERY + 1))
    tamper(tmp_path, "UPDATE record SET actor = 'me' WHERE seq = 5")
    Journal.open(tmp_path, LANE).close()
    assert [finding.seq for finding in verify(tmp_path)] == [5]


def test_checkpoints_are_written_within_a_batch_that_crosses_one(tmp_path: Path) -> None:
    write(tmp_path, [started()] * (2 * CHECKPOINT_EVERY + 5))
    connection = apsw.Connection(str(tmp_path / "journal.db"))
    rows = connection.execute("SELECT seq FROM checkpoint").fetchall()
    connection.close()
    assert rows == [(CHECKPOINT_EVERY,), (2 * CHECKPOINT_EVERY,)]


def test_maintain_empties_the_wal_so_that_the_next_records_use_it_again(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path, LANE)
    sizes = []
    for number in range(30):
        append(journal, *paid(number))
        journal.maintain()
        sizes.append((tmp_path / "journal.db-wal").stat().st_size)
    journal.close()
    assert max(sizes[10:]) <= 3 * sizes[0]
    assert verify(tmp_path) == []


def test_without_maintain_the_wal_is_bounded_all_the_same(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path, LANE)
    long = opened(1, cashier="x" * 1_000_000)
    for number in range(40):
        append(journal, opened(number, cashier=long.cashier))
    size = (tmp_path / "journal.db-wal").stat().st_size
    journal.close()
    assert size < 20 * 1024 * 1024


def test_maintain_does_not_wait_for_a_reader_in_the_middle_of_its_question(
    tmp_path: Path, journal: Journal
) -> None:
    append(journal, opened(1), sent(1))
    with JournalReader(tmp_path) as reader:
        cursor = reader._connection.execute("SELECT seq FROM record")
        assert next(cursor) == (1,)
        journal.maintain()
        assert append(journal, opened(2)) == 3
        assert cursor.fetchall() == [(2,)]


def test_a_clean_end_leaves_one_database_file(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    kinds = Counter(path.suffix for path in tmp_path.iterdir())
    assert kinds == {".db": 1, ".lock": 1, ".ballast": 1}


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path, LANE)
    journal.close()
    journal.close()
