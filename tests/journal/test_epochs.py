"""Several histories in one file: a restore, a clone or a repair begins a new one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from posd.core.records import Record
from posd.journal.chain import epoch_head
from posd.journal.errors import JournalDamaged, JournalForeign
from posd.journal.identity import LaneIdentity
from posd.journal.journal import CHECKPOINT_EVERY, Journal
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

from .samples import AT, BOOT, LANE, opened, paid, started, tamper, write

MOVED = replace(LANE, machine_id="machine-b")


def begin(directory: Path, before: LaneIdentity, after: LaneIdentity, *records: Record) -> int:
    """Begin an epoch and write into it; the last seq."""
    journal = Journal.open(directory, before)
    journal.begin_epoch(after, "moved to the new till")
    seq = journal.append(records, at=AT, boot_id=BOOT)
    journal.close()
    return seq


def test_seq_and_chain_go_on_across_epochs(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    assert begin(tmp_path, LANE, MOVED, *paid(2)) == 16
    assert begin(tmp_path, MOVED, LANE, opened(3)) == 17
    assert write(tmp_path, [started()]) == 18
    assert verify(tmp_path) == []
    with JournalReader(tmp_path) as reader:
        assert [entry.epoch for entry in reader.entries(7, 11)] == [1, *[2] * 8, 3, 3]
        parents = [(epoch.parent_seq, epoch.parent_hash) for epoch in reader.epochs()]
        heads = [(0, b""), *((row.seq, row.hash) for row in reader.entries(0, -1))]
    assert parents == [heads[0], heads[8], heads[16]]


def test_an_epoch_says_whose_it_is_and_why_it_began(tmp_path: Path) -> None:
    write(tmp_path, [started()])
    begin(tmp_path, LANE, MOVED)
    with JournalReader(tmp_path) as reader:
        first, second = reader.epochs()
        assert reader.identity() == MOVED
    assert (first.reason, second.reason) == ("", "moved to the new till")
    assert first.id != second.id
    with pytest.raises(JournalForeign):
        Journal.open(tmp_path, LANE)


def test_epochs_without_a_record_are_a_chain_too(tmp_path: Path) -> None:
    for _ in range(3):
        begin(tmp_path, LANE, LANE)
    assert verify(tmp_path) == []
    with JournalReader(tmp_path) as reader:
        assert reader.head() == epoch_head(reader.epochs()[-1])
    assert begin(tmp_path, LANE, LANE, started()) == 1
    assert verify(tmp_path) == []
    with JournalReader(tmp_path) as reader:
        assert reader.head().hash == reader.entries(0, 1)[0].hash


def test_start_verifies_from_a_checkpoint_of_an_earlier_epoch(tmp_path: Path) -> None:
    write(tmp_path, [started()] * (CHECKPOINT_EVERY + 1))
    begin(tmp_path, LANE, MOVED, started())
    begin(tmp_path, MOVED, LANE)
    assert write(tmp_path, [started()]) == CHECKPOINT_EVERY + 3
    assert verify(tmp_path) == []


DAMAGES = {
    "another parent": ("UPDATE epoch SET parent_seq = 7 WHERE epoch = 2", "epoch 2 does not begin"),
    "another reason": ("UPDATE epoch SET reason = '' WHERE epoch = 2", "record 9: .* not seal"),
    "a lost epoch": (
        "PRAGMA foreign_keys = OFF; DELETE FROM epoch WHERE epoch = 2",
        "epoch 3 does not begin|record 9",
    ),
    "an epoch nobody began": (
        "INSERT INTO epoch SELECT 4, 'x', 3, parent_hash, store_id, lane_id, machine_id, 0, ''"
        " FROM epoch WHERE epoch = 3",
        "epoch 4 does not begin where the one before it ends",
    ),
    "a record of an epoch that is over": (
        "UPDATE record SET epoch = 1 WHERE seq = 17",
        "record 17: it does not seal",
    ),
}


@pytest.mark.parametrize(("sql", "says"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_forged_epoch_is_named_at_open_and_found_by_verify(
    tmp_path: Path, sql: str, says: str
) -> None:
    write(tmp_path, paid(1))
    begin(tmp_path, LANE, MOVED, *paid(2))
    begin(tmp_path, MOVED, LANE, started())
    tamper(tmp_path, sql)
    with pytest.raises(JournalDamaged, match=says):
        Journal.open(tmp_path, LANE)
    assert verify(tmp_path) != []
