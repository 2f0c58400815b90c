"""What the journal says no with; each error carries the exit code that its command ends with.

JournalError
├── JournalHeld         75  another process writes this journal
├── JournalAbsent       78  there is no journal to read here
├── JournalTooNew       78  written by a newer posd
├── JournalForeign      78  the journal of another lane or machine
├── JournalBehind       78  restored or lost: another memory names payments it does not know
├── JournalDamaged      70  the file contradicts itself; never replaced by a new one
├── JournalUnwritable   77  permission, or a read-only medium
│   └── JournalDiskFull 70  no space to open it
├── JournalFailed       70  an append did not reach the disk, or it answers with I/O errors; fatal
└── SentLogFailed       70  the second memory could not be written; the journal still holds

70 lets systemd try again, 77 and 78 wait for a person. Messages say what, where, what to do next.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})  # what a full disk, or a full quota, answers


class JournalError(Exception):
    """What all have in common; raised itself only when a setting did not hold at open."""

    exit_code = 70


class JournalHeld(JournalError):  # noqa: N818 - an answer, not a fault
    """Another process holds the writer's lock; the text names it."""

    exit_code = 75


class JournalAbsent(JournalError):  # noqa: N818
    """A reader found no journal."""

    exit_code = 78


class JournalTooNew(JournalError):  # noqa: N818
    """The file, or a record in it, comes from a newer program."""

    exit_code = 78


class JournalForeign(JournalError):  # noqa: N818
    """The file belongs to another store, lane or machine."""

    exit_code = 78


class JournalBehind(JournalError):  # noqa: N818
    """The sent log names payment requests of this lane that the journal knows nothing of."""

    exit_code = 78


class JournalDamaged(JournalError):  # noqa: N818
    """The file contradicts itself or cannot be read."""


class JournalUnwritable(JournalError):  # noqa: N818
    """The directory or its medium does not let this process write."""

    exit_code = 77


class JournalDiskFull(JournalUnwritable):
    """There is no space left to open the journal."""

    exit_code = 70


class JournalFailed(JournalError):  # noqa: N818
    """The medium failed: the caller ends the process and starts again from what the file says."""


class SentLogFailed(JournalError):  # noqa: N818
    """A line of the sent log is not on its medium."""


def damaged(path: Path | str, what: str) -> JournalDamaged:
    """The error for a journal that cannot be trusted; `what` begins in lower case."""
    return JournalDamaged(
        f"{path} is damaged: {what}; nothing was changed: keep the file, run `posd journal verify`"
    )


def is_full(error: apsw.Error) -> bool:
    """True if SQLite found no space, for the database or for the shared memory beside it."""
    # A -shm that cannot grow on a full disk comes as an I/O error.
    return isinstance(error, apsw.FullError) or (
        getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_SHMSIZE
    )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system raise for the file at `path` into the errors above."""
    try:
        yield
    except OSError as error:
        raise _from_system(path, error) from error
    except UnicodeDecodeError as error:
        raise damaged(path, f"a text in it is not UTF-8: {error}") from error
    except apsw.Error as error:
        raise _from_sqlite(path, error) from error


def _from_system(path: Path, error: OSError) -> JournalError:
    if error.errno in FULL:
        return JournalDiskFull(f"{path}: the disk is full; free some space and start again")
    return JournalUnwritable(
        f"{path} cannot be written: {error.strerror}; check its owner, mode and medium"
    )


def _from_sqlite(path: Path, error: apsw.Error) -> JournalError:
    if is_full(error):
        return JournalDiskFull(f"{path}: the disk is full; free some space and start again")
    match error:
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return JournalUnwritable(
                f"{path} cannot be written: {error}; check its owner, mode and medium"
            )
        case apsw.BusyError() | apsw.LockedError():
            return JournalHeld(
                f"{path} is locked by a program other than posd ({error}); close it and try again"
            )
        case apsw.IOError():
            return JournalFailed(
                f"{path}: the disk answers with an error ({error}); look at the disk and its"
                " cables, then start again"
            )
        case _:
            return damaged(path, f"{type(error).__name__}: {error}")
