"""Each foreign failure has one error of ours, and each error one exit code."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import apsw
import pytest

from posd.journal import errors
from posd.journal.errors import (
    JournalDamaged,
    JournalDiskFull,
    JournalError,
    JournalFailed,
    JournalHeld,
    JournalUnwritable,
    is_full,
    translated,
)

PATH = Path("/state/journal.db")
TREE = dict(re.findall(r"── (\w+) +(\d+)  ", errors.__doc__ or ""))


def raised(foreign: Exception) -> JournalError:
    with pytest.raises(JournalError) as caught, translated(PATH):
        raise foreign
    assert caught.value.__cause__ is foreign
    assert str(PATH) in str(caught.value)
    return caught.value


def test_the_tree_at_the_top_of_the_module_names_all_and_tells_their_exit_codes() -> None:
    kinds = {
        name: str(kind.exit_code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, JournalError) and kind is not JournalError
    }
    assert kinds == TREE


def test_a_setting_that_does_not_hold_lets_systemd_try_again() -> None:
    assert JournalError.exit_code == 70


FOREIGN = {
    "a full disk": (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), JournalDiskFull),
    "a full quota": (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), JournalDiskFull),
    "no permission": (PermissionError(errno.EACCES, "Permission denied"), JournalUnwritable),
    "a broken text": (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), JournalDamaged),
    "a full database": (apsw.FullError("full"), JournalDiskFull),
    "a file to be read only": (apsw.ReadOnlyError("read only"), JournalUnwritable),
    "a file that does not open": (apsw.CantOpenError("cannot open"), JournalUnwritable),
    "a file that may not be opened": (apsw.PermissionsError("no"), JournalUnwritable),
    "a busy database": (apsw.BusyError("busy"), JournalHeld),
    "a locked table": (apsw.LockedError("locked"), JournalHeld),
    "an I/O error": (apsw.IOError("disk I/O error"), JournalFailed),
    "a corrupt page": (apsw.CorruptError("malformed"), JournalDamaged),
    "no database": (apsw.NotADBError("not a database"), JournalDamaged),
    "anything else of SQLite": (apsw.SQLError("no such table"), JournalDamaged),
}


@pytest.mark.parametrize(("foreign", "ours"), FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_failure_has_one_error_of_ours(foreign: Exception, ours: type) -> None:
    assert type(raised(foreign)) is ours


def test_shared_memory_that_cannot_grow_is_a_full_disk() -> None:
    cramped = apsw.IOError("disk I/O error")
    cramped.extendedresult = apsw.SQLITE_IOERR_SHMSIZE
    assert is_full(cramped)
    assert type(raised(cramped)) is JournalDiskFull


def test_other_io_errors_are_no_full_disk() -> None:
    broken = apsw.IOError("disk I/O error")
    broken.extendedresult = apsw.SQLITE_IOERR_FSYNC
    assert not is_full(broken)
    assert not is_full(apsw.BusyError("busy"))


def test_what_goes_well_is_left_alone_and_errors_of_ours_are_not_translated_again() -> None:
    with translated(PATH):
        pass
    ours = JournalHeld("held")
    with pytest.raises(JournalHeld) as caught, translated(PATH):
        raise ours
    assert caught.value is ours
