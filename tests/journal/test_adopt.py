"""Moved, restored and lost journals that a person lets go on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from posd.core.lane import LaneState, replay
from posd.core.order import Attention, MoneyState
from posd.core.records import OrderRecovered, Record
from posd.journal.adopt import Word, adopt
from posd.journal.errors import JournalBehind, JournalDamaged, JournalForeign, JournalHeld
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.verify import verify
from tests.engine_world import RULES

from .samples import AT, BOOT, LANE, lines, names, opened, order_id, paid, sent, started, write

WORD = Word("ann", "the disk was replaced", AT, BOOT)
MOVED = replace(LANE, machine_id="machine-b")


def kept(directory: Path, number: int) -> list[Record]:
    with JournalReader(directory) as reader:
        return [record for _, record in reader.order(order_id(number))]


def recovered(number: int) -> OrderRecovered:
    line = sent(number)
    return OrderRecovered(
        order_id=line.order_id,
        receipt_number=f"R{number:08d}",
        amount_minor=120,
        currency="TWD",
        fingerprint=line.fingerprint,
        host=line.host,
        channel_id=line.channel_id,
        dialect="v4",
        capture=True,
        sent_ms=AT.wall_ms,
    )


def test_a_moved_journal_begins_a_new_epoch_and_opens_from_then_on(tmp_path: Path) -> None:
    write(tmp_path, paid(1), [opened(2), sent(2)])
    done = adopt(tmp_path, MOVED, WORD, lines(tmp_path, 1, 2))
    assert (done.epoch.epoch, done.epoch.parent_seq, done.recovered) == (2, 10, ())
    assert (done.epoch.identity, done.epoch.reason) == (MOVED, "the disk was replaced")
    assert verify(tmp_path) == []
    with pytest.raises(JournalForeign):
        Journal.open(tmp_path, LANE)
    journal = Journal.open(tmp_path, MOVED, sent=[order_id(1), order_id(2)])
    assert [record for _, record in journal.unfinished()] == [opened(2), sent(2)]
    journal.close()


def test_an_older_copy_opens_again_every_payment_that_it_does_not_know(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    backup = shutil.copytree(tmp_path, tmp_path / "backup")
    known = lines(tmp_path, 1, 2, 3)
    done = adopt(backup, LANE, WORD, known)
    assert names(done.recovered) == [order_id(2), order_id(3)]
    assert kept(backup, 2) == [recovered(2)]
    assert kept(backup, 1) == paid(1)
    assert verify(backup) == []
    Journal.open(backup, LANE, sent=names(known)).close()


def test_a_lost_journal_is_made_anew_with_all_that_was_sent(tmp_path: Path) -> None:
    known = lines(tmp_path, *range(300))
    with pytest.raises(JournalBehind):
        Journal.open(tmp_path, LANE, sent=names(known))
    done = adopt(tmp_path, LANE, WORD, known)
    assert names(done.recovered) == names(known)
    assert verify(tmp_path) == []
    journal = Journal.open(tmp_path, LANE, sent=names(known))
    assert len(journal.unfinished()) == 300
    journal.close()


def test_a_copy_made_between_the_opening_and_the_sending_of_an_order_loses_it_neither(
    tmp_path: Path,
) -> None:
    """The copy would have it cancelled at the next start; LINE Pay may have the money."""
    write(tmp_path, [started(), opened(1)])
    done = adopt(tmp_path, LANE, WORD, lines(tmp_path, 1))
    assert names(done.recovered) == [order_id(1)]
    assert kept(tmp_path, 1) == [opened(1), recovered(1)]


def test_what_is_recovered_is_unknown_and_waits_for_line_pay_and_a_person(tmp_path: Path) -> None:
    write(tmp_path, [started(), opened(1)])
    adopt(tmp_path, LANE, WORD, lines(tmp_path, 1, 2))
    with JournalReader(tmp_path) as reader:
        records = [record for number in (1, 2) for _, record in reader.order(order_id(number))]
    orders = replay(LaneState(RULES), records).orders
    for number in (1, 2):
        order = orders[order_id(number)]
        assert order.money is MoneyState.UNKNOWN
        assert Attention.RECOVERED in order.attention
        assert not order.settled


def test_a_recovered_order_is_found_by_its_key_and_its_receipt_number(tmp_path: Path) -> None:
    adopt(tmp_path, LANE, WORD, lines(tmp_path, 1, 2))
    with JournalReader(tmp_path) as reader:
        assert reader.order_of_key("fingerprint-2") == order_id(2)
        assert reader.order_of_receipt("R00000001") == order_id(1)


def test_a_key_that_was_used_again_after_a_request_never_left_does_not_hinder(
    tmp_path: Path,
) -> None:
    write(tmp_path, [opened(1)], [opened(2), sent(2, fingerprint="fingerprint-1")])
    done = adopt(tmp_path, LANE, WORD, lines(tmp_path, 1, 2))
    assert names(done.recovered) == [order_id(1)]


def test_orders_of_other_lanes_on_the_same_medium_are_theirs(tmp_path: Path) -> None:
    other = replace(lines(tmp_path, 1)[0], order_id="S001-L02-" + "0" * 26)
    assert adopt(tmp_path, LANE, WORD, [other]).recovered == ()


def test_a_renamed_lane_keeps_what_it_sent_under_its_old_name(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    done = adopt(tmp_path, replace(LANE, lane_id="T7"), WORD, lines(tmp_path, 1, 2))
    assert names(done.recovered) == [order_id(2)]


def test_adopting_twice_recovers_nothing_twice(tmp_path: Path) -> None:
    known = lines(tmp_path, 1)
    adopt(tmp_path, LANE, WORD, known)
    done = adopt(tmp_path, LANE, WORD, [*known, *known])
    assert (done.epoch.epoch, done.recovered) == (3, ())
    assert kept(tmp_path, 1) == [recovered(1)]
    assert verify(tmp_path) == []


def test_an_adoption_names_who_did_it_in_every_record(tmp_path: Path) -> None:
    adopt(tmp_path, LANE, WORD, lines(tmp_path, 1))
    with JournalReader(tmp_path) as reader:
        assert [entry.actor for entry in reader.entries(0, 9)] == ["ann"]


def test_a_journal_that_posd_is_writing_is_not_adopted(tmp_path: Path, journal: Journal) -> None:
    with pytest.raises(JournalHeld, match="stop it first"):
        adopt(tmp_path, MOVED, WORD, [])
    assert len(journal.epochs()) == 1


def test_a_damaged_journal_is_not_adopted_unmended(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"no database at all, but long enough" * 100)
    for _ in range(2):  # and the lock is let go
        with pytest.raises(JournalDamaged):
            adopt(tmp_path, LANE, WORD, [])


def test_a_wal_without_its_database_is_not_adopted_unmended(tmp_path: Path) -> None:
    (tmp_path / "journal.db-wal").write_bytes(b"frames")
    with pytest.raises(JournalDamaged, match="is there with records"):
        adopt(tmp_path, LANE, WORD, [])
