from __future__ import annotations

import argparse
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posd.cli.journal import add_parser
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader

from .samples import AT, BOOT, LANE, opened, order_id, paid, started, tamper, write

POSD = """
import argparse, sys
from posd.cli.journal import add_parser
parser = argparse.ArgumentParser("posd")
add_parser(parser.add_subparsers())
args = parser.parse_args()
sys.exit(args.run(args))
"""


def posd(*words: object) -> int:
    parser = argparse.ArgumentParser("posd")
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["journal", *map(str, words)])
    return args.run(args)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write(tmp_path, [started()], paid(1), [opened(2)])
    return tmp_path


def test_verify_of_a_sound_journal_is_0_and_tells_its_head(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with JournalReader(directory) as reader:
        head = reader.head().hash.hex()
    assert posd("verify", "--state-dir", directory) == 0
    assert capsys.readouterr().out == f"{directory}: sound, 10 records, head {head}\n"
    assert posd("verify", "--state-dir", directory, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"ok": True, "seq": 10, "hash": head, "findings": []}


def test_verify_of_a_forged_journal_is_6_and_names_the_seq(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(directory, "UPDATE record SET actor = 'me' WHERE seq = 3")
    assert posd("verify", "--state-dir", directory) == 6
    assert capsys.readouterr().out == "record 3: its hash does not match its content\n"
    assert posd("verify", "--state-dir", directory, "--json") == 6
    found = {"seq": 3, "what": "its hash does not match its content"}
    assert json.loads(capsys.readouterr().out) == {"ok": False, "findings": [found]}


def test_verify_of_a_file_that_is_no_journal_is_6_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "journal.db").write_bytes(b"x" * 5000)
    assert posd("verify", "--state-dir", tmp_path) == 6
    assert "journal: " in capsys.readouterr().out


def test_a_missing_journal_is_78_and_says_where_it_was_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert posd("tail", "--state-dir", tmp_path) == 78
    said = capsys.readouterr()
    assert (said.out, str(tmp_path) in said.err) == ("", True)


def test_tail_tells_the_newest_records_in_words(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert posd("tail", "--state-dir", directory, "-n", 2) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f'       9 2026-11-18 11:06:40Z OrderSettled order_id="{order_id(1)}"'
    assert "SaleOpened" in second
    assert "珍珠奶茶" in second


def test_tail_names_the_actor(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal.open(directory, LANE)
    journal.append([started()], at=AT, boot_id=BOOT, actor="ann")
    journal.close()
    posd("tail", "--state-dir", directory, "-n", 1)
    assert "LaneStarted by ann " in capsys.readouterr().out


def test_tail_of_nothing_is_nothing(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert posd("tail", "--state-dir", directory, "-n", 0) == 0
    assert capsys.readouterr().out == ""


def test_export_gives_every_column_of_every_record(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert posd("export", "--state-dir", directory) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    with JournalReader(directory) as reader:
        entries = reader.entries(0, 100)
    as_bytes = {"prev_hash": bytes.fromhex, "hash": bytes.fromhex}
    same = [{k: as_bytes.get(k, lambda v: v)(v) for k, v in line.items()} for line in lines]
    assert same == [entry._asdict() for entry in entries]


def test_export_of_one_order_has_only_its_records(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert posd("export", "--state-dir", directory, "--order", order_id(2)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["seq"] == 10


def test_a_number_of_lines_that_is_none_is_a_usage_error(directory: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        posd("tail", "--state-dir", directory, "-n", "-3")
    assert caught.value.code == 2


def test_the_state_directory_can_come_from_the_configuration(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "posd.yaml").write_text(CONFIGURATION, "utf-8")
    assert posd("tail", "-c", directory / "posd.yaml", "-n", 1) == 0
    assert "SaleOpened" in capsys.readouterr().out


def test_a_wrong_configuration_is_78(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "posd.yaml").write_text("stroe: {}\n", "utf-8")
    assert posd("verify", "-c", directory / "posd.yaml") == 78
    assert "posd.yaml:1" in capsys.readouterr().err


def test_tail_follows_what_is_written_until_ctrl_c(directory: Path) -> None:
    words = ["journal", "tail", "--state-dir", str(directory), "-n", "1", "-f", "--json"]
    command = [sys.executable, "-c", POSD, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as follower:
        assert json.loads(follower.stdout.readline())["seq"] == 10
        write(directory, paid(3))
        assert json.loads(follower.stdout.readline())["seq"] == 11
        follower.send_signal(signal.SIGINT)
        follower.stdout.read()
        assert follower.wait() == 130


def test_verify_shows_its_progress_on_a_terminal_and_keeps_stdout_clean(directory: Path) -> None:
    terminal, its_end = pty.openpty()
    command = [sys.executable, "-c", POSD, "journal", "verify", "--state-dir", str(directory)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=its_end, text=True, check=True)
    os.close(its_end)
    shown = os.read(terminal, 1000).decode()
    os.close(terminal)
    assert shown.startswith("\rverifying 100 %, ")
    assert shown.endswith("0 s left \r\n")
    assert ran.stdout.startswith(f"{directory}: sound, 10 records")


def test_a_pipe_that_is_closed_early_is_no_error(directory: Path) -> None:
    write(directory, *([started()] * 200 for _ in range(5)))
    command = [sys.executable, "-c", POSD, "journal", "export", "--state-dir", str(directory)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as export:
        export.stdout.readline()
        export.stdout.close()
        assert export.stderr.read() == ""
        assert export.wait() == 0


CONFIGURATION = """
store: {id: S001, name: Corner Tea}
lane: {id: L01}
country: TW
currency: TWD
linepay:
  api: v4
  base_url: http://127.0.0.1:9
  channel_id: "1650000000"
  channel_secret_file: secret.txt
  device_profile_id: L01-0001
  device_type: POS
scanner: {driver: serial, port: /dev/ttyS0}
printer: {driver: escpos, transport: network, address: "127.0.0.1:9100", dots: 576}
state_dir: .
"""
