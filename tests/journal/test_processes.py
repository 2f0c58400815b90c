"""Two processes at one journal, and the sudden end of one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posd.journal.errors import JournalHeld
from posd.journal.journal import Journal
from posd.journal.lock import WriterLock
from posd.journal.reader import JournalReader
from posd.journal.verify import verify
from tests.daemon.mounts import needs_mounts, on_tmpfs

from .samples import LANE

WRITER = Path(__file__).with_name("writer.py")


@contextmanager
def writer(directory: Path, first_order: int) -> Iterator[subprocess.Popen[str]]:
    """A writing process, ended by SIGKILL."""
    command = [sys.executable, str(WRITER), str(directory), str(first_order)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "open\n"
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_refused_and_told_who_holds_the_journal(tmp_path: Path) -> None:
    with writer(tmp_path, 0) as process:
        with pytest.raises(JournalHeld) as caught:
            Journal.open(tmp_path, LANE)
        since = r"since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
        assert re.search(f"pid {process.pid}, writer.py, {since}", str(caught.value))
        assert str(tmp_path) in str(caught.value)
        assert caught.value.exit_code == 75


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    with writer(tmp_path, 0):
        pass
    Journal.open(tmp_path, LANE).close()


def test_a_second_writer_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    first = Journal.open(tmp_path, LANE)
    with pytest.raises(JournalHeld):
        Journal.open(tmp_path, LANE)
    first.close()
    Journal.open(tmp_path, LANE).close()


def test_a_holder_that_has_not_signed_yet_is_a_holder_all_the_same(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "journal.lock")
    (tmp_path / "journal.lock").write_text("")
    with pytest.raises(JournalHeld, match="not signed yet"):
        WriterLock(tmp_path / "journal.lock")
    lock.release()


def test_readers_and_the_verification_never_lock_the_writer_out(tmp_path: Path) -> None:
    with writer(tmp_path, 0) as process:
        for _ in range(3):
            before = int(process.stdout.readline())
            with JournalReader(tmp_path) as reader:
                assert reader.head().seq >= before
            assert verify(tmp_path) == []
        assert process.poll() is None


def test_what_append_returned_from_survives_sigkill_at_any_moment(tmp_path: Path) -> None:
    for kill in range(4):
        last = 0
        with writer(tmp_path, kill * 1000) as process:
            for _ in range(7 + 12 * kill):
                last = int(process.stdout.readline())
        assert verify(tmp_path) == []
        with JournalReader(tmp_path) as reader:
            assert reader.head().seq >= last
            assert len(reader.entries(0, -1)) == reader.head().seq
    Journal.open(tmp_path, LANE).close()


_REMOUNTED = """
"$1" -c "$2" "$3" && mount -o remount,ro none "$3" && exec "$1" -c "$4" "$3"
"""
_WRITE = """
import sys; from pathlib import Path; from tests.journal.samples import paid, write
write(Path(sys.argv[1]), paid(1))
"""
_OPEN = """
import sys; from pathlib import Path; from tests.journal.samples import LANE
from posd.journal.journal import Journal
try:
    Journal.open(Path(sys.argv[1]), LANE)
except Exception as error:
    print(type(error).__name__, error.exit_code, error)
"""


@needs_mounts
def test_a_medium_that_comes_back_read_only_is_a_matter_of_permission(tmp_path: Path) -> None:
    script = ["sh", "-c", _REMOUNTED, "sh", sys.executable, _WRITE, str(tmp_path), _OPEN]
    command = [*on_tmpfs(tmp_path, "size=32m"), *script]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert ran.stdout.startswith(f"JournalUnwritable 77 {tmp_path}")
    assert "Read-only file system; check its owner, mode and medium" in ran.stdout
