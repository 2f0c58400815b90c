from __future__ import annotations

from pathlib import Path

import pytest

from posd.core.records import PaySent
from posd.journal import lookups
from posd.journal.errors import JournalAbsent, JournalDamaged
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader

from .samples import AT, BOOT, opened, order_id, paid, sent, tamper, write


@pytest.fixture
def reader(tmp_path: Path) -> JournalReader:
    write(tmp_path, paid(1), paid(2), [opened(3, reference="basket-1")])
    with JournalReader(tmp_path) as reader:
        yield reader


def test_a_key_names_its_order_for_ever(reader: JournalReader) -> None:
    assert reader.order_of_key("fingerprint-2") == order_id(2)
    assert reader.order_of_key("fingerprint-3") is None


def test_an_idempotency_key_names_its_order_and_the_body_it_came_with(
    reader: JournalReader,
) -> None:
    assert reader.order_of_idempotency_key("key-2") == (order_id(2), f"{2:064x}")
    assert reader.order_of_idempotency_key("key-9") is None


def test_a_missing_idempotency_key_names_no_order(tmp_path: Path) -> None:
    write(tmp_path, [opened(1, idempotency_key="")])
    with JournalReader(tmp_path) as reader:
        assert reader.order_of_idempotency_key("") is None


def test_a_reference_names_all_its_orders_oldest_first(reader: JournalReader) -> None:
    assert reader.orders_of_reference("basket-1") == [order_id(1), order_id(3)]
    assert reader.orders_of_reference("basket-3") == []


def test_a_sale_and_a_receipt_number_name_their_order(reader: JournalReader) -> None:
    assert reader.order_of_sale("sale-3") == order_id(3)
    assert reader.order_of_receipt("R00000001") == order_id(1)
    assert reader.order_of_sale("sale-9") is None
    assert reader.order_of_receipt("R00000009") is None


def test_recent_orders_are_the_last_opened_newest_first(reader: JournalReader) -> None:
    assert reader.recent_orders(2) == [order_id(3), order_id(2)]
    assert len(reader.recent_orders(50)) == 3


def test_an_order_has_all_its_records_and_a_stranger_none(reader: JournalReader) -> None:
    assert [record for _, record in reader.order(order_id(2))] == paid(2)
    assert [entry.seq for entry in reader.entries_of(order_id(2))] == list(range(9, 17))
    assert reader.order("nobody") == []


def test_entries_are_paged_by_seq(reader: JournalReader) -> None:
    assert [entry.seq for entry in reader.entries(3, 2)] == [4, 5]
    assert reader.entries(17, 10) == []


def test_a_lookup_does_not_take_text_for_sql_or_for_a_path(reader: JournalReader) -> None:
    assert reader.order_of_key("' OR 1=1 --") is None


def test_the_writer_answers_the_same_questions(journal: Journal) -> None:
    journal.append([opened(1), sent(1)], at=AT, boot_id=BOOT)
    assert journal.order_of_key("fingerprint-1") == journal.order_of_sale("sale-1") == order_id(1)


QUESTIONS = {
    name: sql
    for name, sql in vars(lookups).items()
    if name.isupper() and name[0] != "_" and name != "REBUILD_UNFINISHED"
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_reads_the_records_from_end_to_end(reader: JournalReader, name: str) -> None:
    sql = QUESTIONS[name]
    values = [1] * (1 if "?1" in sql else sql.count("?"))
    plan = reader._connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    scans = [row[3] for row in plan if row[3].startswith("SCAN record") and "INDEX" not in row[3]]
    # The newest record is the first row of a backward scan: LIMIT 1 ends it there.
    assert scans == (["SCAN record"] if name == "NEWEST" else [])


def test_a_reader_sees_each_commit_and_never_half_of_one(tmp_path: Path, journal: Journal) -> None:
    with JournalReader(tmp_path) as reader:
        assert reader.head().seq == 0
        journal.append(paid(1), at=AT, boot_id=BOOT)
        assert reader.head() == journal.head()
        assert len(reader.order(order_id(1))) == 8


def test_a_reader_cannot_write(reader: JournalReader) -> None:
    with pytest.raises(Exception, match="readonly"):
        reader._connection.execute("DELETE FROM unfinished").fetchall()


def test_a_reader_needs_a_journal_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(JournalAbsent, match="no journal at"):
        JournalReader(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_body_that_cannot_be_read_is_damage_at_its_record(tmp_path: Path) -> None:
    write(tmp_path, [opened(1)])
    tamper(tmp_path, "UPDATE record SET body = '{}'")
    with JournalReader(tmp_path) as reader, pytest.raises(JournalDamaged, match="record 1: "):
        reader.order(order_id(1))


def test_records_are_what_the_core_has_written(reader: JournalReader) -> None:
    assert isinstance(reader.order(order_id(1))[1][1], PaySent)
