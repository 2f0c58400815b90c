"""The n-th I/O error, for every n: in opening, making, appending, resting and closing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import apsw
import pytest

from posd.core.records import Record
from posd.journal.chain import Head
from posd.journal.errors import JournalError, JournalFailed, JournalUnwritable
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

from .disks import OPERATIONS, FailingDisk
from .samples import AT, BOOT, LANE, opened, paid, started, write

Life = list[Head]


def live(directory: Path, heads: Life) -> None:
    """Open, sell, rest, sell and close; `heads` is what was acknowledged on the way."""
    journal = Journal.open(directory, LANE)
    try:
        for records in (paid(7), paid(8), [opened(9)]):
            _append(journal, records, heads)
            journal.maintain()
        _append(journal, [started()], heads)
    finally:
        journal.close()


def _append(journal: Journal, records: list[Record], heads: Life) -> None:
    journal.append(records, at=AT, boot_id=BOOT)
    heads.append(journal.head())


def first_use(directory: Path) -> None:
    directory.mkdir()


def clean(directory: Path) -> None:
    write(directory, [started()], paid(1))


def killed(directory: Path) -> None:
    """With a WAL that was never emptied."""
    journal = Journal.open(directory, LANE)
    journal.append([started(), *paid(1)], at=AT, boot_id=BOOT)
    shutil.copytree(directory, directory.with_name("copy"))
    journal.close()
    shutil.rmtree(directory)
    directory.with_name("copy").rename(directory)
    (directory / "journal.ballast").unlink()  # each copy of it would take as long as the test


ERRORS = {"an I/O error": apsw.IOError, "a full disk": apsw.FullError}
BEFORE = {"first use": first_use, "a clean end": clean, "a kill": killed}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_nth_failure_is_told_in_its_own_words_and_loses_nothing_that_was_acknowledged(
    in_memory: Path, operation: str, error: type[apsw.Error]
) -> None:
    killed(in_memory / "whole")
    step = 3 if operation == "write" else 1  # every write in the slow run
    assert sweep(in_memory, operation, error, once=True, step=step) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("once", [True, False], ids=["once", "from then on"])
@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
@pytest.mark.parametrize("operation", OPERATIONS)
def test_so_it_is_after_every_beginning_and_with_failures_that_stay(
    in_memory: Path,
    operation: str,
    error: type[apsw.Error],
    before: Callable[[Path], None],
    once: bool,
) -> None:
    before(in_memory / "whole")
    sweep(in_memory, operation, error, once=once, step=1)


def sweep(folder: Path, operation: str, error: type[apsw.Error], *, once: bool, step: int) -> int:
    """One life of the journal for each n, until the life has no n-th operation: that n."""
    for nth in count(1, step):
        directory = folder / str(nth)
        shutil.copytree(folder / "whole", directory)
        heads: Life = []
        with FailingDisk(error) as disk:
            disk.left[operation], disk.once = nth, once
            told = _told(directory, heads)
        if not disk.struck:
            assert told is None
            return nth
        assert_whole(directory, heads)
        shutil.rmtree(directory)
    raise AssertionError("a life without end")


def _told(directory: Path, heads: Life) -> JournalError | None:
    try:
        live(directory, heads)
    except JournalError as error:
        assert isinstance(error, JournalFailed | JournalUnwritable), repr(error)
        assert str(directory) in str(error)
        return error
    return None


def assert_whole(directory: Path, heads: Life) -> None:
    if (directory / "journal.db").exists():
        assert verify(directory) == []
    else:
        assert heads == []
    journal = Journal.open(directory, LANE)
    journal.append(paid(50), at=AT, boot_id=BOOT)
    journal.close()
    with JournalReader(directory) as reader:
        there = [Head(row.seq, row.hash) for row in reader.entries(0, -1)]
    assert [head for head in heads if head not in there] == []
    assert verify(directory) == []
