"""Lost, restored, moved: the journals that posd does not start on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from posd.journal.errors import JournalBehind, JournalDamaged, JournalForeign
from posd.journal.identity import LaneIdentity, owned
from posd.journal.journal import Journal
from posd.journal.verify import verify

from .samples import LANE, opened, order_id, paid, started, write


def refused(directory: Path, *orders: str) -> str:
    before = sorted(path.name for path in directory.iterdir())
    with pytest.raises(JournalBehind) as caught:
        Journal.open(directory, LANE, sent=orders)
    assert caught.value.exit_code == 78
    left = {path.name for path in directory.iterdir()} - {"journal.lock"}
    assert sorted(left | {"journal.lock"}) == sorted({*before, "journal.lock"})
    return str(caught.value)


def test_a_lost_journal_is_not_made_anew_while_the_sent_log_names_its_payments(
    tmp_path: Path,
) -> None:
    said = refused(tmp_path, order_id(1), order_id(2))
    assert str(tmp_path / "journal.db") in said
    assert (
        f"is missing, and the sent log names 2 payment(s), the last of them {order_id(2)}" in said
    )
    assert "`posd journal adopt --reason TEXT`" in said
    assert not (tmp_path / "journal.db").exists()


def test_an_older_copy_that_was_restored_is_told_by_the_order_it_does_not_know(
    tmp_path: Path,
) -> None:
    write(tmp_path, paid(1))
    shutil.copytree(tmp_path, tmp_path / "backup")
    write(tmp_path, paid(2), paid(3))
    said = refused(tmp_path / "backup", order_id(1), order_id(2), order_id(3))
    assert f"names 2 payment(s), the last of them {order_id(3)}; an older copy" in said
    Journal.open(tmp_path, LANE, sent=[order_id(1), order_id(2), order_id(3)]).close()


def test_a_refusal_lets_go_of_the_lock(tmp_path: Path) -> None:
    refused(tmp_path, order_id(1))
    write(tmp_path, paid(1))
    refused(tmp_path, order_id(2))
    Journal.open(tmp_path, LANE, sent=[order_id(1)]).close()


def test_a_line_whose_pay_sent_never_became_durable_is_no_loss(tmp_path: Path) -> None:
    """The second copy is flushed beside the journal: power may fail between the two."""
    write(tmp_path, [opened(1)])
    Journal.open(tmp_path, LANE, sent=[order_id(1)]).close()
    write(tmp_path, [started()], paid(2))
    Journal.open(tmp_path, LANE, sent=[order_id(1), order_id(2)]).close()


def test_lines_of_other_lanes_on_the_same_medium_say_nothing(tmp_path: Path) -> None:
    others = ["S001-L02-" + "0" * 26, "S002-L01-" + "0" * 26, "S001-L01-2-" + "0" * 26, "", "x"]
    Journal.open(tmp_path, LANE, sent=others).close()
    assert owned([LANE, LaneIdentity("S002", "L01", "m")], [*others, order_id(1)]) == [
        "S002-L01-" + "0" * 26,
        order_id(1),
    ]


def test_a_first_journal_is_made_where_nothing_was_sent(tmp_path: Path) -> None:
    Journal.open(tmp_path, LANE, sent=[]).close()
    assert verify(tmp_path) == []


def test_thousands_of_lines_are_one_question(tmp_path: Path) -> None:
    names = [order_id(number) for number in range(8000)]
    write(tmp_path, [record for number in range(8000) for record in (opened(number),)])
    Journal.open(tmp_path, LANE, sent=names).close()
    assert "the sent log names 1 payment(s)" in refused(tmp_path, *names, order_id(9999))


@pytest.mark.parametrize("field", ["store_id", "lane_id", "machine_id"])
def test_the_journal_of_another_is_told_apart_with_what_to_do(tmp_path: Path, field: str) -> None:
    write(tmp_path, [started()])
    with pytest.raises(JournalForeign) as caught:
        Journal.open(tmp_path, replace(LANE, **{field: "other"}))
    said = str(caught.value)
    assert "belongs to store S001 lane L01 machine machine-a, this is store" in said
    assert "Give each lane its own state directory." in said
    assert "`posd journal adopt --reason TEXT`" in said


def test_a_salvage_that_was_cut_off_is_not_forgotten(tmp_path: Path) -> None:
    (tmp_path / "journal.db.salvaged").write_bytes(b"complete")
    with pytest.raises(JournalDamaged, match=r"adopt --damaged.*run it again"):
        Journal.open(tmp_path, LANE)
