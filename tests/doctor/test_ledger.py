"""The journal, seen without touching it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posd.cli.doctor import ledger
from posd.cli.doctor.findings import Finding, Mark, fine
from posd.core.records import LaneStarted
from posd.journal.database import CHECKPOINT_EVERY
from posd.journal.errors import damaged
from posd.journal.identity import LaneIdentity, this_machine
from posd.journal.journal import Journal
from posd.journal.lookups import Lookups

from .conftest import BOOT, NOW_MS, Lane


def damage(lane: Lane, seq: int) -> None:
    with closing(sqlite3.connect(lane.state / "journal.db")) as wild, wild:
        triggers = wild.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            wild.execute(f"DROP TRIGGER {name}")
        wild.execute("UPDATE record SET actor = 'somebody' WHERE seq = ?", (seq,))
    for name in ("journal.db-wal", "journal.db-shm"):
        (lane.state / name).unlink(missing_ok=True)


def starts(count: int) -> list[LaneStarted]:
    return [LaneStarted(BOOT, 10**9, NOW_MS, f"0.1.{number}") for number in range(count)]


def test_a_sound_journal_is_told_with_its_records(lane: Lane) -> None:
    lane.journal(*starts(3))
    assert "3 records, the newest 3 are sound" in lane.finding("journal").words
    assert "store S001 lane L01" in lane.finding("epochs").words


def test_before_the_first_start_there_is_none_and_that_is_no_fault(lane: Lane) -> None:
    assert lane.finding("journal").mark is Mark.WARN


def test_a_record_that_was_changed_is_found(lane: Lane) -> None:
    lane.journal(*starts(3))
    damage(lane, 2)
    found = lane.finding("journal")
    assert found.mark is Mark.FAIL
    assert "record 2" in found.words


def test_only_what_follows_the_last_checkpoint_is_read(lane: Lane) -> None:
    journal = Journal.open(lane.state, LaneIdentity("S001", "L01", this_machine()))
    journal.append(starts(CHECKPOINT_EVERY + 20), at=lane.machine.now(), boot_id=BOOT)
    journal.close()
    damage(lane, 10)
    assert f"the newest {CHECKPOINT_EVERY - 1} are sound" in lane.finding("journal").words
    damage(lane, CHECKPOINT_EVERY - 5)
    assert lane.finding("journal").mark is Mark.FAIL


def test_the_journal_of_another_lane_is_refused(lane: Lane) -> None:
    lane.journal(lane="L02")
    found = lane.finding("journal")
    assert found.mark is Mark.FAIL
    assert "belongs to store S001 lane L02" in found.words
    assert "recover.md" in found.next


def test_a_file_that_is_no_journal_is_told_as_damaged(lane: Lane) -> None:
    lane.state.mkdir(mode=0o700)
    (lane.state / "journal.db").write_bytes(b"no journal at all" * 100)
    assert lane.finding("journal").mark is Mark.FAIL


def test_a_clock_behind_the_newest_record_went_back(lane: Lane) -> None:
    lane.journal(at_ms=NOW_MS + 3_600_000)
    told = lane.findings("clock")
    assert [one.mark for one in told] == [Mark.OK, Mark.FAIL]
    assert "3600 s from now" in told[1].words


def test_a_journal_that_is_being_written_is_read_beside_its_writer(lane: Lane) -> None:
    journal = Journal.open(lane.state, LaneIdentity("S001", "L01", this_machine()))
    try:
        journal.append(starts(2), at=lane.machine.now(), boot_id=BOOT)
        assert "2 records" in lane.finding("journal").words
    finally:
        journal.close()


def test_a_posd_that_starts_meanwhile_makes_no_finding(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane.journal(*starts(3))
    wal = lane.state / "journal.db-wal"
    seen: list[int] = []

    def torn(path: Path, journal: Lookups) -> Finding:
        seen.append(len(seen))
        if len(seen) == 1:
            wal.touch()
            raise damaged(path, "half of it is new")
        return fine("journal", "sound")

    monkeypatch.setattr(ledger, "_newest", torn)
    assert lane.finding("journal").words == "sound"
    assert seen == [0, 1]


@pytest.mark.parametrize("names", [True, False])
def test_a_payment_that_only_the_second_copy_knows_is_told(lane: Lane, names: bool) -> None:
    lane.journal()
    order = f"S001-L01-{'0' * 26}" if names else f"S001-L09-{'0' * 26}"
    line = (
        f'{{"order_id":"{order}","fingerprint":"f","host":"h","channel_id":"1","dialect":"v4",'
        f'"currency":"TWD","wall_ms":1}}\n'
    )
    (lane.state / "sent.log").write_text(line)
    assert lane.findings("journal")[0].mark is (Mark.FAIL if names else Mark.OK)
