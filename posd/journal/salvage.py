"""What still reads of a damaged journal, in a new file, and the damaged files kept beside it.

Rule: the damaged database and its WAL keep their content under new names before anything goes, and
`Journal.open` refuses whatever lies there from the first step to the last. A salvage that was cut
off is begun again, or brought to its end, by the next one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import apsw

from posd.journal import database
from posd.journal.admission import SALVAGED_NAME
from posd.journal.chain import Entry, Epoch, Walk
from posd.journal.errors import JournalDamaged, JournalFailed, translated
from posd.journal.lookups import AFTER, Lookups

_ASIDE = "journal-damaged-{stamp}.db"
_BUILDING_NAME = "journal.db.salvaging"


@dataclass(frozen=True, slots=True)
class Salvage:
    """`kept` records are in the new file; `breach` says why no more, empty where all of them are.

    `aside` is the damaged database, its WAL beside it with `-wal` added.
    """

    aside: Path
    kept: int
    breach: str


def salvage(path: Path, stamp: str) -> Salvage:
    """Put a journal of what reads in the place of the damaged one at `path`.

    Everything up to the first record that does not follow is kept, seals and all. `stamp` names
    the files that are put aside. The caller holds the lock. Where not even the first epoch reads,
    there is no journal at `path` afterwards. Raises JournalTooNew, JournalUnwritable,
    JournalDiskFull or JournalFailed.
    """
    aside = path.with_name(_ASIDE.format(stamp=stamp))
    with translated(path):
        if path.exists() or not path.with_name(SALVAGED_NAME).exists():
            _keep(path, aside)
            found = Salvage(aside, *_rebuilt(aside, path.with_name(SALVAGED_NAME)))
        else:
            found = Salvage(aside, 0, "an earlier salvage is brought to its end")
        _put_in_place(path)
    return found


def _keep(path: Path, aside: Path) -> None:
    for suffix in ("", "-wal"):
        with suppress(FileNotFoundError):
            os.link(f"{path}{suffix}", f"{aside}{suffix}")
    database.sync_directory(path.parent)


def _put_in_place(path: Path) -> None:
    # The database goes first: a WAL without one is refused, and one beside a new one is not.
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        path.with_name(SALVAGED_NAME).rename(path)
    database.sync_directory(path.parent)


def _rebuilt(aside: Path, finished: Path) -> tuple[int, str]:
    finished.unlink(missing_ok=True)
    if not aside.exists():
        return 0, "there was no database"
    try:
        source = database.open_reader(aside)
    except (JournalDamaged, JournalFailed) as error:
        return 0, str(error)
    try:
        epochs = _epochs(aside, source)
        return _copied(source, epochs, finished) if epochs else (0, "not even its epoch reads")
    finally:
        _close(source)
        aside.with_name(aside.name + "-shm").unlink(missing_ok=True)


def _epochs(aside: Path, source: apsw.Connection) -> list[Epoch]:
    try:
        return Lookups(aside, source).epochs()
    except (JournalDamaged, JournalFailed):
        return []


def _copied(source: apsw.Connection, epochs: list[Epoch], finished: Path) -> tuple[int, str]:
    building = finished.with_name(_BUILDING_NAME)
    database.create(building, epochs[0])
    target = database.open_writer(building)
    try:
        target.execute("BEGIN IMMEDIATE").fetchall()
        told = _copy(_readable(source), target, epochs)
        target.execute("COMMIT").fetchall()
        # Only the database is renamed: nothing may be left in its WAL.
        target.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    finally:
        _close(target)
    building.rename(finished)
    database.sync_directory(finished.parent)
    return told


def _close(connection: apsw.Connection) -> None:
    with suppress(apsw.Error):  # what went wrong before is what is told
        connection.close()


def _copy(
    entries: Iterator[Entry | str], target: apsw.Connection, epochs: list[Epoch]
) -> tuple[int, str]:
    walk, coming, kept = Walk(epochs), deque(epochs[1:]), 0
    for entry in entries:
        if isinstance(entry, str):
            return kept, entry
        if what := walk.follow(entry):
            return kept, f"record {entry.seq}: {what}"
        try:
            while coming and coming[0].epoch <= entry.epoch:
                database.insert_epoch(target, coming.popleft())
            database.insert_records(target, [entry])
        except apsw.ConstraintError as error:
            return kept, f"record {entry.seq}: {error}"
        kept = entry.seq
    return kept, ""


def _readable(source: apsw.Connection) -> Iterator[Entry | str]:
    """The rows in order for as long as they read, then the words for what does not."""
    try:
        for row in source.execute(AFTER, (0, -1)):
            yield Entry(*row)
    except (apsw.Error, UnicodeDecodeError) as error:
        yield f"{type(error).__name__}: {error}"
