"""What each act leaves on the disk, name by name and byte by byte."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from posd.journal.adopt import Word, adopt, mend
from posd.journal.chain import HASH_BYTES, Head, epoch_head
from posd.journal.errors import JournalError, JournalHeld
from posd.journal.identity import this_machine
from posd.journal.journal import Journal
from posd.journal.lock import WriterLock
from posd.journal.reader import JournalReader
from posd.journal.sent_log import LIMIT_BYTES, SentLog
from posd.journal.space import Ballast, free_bytes
from posd.journal.verify import verify

from .disks import FailingDisk
from .samples import AT, BOOT, LANE, lines, opened, paid, sent, started, tamper, write

WORD = Word("ann", "a bad sector", AT, BOOT)
ASIDE = "journal-damaged-20261118T110640000000Z.db"


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The paths that were flushed so far, in order."""
    flush, found = os.fsync, []

    def watched(fd: int) -> None:
        flush(fd)
        found.append(os.readlink(f"/proc/self/fd/{fd}"))

    monkeypatch.setattr(os, "fsync", watched)
    return lambda: found


# ---- the journal -----------------------------------------------------------------------------


def test_a_closed_journal_is_one_file_with_its_lock_and_its_ballast(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    assert names(tmp_path) == ["journal.ballast", "journal.db", "journal.lock"]


def test_the_lock_says_which_process_of_which_program_and_the_file_stays(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "journal.lock")
    said = (tmp_path / "journal.lock").read_text()
    assert said.startswith(f"pid {os.getpid()}, ")
    assert said.endswith("+00:00\n")
    with pytest.raises(JournalHeld, match=said.strip().replace("+", r"\+")):
        WriterLock(tmp_path / "journal.lock")
    lock.release()
    lock.release()
    assert stat.S_IMODE((tmp_path / "journal.lock").stat().st_mode) == 0o600


@pytest.mark.parametrize(("argv", "program"), [("/usr/bin/posd", "posd"), ("", "python")])
def test_the_lock_names_the_program_as_it_was_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: str, program: str
) -> None:
    monkeypatch.setattr(sys, "argv", [argv, "run"])
    WriterLock(tmp_path / "journal.lock").release()
    assert f", {program}, since " in (tmp_path / "journal.lock").read_text()


def test_a_shorter_signature_leaves_nothing_of_a_longer_one_before(tmp_path: Path) -> None:
    path = tmp_path / "journal.lock"
    path.write_text("pid 1, somebody with a very long name, " + "since ever, " * 30)
    WriterLock(path).release()
    assert path.read_text().count("\n") == 1
    assert "somebody" not in path.read_text()


def test_whatever_the_lock_file_says_four_hundred_bytes_of_it_are_told(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "journal.lock")
    (tmp_path / "journal.lock").write_text("x" * 999)
    with pytest.raises(JournalHeld, match=r"\(x{400}\)"):
        WriterLock(tmp_path / "journal.lock")
    lock.release()


def test_an_empty_journal_ends_where_its_epoch_begins(tmp_path: Path) -> None:
    write(tmp_path)
    with JournalReader(tmp_path) as reader:
        (epoch,) = reader.epochs()
        assert reader.head() == epoch_head(epoch) == Head(0, epoch_head(epoch).hash)
    assert len(epoch_head(epoch).hash) == HASH_BYTES == 32


def test_every_record_has_the_next_number_and_seals_the_one_before_it(tmp_path: Path) -> None:
    write(tmp_path, paid(1), [started()])
    with JournalReader(tmp_path) as reader:
        entries = reader.entries(0, -1)
        (epoch,) = reader.epochs()
    assert [entry.seq for entry in entries] == list(range(1, 10))
    seals = [epoch_head(epoch).hash, *(entry.hash for entry in entries)]
    assert [entry.prev_hash for entry in entries] == seals[:-1]


def test_nothing_to_write_is_nothing_written(tmp_path: Path, journal: Journal) -> None:
    journal.append([started()], at=AT, boot_id=BOOT)
    before = (tmp_path / "journal.db-wal").stat().st_size
    assert journal.append([], at=AT, boot_id=BOOT) == 1
    assert (tmp_path / "journal.db-wal").stat().st_size == before


def test_the_wal_is_emptied_into_the_database_by_maintain(tmp_path: Path, journal: Journal) -> None:
    journal.append(paid(1), at=AT, boot_id=BOOT)
    before = (tmp_path / "journal.db").read_bytes()
    journal.maintain()
    assert b"basket-1" not in before
    assert b"basket-1" in (tmp_path / "journal.db").read_bytes()


def test_maintain_brings_back_a_ballast_that_was_used(tmp_path: Path, journal: Journal) -> None:
    ballast = Ballast(tmp_path / "journal.ballast")
    ballast.release()
    journal.maintain()
    assert ballast.held


# ---- salvage ---------------------------------------------------------------------------------


def test_a_salvage_leaves_the_damaged_file_aside_and_nothing_else_behind(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    mend(tmp_path, LANE, WORD, [])
    beside = [ASIDE, f"{ASIDE}-wal"]  # SQLite makes an empty one to read the file
    assert names(tmp_path) == [*beside, "journal.ballast", "journal.db", "journal.lock"]
    assert (tmp_path / f"{ASIDE}-wal").read_bytes() == b""


def test_a_salvage_keeps_the_records_of_every_epoch(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    mend(tmp_path, LANE, WORD, [])
    write(tmp_path, [started()])
    found, done = mend(tmp_path, LANE, replace(WORD, at=replace(AT, wall_ms=0)), [])
    assert (found.kept, found.breach, done.epoch.epoch) == (9, "", 3)
    with JournalReader(tmp_path) as reader:
        assert [entry.epoch for entry in reader.entries(0, -1)] == [1] * 8 + [2]
    assert verify(tmp_path) == []


def test_a_salvage_flushes_every_new_name(tmp_path: Path, flushed: Callable[[], list[str]]) -> None:
    """Put aside, made, finished, put in place; nothing is removed before what it rests on."""
    write(tmp_path, paid(1))
    flushed().clear()
    mend(tmp_path, LANE, WORD, [])
    assert flushed() == [str(tmp_path)] * 4


def test_the_record_after_a_breach_is_not_kept_even_if_it_is_sound(tmp_path: Path) -> None:
    write(tmp_path, [started()] * 5)
    tamper(tmp_path, "DELETE FROM record WHERE seq = 3")
    found, _ = mend(tmp_path, LANE, WORD, [])
    assert (found.kept, found.breach) == (2, "record 4: seq 4 follows 2")


def open_in(directory: Path) -> list[str]:
    """The names of the files of `directory` that this process has open."""
    with os.scandir("/proc/self/fd") as entries:
        there = [Path(os.readlink(entry.path)) for entry in entries if os.path.lexists(entry.path)]
    return sorted(path.name for path in there if path.parent == directory)


def make(directory: Path) -> None:
    Journal.open(directory, LANE).close()


def take_over(directory: Path) -> None:
    adopt(directory, LANE, WORD, [])


def repair(directory: Path) -> None:
    mend(directory, LANE, WORD, [])


@pytest.mark.parametrize("act", [make, take_over, repair])
def test_what_fails_holds_nothing_open_while_its_error_is_told(
    in_memory: Path, act: Callable[[Path], None]
) -> None:
    failures = 0
    for nth in (1, 2, 3, 5, 8, 13, 21):
        directory = in_memory / str(nth)
        directory.mkdir()
        if act is not make:
            write(directory, paid(1))
        with FailingDisk() as disk:
            disk.left["write"] = nth
            try:
                act(directory)
            except JournalError:
                failures += 1
                assert open_in(directory) == []
    assert failures >= 3


def test_a_refused_batch_lets_go_of_the_database(tmp_path: Path, journal: Journal) -> None:
    journal.append([opened(1)], at=AT, boot_id=BOOT)
    with pytest.raises(JournalError, match="UNIQUE"):
        journal.append([opened(1)], at=AT, boot_id=BOOT)
    shell = apsw.Connection(str(tmp_path / "journal.db"))
    try:
        shell.execute("BEGIN IMMEDIATE; ROLLBACK").fetchall()
    finally:
        shell.close()


# ---- the sent log ----------------------------------------------------------------------------


def test_the_sent_log_has_one_line_an_order_and_no_empty_ones(tmp_path: Path) -> None:
    lines(tmp_path, 1, 2)
    content = (tmp_path / "sent.log").read_bytes()
    assert content.count(b"\n") == 2
    assert content.endswith(b"}\n")
    assert b"\n\n" not in content


def test_a_generation_of_the_sent_log_ends_at_a_mebibyte(tmp_path: Path) -> None:
    assert LIMIT_BYTES == 2**20
    log, path = SentLog(tmp_path / "sent.log"), tmp_path / "sent.log"
    path.write_bytes(b"\n" * (LIMIT_BYTES - 1))
    log.append(sent(1), AT)
    assert names(tmp_path) == ["sent.log"]
    log.append(sent(2), AT)
    assert names(tmp_path) == ["sent.log", "sent.log.1"]


def test_a_turned_sent_log_has_its_new_name_on_the_disk(
    tmp_path: Path, flushed: Callable[[], list[str]]
) -> None:
    path = tmp_path / "sent.log"
    path.write_bytes(b"\n" * LIMIT_BYTES)
    SentLog(path).append(sent(1), AT)
    assert flushed() == [str(tmp_path)] * 2  # the older name, then the new one


# ---- the disk and the machine ----------------------------------------------------------------


def test_free_bytes_are_those_of_the_medium_for_a_plain_user(tmp_path: Path) -> None:
    before, free, after = (os.statvfs(tmp_path), free_bytes(tmp_path), os.statvfs(tmp_path))
    bounds = sorted(medium.f_bavail * medium.f_frsize for medium in (before, after))
    slack = 64 * 2**20  # others write at the same time
    assert bounds[0] - slack <= free <= bounds[1] + slack


def test_this_machine_has_the_name_that_systemd_gave_it_or_none() -> None:
    path = Path("/etc/machine-id")
    assert this_machine() == (path.read_text().strip() if path.exists() else "none")


# ---- the verification ------------------------------------------------------------------------


def test_of_a_ruined_journal_a_hundred_findings_are_told_and_that_there_are_more(
    tmp_path: Path,
) -> None:
    write(tmp_path, [started()] * 150)
    tamper(tmp_path, "UPDATE record SET actor = 'me'")
    findings = verify(tmp_path)
    assert [finding.seq for finding in findings] == [*range(1, 101), None]
