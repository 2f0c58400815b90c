"""What open says to every file, directory and lane that it should not write to."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from posd.journal import database
from posd.journal.errors import (
    JournalDamaged,
    JournalDiskFull,
    JournalError,
    JournalForeign,
    JournalHeld,
    JournalTooNew,
    JournalUnwritable,
    translated,
)
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

from .samples import LANE, opened, paid, started, tamper, write

SETTINGS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "foreign_keys": 1,
    "recursive_triggers": 1,
}


def refused(directory: Path, error: type[JournalError], match: str) -> JournalError:
    with pytest.raises(error, match=match) as caught:
        Journal.open(directory, LANE)
    assert str(directory) in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", SETTINGS)
def test_the_writer_has_every_setting(journal: Journal, name: str) -> None:
    assert journal._connection.pragma(name) == SETTINGS[name]


def test_the_writer_and_the_reader_are_defensive(tmp_path: Path, journal: Journal) -> None:
    with JournalReader(tmp_path) as reader:
        for connection in (journal._connection, reader._connection):
            assert connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, -1) == 1


def test_a_setting_that_does_not_hold_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._WRITER, "synchronous", 7)
    error = refused(tmp_path, JournalError, "PRAGMA synchronous is 3 and must be 7|must be 7")
    assert error.exit_code == 70


@pytest.mark.parametrize("field", ["store_id", "lane_id", "machine_id"])
def test_the_journal_of_another_lane_or_machine_is_refused(tmp_path: Path, field: str) -> None:
    write(tmp_path, [started()])
    with pytest.raises(JournalForeign, match=r"belongs to store S001 lane L01 .* other") as caught:
        Journal.open(tmp_path, replace(LANE, **{field: "other"}))
    assert caught.value.exit_code == 78
    assert verify(tmp_path) == []


def test_a_newer_schema_is_refused_by_its_number(tmp_path: Path) -> None:
    write(tmp_path, [started()])
    tamper(tmp_path, "PRAGMA user_version = 7")
    error = refused(tmp_path, JournalTooNew, "a posd that knows schema version 7")
    assert error.exit_code == 78


def test_a_record_of_a_newer_posd_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, [opened(1)])
    tamper(tmp_path, "UPDATE record SET kind = 'TipGiven'")
    with JournalReader(tmp_path) as reader, pytest.raises(JournalTooNew, match="TipGiven"):
        reader.order(opened(1).order_id)


def test_a_refused_open_lets_go_of_the_lock(tmp_path: Path) -> None:
    write(tmp_path, [started()])
    with pytest.raises(JournalForeign):
        Journal.open(tmp_path, replace(LANE, lane_id="L02"))
    Journal.open(tmp_path, LANE).close()


# ---- damage: never a silent new journal ------------------------------------------------------


def test_an_empty_database_file_is_damage_not_a_new_journal(tmp_path: Path) -> None:
    (tmp_path / "journal.db").touch()
    error = refused(tmp_path, JournalDamaged, r"mark of a posd journal.*`posd journal verify`")
    assert error.exit_code == 70
    assert (tmp_path / "journal.db").stat().st_size == 0


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"not a database, but long enough to be read " * 200)
    refused(tmp_path, JournalDamaged, "NotADB")


def test_a_database_of_another_program_is_damage(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "journal.db"))
    connection.execute("CREATE TABLE record (seq)").fetchall()
    connection.close()
    refused(tmp_path, JournalDamaged, "mark of a posd journal")


def test_a_wal_without_its_database_is_damage(tmp_path: Path) -> None:
    (tmp_path / "journal.db-wal").write_bytes(b"frames")
    refused(tmp_path, JournalDamaged, "journal.db-wal is there with records")
    assert not (tmp_path / "journal.db").exists()


def test_a_half_made_journal_of_a_crash_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "journal.db.new").write_bytes(b"half")
    write(tmp_path, paid(1))
    assert verify(tmp_path) == []


DAMAGES = {
    "a changed column": ("UPDATE record SET actor = 'me' WHERE seq = 3", "record 3: its hash"),
    "a changed body": ("UPDATE record SET body = body || ' ' WHERE seq = 2", "record 2: its hash"),
    "a gap": ("DELETE FROM record WHERE seq = 4", "record 5: seq 5 follows 3"),
    "another predecessor": (
        "UPDATE record SET prev_hash = zeroblob(32) WHERE seq = 2",
        "record 2: it does not seal",
    ),
    "another epoch": ("UPDATE epoch SET id = 'x'", "record 1: it does not seal"),
    "no epoch": ("PRAGMA foreign_keys = OFF; DELETE FROM epoch", "no epoch"),
    "a lost end": (
        "INSERT INTO checkpoint VALUES (99, zeroblob(32))",
        "record 99 is not the one of the checkpoint",
    ),
    "a lost trigger": ("DROP TRIGGER record_is_never_changed", "record_is_never_changed missing"),
    "a lost index": ("DROP INDEX one_order_per_key", "one_order_per_key missing"),
    "an older schema number": ("PRAGMA user_version = 0", "schema version 0"),
}


@pytest.mark.parametrize(("sql", "says"), DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_named_at_open_and_found_by_verify(tmp_path: Path, sql: str, says: str) -> None:
    write(tmp_path, paid(1))
    tamper(tmp_path, sql)
    before = (tmp_path / "journal.db").read_bytes()
    refused(tmp_path, JournalDamaged, says)
    assert verify(tmp_path) != []
    assert (tmp_path / "journal.db").read_bytes() == before


# ---- what the system refuses -----------------------------------------------------------------


def test_a_directory_that_may_not_be_written_is_a_matter_of_permission(plain_user: Path) -> None:
    plain_user.chmod(0o500)
    error = refused(plain_user, JournalUnwritable, "check its owner, mode and medium")
    assert error.exit_code == 77


def test_a_directory_that_may_not_be_made_is_a_matter_of_permission(plain_user: Path) -> None:
    plain_user.chmod(0o500)
    refused(plain_user / "L01", JournalUnwritable, "Permission denied")


def test_a_database_that_may_only_be_read_is_not_opened_in_silence(plain_user: Path) -> None:
    write(plain_user, [started()])
    (plain_user / "journal.db").chmod(0o400)
    refused(plain_user, JournalUnwritable, "reading only")


def test_a_file_in_the_place_of_the_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    refused(tmp_path / "state", JournalUnwritable, "File exists")


def test_another_program_that_has_the_database_locked_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 1)
    write(tmp_path, [started()])
    shell = apsw.Connection(str(tmp_path / "journal.db"))
    shell.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT").fetchall()
    shell.execute("BEGIN EXCLUSIVE").fetchall()
    refused(tmp_path, JournalHeld, "a program other than posd")
    shell.close()


@pytest.mark.parametrize(
    ("number", "error", "exit_code"),
    [
        (errno.EROFS, JournalUnwritable, 77),
        (errno.EACCES, JournalUnwritable, 77),
        (errno.ENOSPC, JournalDiskFull, 70),
        (errno.EDQUOT, JournalDiskFull, 70),
    ],
)
def test_each_answer_of_the_system_has_its_error(
    tmp_path: Path, number: int, error: type[JournalError], exit_code: int
) -> None:
    with pytest.raises(error) as caught, translated(tmp_path):
        raise OSError(number, os.strerror(number))
    assert caught.value.exit_code == exit_code
