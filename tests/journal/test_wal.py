"""A WAL cut off or spoilt by hand, although it was flushed: what a dishonest disk would do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from posd.core.records import OrderSettled
from posd.journal.errors import JournalBehind
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

from .samples import AT, BOOT, LANE, opened, order_id, paid, sent, started

HEADER_BYTES, FRAME_BYTES = 32, 24 + 4096


@dataclass
class Killed:
    """A journal whose WAL holds every transaction; `ends` are their last seqs, in order."""

    directory: Path
    wal: bytes
    ends: list[int]
    sent: dict[int, str]  # the seq of its SaleOpened, and the order

    def with_wal(self, content: bytes) -> Path:
        copy = self.directory.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        shutil.copy(self.directory / "journal.db", copy)
        (copy / "journal.db-wal").write_bytes(content)
        return copy

    def seq_after(self, frames: int) -> int:
        """The last record of the transactions that the first frames complete."""
        starts = range(HEADER_BYTES, HEADER_BYTES + frames * FRAME_BYTES, FRAME_BYTES)
        # A frame that commits says how many pages the database then has; the others say 0.
        commits = sum(any(self.wal[start + 4 : start + 8]) for start in starts)
        return [0, *self.ends][commits]

    @property
    def frames(self) -> int:
        return (len(self.wal) - HEADER_BYTES) // FRAME_BYTES


@pytest.fixture
def killed(in_memory: Path) -> Killed:
    source = in_memory / "source"
    journal = Journal.open(source, LANE)
    ends, orders = [journal.append([started()], at=AT, boot_id=BOOT)], {}
    for number in range(1, 4):
        ends.append(journal.append([opened(number)], at=AT, boot_id=BOOT))
        orders[ends[-1]] = order_id(number)
        ends.append(journal.append([sent(number)], at=AT, boot_id=BOOT))
        ends.append(journal.append(paid(number)[2:], at=AT, boot_id=BOOT))
    killed = Killed(in_memory / "killed", (source / "journal.db-wal").read_bytes(), ends, orders)
    shutil.copytree(source, killed.directory)
    journal.close()
    assert killed.seq_after(killed.frames) == ends[-1]
    return killed


def assert_a_true_beginning(killed: Killed, directory: Path, seq: int) -> None:
    """Exactly the records up to `seq`; a lost payment refuses the start, nothing else does."""
    assert verify(directory) == []
    with JournalReader(directory) as reader:
        assert [entry.seq for entry in reader.entries(0, -1)] == list(range(1, seq + 1))
    lost = [name for opening, name in killed.sent.items() if opening > seq]
    if lost:
        with pytest.raises(JournalBehind, match=f"{len(lost)} payment"):
            Journal.open(directory, LANE, sent=list(killed.sent.values()))
    else:
        Journal.open(directory, LANE, sent=list(killed.sent.values())).close()


@pytest.mark.parametrize("beyond", [0, 1, 24, 2000, FRAME_BYTES - 1])
def test_a_wal_cut_off_anywhere_loses_whole_transactions_and_says_so(
    killed: Killed, beyond: int
) -> None:
    for frames in range(killed.frames):
        size = HEADER_BYTES + frames * FRAME_BYTES + beyond
        directory = killed.with_wal(killed.wal[:size])
        assert_a_true_beginning(killed, directory, killed.seq_after(frames))


def test_a_spoilt_byte_in_a_frame_loses_what_follows_and_says_so(killed: Killed) -> None:
    for frame in range(killed.frames):
        at = HEADER_BYTES + frame * FRAME_BYTES + 24 + 1000
        spoilt = killed.wal[:at] + bytes([killed.wal[at] ^ 0x41]) + killed.wal[at + 1 :]
        assert_a_true_beginning(killed, killed.with_wal(spoilt), killed.seq_after(frame))


def test_a_wal_that_is_gone_loses_all_of_it_and_says_so(killed: Killed) -> None:
    assert_a_true_beginning(killed, killed.with_wal(b""), 0)


def test_the_whole_wal_loses_nothing(killed: Killed) -> None:
    directory = killed.with_wal(killed.wal)
    assert_a_true_beginning(killed, directory, killed.ends[-1])
    with JournalReader(directory) as reader:
        assert reader.order(order_id(3))[-1][1] == OrderSettled(order_id(3))
