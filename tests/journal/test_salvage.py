"""What still reads of a damaged journal goes on; the damaged files stay."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from posd.journal.adopt import Word, mend
from posd.journal.errors import JournalDamaged, JournalDiskFull, JournalTooNew
from posd.journal.journal import CHECKPOINT_EVERY, Journal
from posd.journal.reader import JournalReader
from posd.journal.salvage import Salvage, salvage
from posd.journal.verify import verify

from .disks import SmallDisk
from .samples import (
    AT,
    BOOT,
    LANE,
    lines,
    names,
    opened,
    order_id,
    paid,
    sent,
    started,
    tamper,
    write,
)

WORD = Word("ann", "a bad sector", AT, BOOT)
LATER = replace(WORD, at=replace(AT, wall_ms=AT.wall_ms + 1000))
ASIDE = "journal-damaged-20261118T110640000000Z.db"


def mended(directory: Path, *numbers: int) -> Salvage:
    found, _ = mend(directory, LANE, WORD, lines(directory, *numbers))
    assert verify(directory) == []
    assert not (directory / "journal.db.salvaged").exists()
    Journal.open(directory, LANE, sent=[order_id(number) for number in numbers]).close()
    return found


def rows(directory: Path) -> list[tuple[object, ...]]:
    with JournalReader(directory) as reader:
        return list(reader.entries(0, -1))


def test_records_before_the_breach_are_kept_to_the_byte_and_payments_after_it_asked_about(
    in_memory: Path,
) -> None:
    write(in_memory, *(paid(number) for number in range(4)))
    before = rows(in_memory)
    tamper(in_memory, "UPDATE record SET body = replace(body, '120', '1') WHERE seq = 18")
    damaged = (in_memory / "journal.db").read_bytes()
    found = mended(in_memory, 0, 1, 2, 3)
    assert found == Salvage(in_memory / ASIDE, 17, "record 18: its hash does not match its content")
    after = rows(in_memory)
    assert after[:17] == before[:17]
    # Order 2 was opened (17), and its PaySent (18) no longer reads.
    assert [(row.order_id, row.kind) for row in after[17:]] == [
        (order_id(2), "OrderRecovered"),
        (order_id(3), "OrderRecovered"),
    ]
    assert (in_memory / ASIDE).read_bytes() == damaged


def test_a_sound_journal_is_kept_whole_with_its_epochs_and_checkpoints(in_memory: Path) -> None:
    write(in_memory, [started()] * (CHECKPOINT_EVERY + 5), paid(1), [opened(2), sent(2)])
    mend(in_memory, LANE, WORD, [])
    before = rows(in_memory)
    assert mend(in_memory, LANE, LATER, [])[0].breach == ""
    assert rows(in_memory) == before
    with JournalReader(in_memory) as reader:
        assert [epoch.epoch for epoch in reader.epochs()] == [1, 2]
        assert reader._rows("SELECT seq FROM checkpoint") == [(CHECKPOINT_EVERY,)]
        assert reader._rows("SELECT order_id FROM unfinished") == [(order_id(2),)]


def test_a_wal_is_kept_beside_its_database_and_its_records_are_kept(in_memory: Path) -> None:
    journal = Journal.open(in_memory, LANE)
    journal.append(paid(1), at=AT, boot_id=BOOT)
    there = {name: (in_memory / name).read_bytes() for name in ("journal.db", "journal.db-wal")}
    journal.close()
    for name, content in there.items():
        (in_memory / name).write_bytes(content)
    assert mended(in_memory, 1).kept == 8
    assert (in_memory / ASIDE).read_bytes() == there["journal.db"]
    assert (in_memory / f"{ASIDE}-wal").read_bytes() == there["journal.db-wal"]


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough" * 200])
def test_a_file_that_is_no_journal_gives_way_to_a_new_one(in_memory: Path, content: bytes) -> None:
    (in_memory / "journal.db").write_bytes(content)
    found = mended(in_memory, 1, 2)
    assert found.kept == 0
    assert "is damaged" in found.breach
    assert len(rows(in_memory)) == 2
    assert (in_memory / ASIDE).read_bytes() == content


def test_a_wal_alone_is_kept_and_gives_way(in_memory: Path) -> None:
    (in_memory / "journal.db-wal").write_bytes(b"frames")
    assert mended(in_memory, 1).breach == "there was no database"
    assert (in_memory / f"{ASIDE}-wal").read_bytes() == b"frames"


def test_every_page_may_be_lost_and_what_is_kept_is_always_a_true_beginning(
    in_memory: Path,
) -> None:
    write(in_memory, *(paid(number) for number in range(12)))
    sound, whole = (in_memory / "journal.db").read_bytes(), rows(in_memory)
    kept = set()
    for page in range(len(sound) // 4096):
        for path in in_memory.glob("journal*"):
            path.unlink()
        hole = bytes(4096) if page % 2 else b"\xa5" * 4096
        start = page * 4096
        (in_memory / "journal.db").write_bytes(sound[:start] + hole + sound[start + 4096 :])
        found, done = mend(in_memory, LANE, WORD, [])
        assert rows(in_memory) == whole[: found.kept]
        assert (found.breach == "") == (found.kept == len(whole))
        assert done.epoch.parent_seq == found.kept
        kept.add(found.kept)
    assert {0, len(whole)} < kept  # no page read, an index page lost, and something between


def test_a_journal_of_a_newer_posd_is_not_mended_away(in_memory: Path) -> None:
    write(in_memory, paid(1))
    tamper(in_memory, "PRAGMA user_version = 99")
    before = (in_memory / "journal.db").read_bytes()
    with pytest.raises(JournalTooNew):
        mend(in_memory, LANE, WORD, [])
    assert (in_memory / "journal.db").read_bytes() == before


def test_without_room_for_the_new_file_the_old_one_stays(in_memory: Path) -> None:
    write(in_memory, paid(1), paid(2))
    (in_memory / "journal.ballast").unlink()
    before = (in_memory / "journal.db").read_bytes()
    with SmallDisk(in_memory, 2 * len(before) + 60_000), pytest.raises(JournalDiskFull):
        mend(in_memory, LANE, WORD, [])
    assert (in_memory / "journal.db").read_bytes() == before
    assert mend(in_memory, LANE, LATER, [])[0].kept == 16


STEPS = ("link", "unlink", "rename")


def test_a_salvage_that_is_cut_off_anywhere_is_refused_by_open_and_ended_by_the_next(
    in_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash before each change of a name in turn."""
    for nth in range(20):
        directory = in_memory / str(nth)
        write(directory, paid(1), paid(2))
        tamper(directory, "UPDATE record SET actor = 'me' WHERE seq = 12")
        (directory / "journal.ballast").unlink()
        if not _cut_off(directory, nth, monkeypatch):
            assert nth > 5
            return
        with pytest.raises(JournalDamaged):
            Journal.open(directory, LANE)
        _, done = mend(directory, LANE, LATER, lines(directory, 1, 2))
        assert verify(directory) == []
        assert names(list(done.recovered)) == []
        assert [row.seq for row in rows(directory)] == list(range(1, 12))
    pytest.fail("a salvage has no end")


class Crash(BaseException):
    pass


def _cut_off(directory: Path, nth: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the salvage was cut off before its `nth` change of a name."""
    left = [nth]

    def counted(name: str) -> None:
        real = getattr(os, name)

        def change(*args: object, **options: object) -> None:
            if not left[0]:
                raise Crash
            left[0] -= 1
            real(*args, **options)

        patch.setattr(os, name, change)

    with monkeypatch.context() as patch:
        for name in STEPS:
            counted(name)
        try:
            salvage(directory / "journal.db", "stamp")
        except Crash:
            return True
    return False
