"""The file itself: how it is made, what marks it, which settings each connection has."""

from __future__ import annotations

import os
import time
from pathlib import Path

import apsw
import pytest

from posd.journal import database
from posd.journal.chain import Head
from posd.journal.database import create, first_epoch, new_epoch, open_reader, open_writer
from posd.journal.verify import verify

from .samples import LANE, paid, started, tamper, write

EVERYONE = {
    "application_id": int.from_bytes(b"posd"),
    "user_version": 1,
    "journal_mode": "wal",
    "trusted_schema": 0,
    "cell_size_check": 1,
    "foreign_keys": 1,
    "temp_store": 2,
    "busy_timeout": 5000,
}
WRITER = {
    **EVERYONE,
    "synchronous": 2,
    "recursive_triggers": 1,
    "wal_autocheckpoint": 4096,
    "journal_size_limit": 16 * 2**20,
    "query_only": 0,
}
READER = {**EVERYONE, "query_only": 1}
GUARDS = {apsw.SQLITE_DBCONFIG_DEFENSIVE: 1, apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER: 1}


@pytest.mark.parametrize(
    ("opened", "wanted"), [(open_writer, WRITER), (open_reader, READER)], ids=["writer", "reader"]
)
def test_every_connection_has_the_settings_of_its_kind(
    tmp_path: Path, opened, wanted: dict[str, object]
) -> None:
    path = tmp_path / "journal.db"
    create(path, first_epoch(LANE))
    connection = opened(path)
    try:
        assert {name: connection.pragma(name) for name in wanted} == wanted
        assert {guard: connection.config(guard, -1) for guard in GUARDS} == GUARDS
    finally:
        connection.close()


def test_of_a_thousand_records_the_last_is_a_checkpoint(tmp_path: Path) -> None:
    write(tmp_path, [started()] * 1001)
    connection = open_reader(tmp_path / "journal.db")
    try:
        assert connection.execute("SELECT seq FROM checkpoint").fetchall() == [(1000,)]
    finally:
        connection.close()


# ---- made once -------------------------------------------------------------------------------


def test_a_new_journal_has_its_name_on_the_disk_before_create_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush, flushed = os.fsync, []

    def watched(fd: int) -> None:
        flush(fd)
        flushed.append((os.readlink(f"/proc/self/fd/{fd}"), sorted(os.listdir(tmp_path))))

    monkeypatch.setattr(os, "fsync", watched)
    create(tmp_path / "journal.db", first_epoch(LANE))
    assert flushed[-1] == (str(tmp_path), ["journal.db"])


def test_whatever_a_crash_has_left_of_a_draft_is_in_nobodys_way(tmp_path: Path) -> None:
    for name in ("journal.db.new", "journal.db.new-journal"):
        (tmp_path / name).write_bytes(b"half")
    create(tmp_path / "journal.db", first_epoch(LANE))
    assert [path.name for path in tmp_path.iterdir()] == ["journal.db"]
    assert verify(tmp_path) == []


def test_only_a_directory_is_flushed_as_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        database.sync_directory(tmp_path / "file")


# ---- epochs ----------------------------------------------------------------------------------


def test_an_epoch_bears_the_time_at_which_it_began_in_milliseconds() -> None:
    before_ms = time.time_ns() // 1_000_000
    epoch = first_epoch(LANE)
    assert before_ms <= epoch.wall_utc <= time.time_ns() // 1_000_000


def test_the_first_epoch_is_number_one_and_has_no_parent() -> None:
    epoch = first_epoch(LANE)
    assert (epoch.epoch, epoch.parent_seq, epoch.parent_hash, epoch.reason) == (1, 0, b"", "")
    assert epoch.identity == LANE


def test_a_later_epoch_begins_after_its_parent_under_a_name_nobody_can_guess() -> None:
    one, other = (new_epoch(LANE, number=2, parent=Head(8, b"h"), reason="why") for _ in range(2))
    assert (one.epoch, one.parent_seq, one.parent_hash, one.reason) == (2, 8, b"h", "why")
    assert len(bytes.fromhex(one.id)) == 16
    assert one.id != other.id


# ---- what is not ours ------------------------------------------------------------------------


def test_what_was_dropped_or_changed_is_named_and_what_was_added_is_not(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    tamper(tmp_path, "DROP TRIGGER record_is_never_changed; CREATE TABLE mine (x)")
    connection = open_reader(tmp_path / "journal.db")
    try:
        assert database.schema_faults(connection) == ["record_is_never_changed"]
    finally:
        connection.close()
