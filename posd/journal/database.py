"""The SQLite file: made once, opened with settings that are read back, known by its marks.

Rule: a journal.db that is there is never replaced. It is made under another name and renamed when
it is complete, so that one without its tables is damaged, not new.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import apsw

from posd.journal.chain import BEFORE_THE_FIRST, Entry, Epoch, Head
from posd.journal.errors import JournalAbsent, JournalError, JournalTooNew, damaged, translated
from posd.journal.identity import LaneIdentity

DATABASE_NAME = "journal.db"
SCHEMA_VERSION = 1
APPLICATION_ID = 0x706F7364  # "posd"
BUSY_MS = 5000  # only another program's recovery or checkpoint can make us wait

# The WAL is emptied by Journal.maintain; these only bound it when nobody calls that.
WAL_PAGES = 4096
WAL_BYTES = 16 * 1024 * 1024

CHECKPOINT_EVERY = 1000  # records that start has to verify, at most
_INSERT = f"INSERT INTO record VALUES ({', '.join('?' * len(Entry._fields))})"

_EVERYONE: dict[str, int | str] = {
    "trusted_schema": 0,
    "cell_size_check": 1,
    "foreign_keys": 1,
    "temp_store": 2,  # in memory: no file but ours
}
_WRITER: dict[str, int | str] = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: the WAL is flushed at each commit
    "recursive_triggers": 1,  # or REPLACE would delete a record past its trigger
    "wal_autocheckpoint": WAL_PAGES,
    "journal_size_limit": WAL_BYTES,
}
_GUARDS = (apsw.SQLITE_DBCONFIG_DEFENSIVE, apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER)


def create(path: Path, epoch: Epoch) -> None:
    """Make a journal with its first epoch; raises JournalUnwritable or JournalDiskFull."""
    draft = path.with_name(path.name + ".new")
    with translated(path):
        for leftover in (draft, draft.with_name(draft.name + "-journal")):
            leftover.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        _fill(draft, epoch)
        draft.rename(path)
        sync_directory(path.parent)


def new_epoch(identity: LaneIdentity, *, number: int, parent: Head, reason: str) -> Epoch:
    """The epoch that begins now, after the record `parent`."""
    now_ms = time.time_ns() // 1_000_000
    name = secrets.token_hex(16)
    owner = (identity.store_id, identity.lane_id, identity.machine_id)
    return Epoch(number, name, parent.seq, parent.hash, *owner, now_ms, reason)


def first_epoch(identity: LaneIdentity) -> Epoch:
    """The epoch that begins now, without a parent."""
    return new_epoch(identity, number=1, parent=BEFORE_THE_FIRST, reason="")


def insert_epoch(connection: apsw.Connection, epoch: Epoch) -> None:
    """Write the row, in the caller's transaction or in one of its own."""
    marks = ", ".join("?" * len(epoch))
    connection.execute(f"INSERT INTO epoch VALUES ({marks})", epoch).fetchall()


def open_writer(path: Path) -> apsw.Connection:
    """A connection that may write; its file is ours and complete. Raises any JournalError."""
    with translated(path):
        connection = _opened(path, apsw.SQLITE_OPEN_READWRITE, {**_EVERYONE, **_WRITER})
        try:
            _check_schema(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def open_reader(path: Path) -> apsw.Connection:
    """A connection that cannot write and does not lock the writer out.

    On a medium that cannot be written either, records that are only in a WAL are seen where its
    -shm is there too.
    """
    if not path.exists():
        raise JournalAbsent(f"there is no journal at {path}; name the state directory posd uses")
    settings = {**_EVERYONE, "query_only": 1}
    with translated(path):
        if _lies_still(path):  # SQLite would want to make a -shm beside it
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            return _opened(f"{path.resolve().as_uri()}?immutable=1", flags, settings)
        return _opened(path, apsw.SQLITE_OPEN_READONLY, settings)


def _lies_still(path: Path) -> bool:
    """Whether nobody writes it: no WAL, and no right to make one."""
    wal = path.with_name(path.name + "-wal")
    return not wal.exists() and not os.access(path.parent, os.W_OK)


def insert_records(connection: apsw.Connection, rows: Sequence[Entry]) -> None:
    """Write the rows and the checkpoints that are due with them, in the caller's transaction."""
    connection.executemany(_INSERT, rows)
    due = [(row.seq, row.hash) for row in rows if row.seq % CHECKPOINT_EVERY == 0]
    connection.executemany("INSERT INTO checkpoint VALUES (?, ?)", due)


def sync_directory(directory: Path) -> None:
    """Make a new or renamed name in `directory` durable; raises OSError."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def schema_faults(connection: apsw.Connection) -> list[str]:
    """The names of tables, indexes and triggers that are missing or not as schema.sql has them."""
    found, wanted = _schema_of(connection), _true_schema()
    return sorted(name for name in wanted if found.get(name) != wanted[name])


def _schema_of(connection: apsw.Connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {str(name): str(sql) for name, sql in rows}


@cache
def _true_schema() -> dict[str, str]:
    memory = apsw.Connection(":memory:")
    try:
        _consume(memory, _schema_sql())
        return _schema_of(memory)
    finally:
        memory.close()


def _fill(draft: Path, epoch: Epoch) -> None:
    connection = apsw.Connection(str(draft), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        _consume(connection, f"PRAGMA application_id = {APPLICATION_ID}")
        _consume(
            connection, f"BEGIN; {_schema_sql()} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT"
        )
        insert_epoch(connection, epoch)
        _consume(connection, "PRAGMA journal_mode = wal")
    finally:
        connection.close()


def _schema_sql() -> str:
    return resources.files(__package__).joinpath("schema.sql").read_text("utf-8")


def _consume(connection: apsw.Connection, sql: str) -> None:
    # apsw runs statements as their rows are fetched: without this, none of them would run.
    connection.execute(sql).fetchall()


def _opened(path: Path | str, flags: int, pragmas: dict[str, int | str]) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=flags)
    try:
        connection.set_busy_timeout(BUSY_MS)
        _check_marks(connection, path)
        _check_writable(connection, flags)
        _guard(connection, path)
        _set(connection, path, pragmas)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_marks(connection: apsw.Connection, path: Path | str) -> None:
    if connection.pragma("application_id") != APPLICATION_ID:
        raise damaged(path, "it does not bear the mark of a posd journal")
    version = connection.pragma("user_version")
    if version > SCHEMA_VERSION:
        raise JournalTooNew(
            f"{path} has schema version {version}, this posd knows {SCHEMA_VERSION};"
            f" install a posd that knows schema version {version}"
        )
    if version != SCHEMA_VERSION:
        raise damaged(path, f"it has schema version {version}, which no posd has written")


def _check_writable(connection: apsw.Connection, flags: int) -> None:
    # SQLite falls back to reading in silence.
    if flags == apsw.SQLITE_OPEN_READWRITE and connection.readonly("main"):
        raise apsw.ReadOnlyError("the file opens for reading only")


def _guard(connection: apsw.Connection, path: Path | str) -> None:
    for guard in _GUARDS:
        if connection.config(guard, 1) != 1:
            raise JournalError(f"{path}: SQLite does not take the setting {guard}; do not sell")


def _set(connection: apsw.Connection, path: Path | str, pragmas: dict[str, int | str]) -> None:
    for name, wanted in pragmas.items():
        connection.pragma(name, wanted)
        found = connection.pragma(name)
        if found != wanted:
            raise JournalError(
                f"{path}: PRAGMA {name} is {found} and must be {wanted}; do not sell with this"
                " SQLite or on this medium"
            )


def _check_schema(connection: apsw.Connection, path: Path) -> None:
    if wrong := schema_faults(connection):
        raise damaged(path, f"{', '.join(wrong)} missing or changed")
