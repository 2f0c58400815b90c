"""docs/reference/journal.md against the code: its program, its tables, its numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from posd.journal import errors
from posd.journal.chain import Entry, Epoch
from posd.journal.errors import JournalError
from posd.journal.journal import CHECKPOINT_EVERY, Journal
from posd.journal.reader import JournalReader
from posd.journal.sent_log import SentLine

from .samples import AT, BOOT, LANE, opened, paid, started, tamper, write

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "journal.md").read_text("utf-8")
PROGRAM = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)[1]


def stranger(directory: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", PROGRAM, str(directory / "journal.db")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_program_is_short() -> None:
    assert len([line for line in PROGRAM.splitlines() if line.strip()]) <= 20


def test_a_stranger_comes_to_the_same_head_with_the_program_of_the_docs(tmp_path: Path) -> None:
    odd = 'ลูกค้า "\\/\b\t\n\f\r\x00\x1f\x7f\u2028 珍珠 😀'
    write(tmp_path, [started(odd)], paid(1), [opened(2, cashier=odd)])
    with JournalReader(tmp_path) as reader:
        head = reader.head()
    ran = stranger(tmp_path)
    assert (ran.stdout, ran.stderr) == (f"10 records, head {head.hash.hex()}\n", "")


def test_a_stranger_follows_the_chain_across_epochs(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    for records in ([], [started()], []):
        journal = Journal.open(tmp_path, LANE)
        journal.begin_epoch(LANE, "restored")
        journal.append(records, at=AT, boot_id=BOOT)
        journal.close()
    with JournalReader(tmp_path) as reader:
        head = reader.head()
    assert stranger(tmp_path).stdout == f"9 records, head {head.hash.hex()}\n"
    tamper(tmp_path, "UPDATE epoch SET parent_seq = 3 WHERE epoch = 3")
    assert "epoch 3 has another parent" in stranger(tmp_path).stderr


def test_a_stranger_finds_a_changed_record_with_it(tmp_path: Path) -> None:
    write(tmp_path, paid(1))
    tamper(tmp_path, "UPDATE record SET wall_utc = 1 WHERE seq = 4")
    assert "record 4 was changed" in stranger(tmp_path).stderr


def test_the_docs_name_every_column_in_its_order() -> None:
    named = re.findall(r"^\| `(\w+)` \| [a-z0-9]", TEXT, re.MULTILINE)
    assert tuple(named) == Entry._fields


def test_the_docs_name_every_error_of_opening_with_its_exit_code() -> None:
    table = dict(re.findall(r"^\| (Journal\w+) \| (\d+) \|", TEXT, re.MULTILINE))
    codes = {
        name: str(kind.exit_code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, JournalError)
    }
    elsewhere = {"JournalError", "JournalAbsent", "JournalFailed", "SentLogFailed"}
    assert table == {name: code for name, code in codes.items() if name not in elsewhere}


def test_the_docs_name_every_column_of_an_epoch_in_its_order() -> None:
    assert f"`{' '.join(Epoch._fields)}`" in TEXT


def test_the_docs_name_every_member_of_a_line_of_the_sent_log() -> None:
    assert f"`{' '.join(field.name for field in fields(SentLine))}`" in TEXT


def test_the_docs_name_the_distance_of_checkpoints() -> None:
    assert f"one for each {CHECKPOINT_EVERY:,} records" in TEXT
