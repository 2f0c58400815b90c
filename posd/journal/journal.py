"""The writer: the one place where something becomes true.

Rule: when `append` returns, its records are on the disk, all of them, after all earlier ones; when
it raises, the caller ends the process and starts again from what the file says.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import apsw

from posd.core.instant import Instant
from posd.core.records import Record
from posd.journal import database
from posd.journal.admission import check_identity, check_known, check_present
from posd.journal.chain import Entry, Epoch, Head, Walk, epoch_head, seal
from posd.journal.codec import encode
from posd.journal.database import CHECKPOINT_EVERY
from posd.journal.errors import (
    JournalDiskFull,
    JournalError,
    JournalFailed,
    damaged,
    is_full,
    translated,
)
from posd.journal.identity import LaneIdentity, owned
from posd.journal.lock import WriterLock
from posd.journal.lookups import REBUILD_UNFINISHED, Lookups
from posd.journal.space import Ballast

LOCK_NAME = "journal.lock"
BALLAST_NAME = "journal.ballast"

_NEWEST_CHECKPOINT = "SELECT seq, hash FROM checkpoint ORDER BY seq DESC LIMIT 1"
_RECORD_AT = "SELECT epoch, hash FROM record WHERE seq = ?"


class Journal(Lookups):
    """The open journal of one lane; owned by one thread, closed with `close`."""

    @classmethod
    def open(cls, directory: Path, identity: LaneIdentity, *, sent: Sequence[str] = ()) -> Journal:
        """Open the journal of `directory`, or make it on first use (0700 and 0600).

        `sent` are the order ids of the sent log, which the journal must know. Raises JournalHeld,
        JournalTooNew, JournalForeign, JournalBehind, JournalDamaged, JournalUnwritable,
        JournalDiskFull, JournalFailed, or JournalError for a setting of SQLite that does not hold.
        """
        of_this_lane = owned([identity], sent)
        with ExitStack() as refused:
            lock = lock_directory(directory)
            refused.callback(lock.release)
            check_present(directory / database.DATABASE_NAME, of_this_lane)
            journal = cls(directory, identity, lock)
            refused.callback(journal._give_up)
            check_identity(journal._path, journal.identity(), identity)
            check_known(journal._path, journal, of_this_lane)
            journal._ballast.fill()
            refused.pop_all()
        return journal

    def __init__(self, directory: Path, identity: LaneIdentity, lock: WriterLock) -> None:
        """Open whoever's journal it is, for `open` and for an adoption; `lock` becomes its own.

        One that is not there is made, for `identity`.
        """
        self._lock = lock
        self._ballast = Ballast(directory / BALLAST_NAME)
        self._failed: str | None = None
        path = directory / database.DATABASE_NAME
        try:
            super().__init__(path, _opened(path, identity))
        except JournalDiskFull:
            self._ballast.release()
            super().__init__(path, _opened(path, identity))
        try:
            self._epoch = self.epoch()
            self._head = self._verified_head()
        except BaseException:
            self._give_up()
            raise

    def begin_epoch(self, identity: LaneIdentity, reason: str) -> Epoch:
        """Begin a new history here, which is `identity`'s from now on; raises JournalError.

        For a file that was restored, copied or mended: so its records can be told from those that
        another copy of it may go on to write under the same numbers.
        """
        number = self._epoch.epoch + 1
        epoch = database.new_epoch(identity, number=number, parent=self._head, reason=reason)
        with translated(self._path), self._connection:
            database.insert_epoch(self._connection, epoch)
        self._epoch, self._head = epoch, epoch_head(epoch)
        return epoch

    def append(
        self, records: Sequence[Record], *, at: Instant, boot_id: str, actor: str = ""
    ) -> int:
        """Write the records in one flushed transaction; returns the seq of the last one.

        Raises JournalFailed, and from then on always. A full database frees the ballast and
        writes the same transaction once more; nothing else is ever repeated.
        """
        if self._failed is not None:
            raise JournalFailed(self._failed)
        try:
            rows = self._sealed(records, at, boot_id, actor)
            self._write_or_make_room(rows)
        except (apsw.Error, OSError, UnicodeEncodeError) as error:
            self._failed = (
                f"{self._path} did not take {' '.join(type(r).__name__ for r in records)} after"
                f" record {self._head.seq} ({type(error).__name__}: {error});"
                " posd ends and starts again from what the file holds; if this comes again, look at"
                " the disk and run `posd journal verify`"
            )
            raise JournalFailed(self._failed) from error
        if rows:
            self._head = Head(rows[-1].seq, rows[-1].hash)
        return self._head.seq

    def maintain(self) -> None:
        """Empty the WAL into the database and refill the ballast; for idle moments.

        Takes milliseconds, more on a slow card, and never waits for a reader. Raises
        JournalFailed.
        """
        try:
            if not self._emptied():
                self._ballast.release()
                self._emptied()  # if not even now: nothing is lost, and the next append tells
            elif not self._ballast.held:
                self._ballast.fill()
        except (apsw.Error, OSError) as error:
            self._failed = f"{self._path}: its WAL cannot be emptied ({error}); look at the disk"
            raise JournalFailed(self._failed) from error

    def _emptied(self) -> bool:
        """False if the disk is too full for it."""
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.Error as error:
            if not is_full(error):
                raise
            return False
        return True

    def rebuild_unfinished(self) -> None:
        """Make the table of unfinished orders anew from the records; raises JournalError."""
        with translated(self._path), self._connection:
            self._connection.execute(REBUILD_UNFINISHED).fetchall()

    def close(self) -> None:
        """Let go of the file and of the lock; safe to repeat.

        Raises JournalFailed or JournalUnwritable where the WAL could not be emptied: what was
        written is there all the same.
        """
        try:
            with translated(self._path):
                self._connection.close()
        finally:
            self._lock.release()

    def _give_up(self) -> None:
        with suppress(JournalError):  # what went wrong before is what is told
            self.close()

    def _sealed(
        self, records: Sequence[Record], at: Instant, boot_id: str, actor: str
    ) -> list[Entry]:
        head = self._head
        rows: list[Entry] = []
        for record in records:
            kind, version, body = encode(record)
            columns = (
                self._epoch.epoch,
                head.seq + 1,
                getattr(record, "order_id", None),
                kind,
                version,
                body.decode(),
                at.wall_ms,
                at.boot_ns,
                boot_id,
                None,
                actor,
            )
            prev_hash = head.hash
            head = Head(head.seq + 1, seal(columns, prev_hash))
            rows.append(Entry(*columns, prev_hash, head.hash))
        return rows

    def _write_or_make_room(self, rows: list[Entry]) -> None:
        try:
            self._write(rows)
        except apsw.Error as error:
            if not is_full(error) or not self._ballast.held:
                raise
            self._ballast.release()
            self._write(rows)

    def _write(self, rows: list[Entry]) -> None:
        if not rows:
            return
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        try:
            database.insert_records(self._connection, rows)
            run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                run("ROLLBACK")
            raise

    def _verified_head(self) -> Head:
        walk = self._from_checkpoint()
        while entries := self.entries(walk.head.seq, CHECKPOINT_EVERY):
            for entry in entries:
                if what := walk.follow(entry):
                    raise damaged(self._path, f"record {entry.seq}: {what}")
        if what := walk.finish():
            raise damaged(self._path, what)
        return walk.head

    def _from_checkpoint(self) -> Walk:
        epochs = self.epochs()
        rows = self._rows(_NEWEST_CHECKPOINT)
        if not rows:
            return Walk(epochs)
        head = Head(*rows[0])
        found = self._rows(_RECORD_AT, head.seq)
        if not found or found[0][1] != head.hash:
            raise damaged(self._path, f"record {head.seq} is not the one of the checkpoint")
        return Walk(epochs, found[0][0], head)


def lock_directory(directory: Path) -> WriterLock:
    """Make the directory if need be, and be its one writer; raises JournalError."""
    with translated(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return WriterLock(directory / LOCK_NAME)


def _opened(path: Path, identity: LaneIdentity) -> apsw.Connection:
    if not path.exists():
        database.create(path, database.first_epoch(identity))
    return database.open_writer(path)
