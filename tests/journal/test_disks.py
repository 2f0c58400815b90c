"""Full, failing and unplugged disks under the journal."""

from __future__ import annotations

import resource
from itertools import count
from pathlib import Path

import apsw
import pytest

from posd.journal import journal as journal_module
from posd.journal.errors import JournalDiskFull, JournalFailed, translated
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.space import BALLAST_BYTES
from posd.journal.verify import verify

from .disks import FailingDisk, SmallDisk, end
from .samples import AT, BOOT, LANE, opened, paid, started, write


def fill_up(journal: Journal) -> int:
    """Append until the journal cannot; the last seq it took."""
    seq = 0
    for number in count():
        try:
            seq = journal.append([opened(number, cashier="x" * 50_000)], at=AT, boot_id=BOOT)
        except JournalFailed:
            return seq


def test_a_full_disk_frees_the_ballast_and_takes_the_same_transaction(tmp_path: Path) -> None:
    write(tmp_path, [started()])
    with SmallDisk(tmp_path, capacity=BALLAST_BYTES + 400_000) as disk:
        journal = Journal.open(tmp_path, LANE)
        number = 0
        while (tmp_path / "journal.ballast").exists():
            number += 1
            journal.append([opened(number, cashier="x" * 50_000)], at=AT, boot_id=BOOT)
        assert disk.used() < disk.capacity
        last = journal.append(paid(1000), at=AT, boot_id=BOOT)
        assert last == 1 + number + 8
        journal.close()
    assert verify(tmp_path) == []


def test_a_ballast_that_was_used_is_made_again_in_an_idle_moment_or_at_the_next_start(
    tmp_path: Path,
) -> None:
    ballast = tmp_path / "journal.ballast"
    journal = Journal.open(tmp_path, LANE)
    ballast.unlink()
    journal.maintain()
    assert ballast.stat().st_size == BALLAST_BYTES
    ballast.unlink()
    journal.close()
    Journal.open(tmp_path, LANE).close()
    assert ballast.stat().st_size == BALLAST_BYTES


def test_when_the_ballast_is_used_up_too_the_append_fails_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    write(tmp_path, [started()])
    with SmallDisk(tmp_path, capacity=BALLAST_BYTES + 400_000):
        journal = Journal.open(tmp_path, LANE)
        last = fill_up(journal)
        end(journal)
    assert not (tmp_path / "journal.ballast").exists()
    assert last * 50_000 > BALLAST_BYTES / 2
    assert verify(tmp_path) == []
    with JournalReader(tmp_path) as reader:
        assert reader.head().seq == last


def test_a_journal_that_was_killed_on_a_full_disk_opens_with_the_help_of_the_ballast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, [started()])
    opened_for_real, tries = journal_module.database.open_writer, []

    def full_at_first(path: Path) -> apsw.Connection:
        tries.append((tmp_path / "journal.ballast").exists())
        if tries[-1]:
            raise JournalDiskFull("full")
        return opened_for_real(path)

    monkeypatch.setattr(journal_module.database, "open_writer", full_at_first)
    Journal.open(tmp_path, LANE).close()
    assert tries == [True, False]


def test_shared_memory_that_cannot_grow_is_a_full_disk_too(tmp_path: Path) -> None:
    error = apsw.IOError("disk I/O error")
    error.extendedresult = apsw.SQLITE_IOERR_SHMSIZE
    with pytest.raises(JournalDiskFull), translated(tmp_path):
        raise error


def test_a_disk_too_full_to_make_a_journal_is_told_as_such(tmp_path: Path) -> None:
    with SmallDisk(tmp_path, capacity=20_000), pytest.raises(JournalDiskFull, match="free some"):
        Journal.open(tmp_path, LANE)
    assert not (tmp_path / "journal.db").exists()
    write(tmp_path, paid(1))
    assert verify(tmp_path) == []


def test_a_file_size_limit_of_the_system_is_a_failed_append(tmp_path: Path) -> None:
    """No stand-in here: the kernel refuses the write itself."""
    journal = Journal.open(tmp_path, LANE)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, old[1]))
    try:
        last = fill_up(journal)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    journal.close()
    assert last > 0
    assert verify(tmp_path) == []
    with JournalReader(tmp_path) as reader:
        assert reader.head().seq == last


@pytest.mark.parametrize("what", ["write", "sync"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_io_error_is_fatal_and_leaves_a_sound_journal(
    tmp_path: Path, what: str, nth: int
) -> None:
    write(tmp_path, [started()])
    with FailingDisk() as disk:
        journal = Journal.open(tmp_path, LANE)
        disk.left[what] = nth
        with pytest.raises(JournalFailed, match="IOError"):
            for number in range(nth):
                journal.append(paid(number), at=AT, boot_id=BOOT)
        disk.left[what] = None
        with pytest.raises(JournalFailed, match="IOError"):
            journal.append([started()], at=AT, boot_id=BOOT)
        journal.close()
    assert (tmp_path / "journal.ballast").exists()
    assert verify(tmp_path) == []


def test_a_disk_that_is_too_full_to_empty_the_wal_frees_the_ballast_and_stops_nothing(
    tmp_path: Path,
) -> None:
    for full in (1, 2):
        with FailingDisk(apsw.FullError) as disk:
            journal = Journal.open(tmp_path, LANE)
            seq = journal.append(paid(full), at=AT, boot_id=BOOT)
            disk.left["write"] = 1
            disk.once = full == 1
            journal.maintain()
            assert not (tmp_path / "journal.ballast").exists()
            disk.left["write"] = None
            assert journal.append([started()], at=AT, boot_id=BOOT) == seq + 1
            journal.close()
        assert verify(tmp_path) == []


def test_a_wal_that_cannot_be_emptied_is_a_failure_of_the_journal(tmp_path: Path) -> None:
    with FailingDisk() as disk:
        journal = Journal.open(tmp_path, LANE)
        journal.append(paid(1), at=AT, boot_id=BOOT)
        disk.left["write"] = 1
        with pytest.raises(JournalFailed, match="cannot be emptied"):
            journal.maintain()
        disk.left["write"] = None
        with pytest.raises(JournalFailed):
            journal.append(paid(2), at=AT, boot_id=BOOT)
        journal.close()
    assert verify(tmp_path) == []
