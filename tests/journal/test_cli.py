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
from posd.journal.identity import LaneIdentity, this_machine
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader

from .samples import AT, BOOT, LANE, lines, opened, order_id, paid, started, tamper, write

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


# ---- adopt -----------------------------------------------------------------------------------


@pytest.fixture
def moved(directory: Path) -> Path:
    """A state directory from another machine, with its configuration and two payments sent."""
    (directory / "posd.yaml").write_text(CONFIGURATION, "utf-8")
    lines(directory, 1, 3)
    return directory


def epochs(directory: Path) -> list[tuple[int, str, str]]:
    with JournalReader(directory) as reader:
        return [(epoch.epoch, epoch.machine_id, epoch.reason) for epoch in reader.epochs()]


def adopt(directory: Path, *words: object) -> int:
    return posd("adopt", "-c", directory / "posd.yaml", "--reason", "a new till", *words)


def test_adopt_tells_what_begins_and_what_will_be_asked_about(
    moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert adopt(moved, "--yes") == 0
    identity = LaneIdentity("S001", "L01", this_machine())
    assert capsys.readouterr().out.splitlines() == [
        f"epoch 2 begins after record 10: {identity}",
        f"opened again: {order_id(3)} R00000003 of 2026-11-18 11:06:40Z",
        "1 payment(s) will be asked about; start posd now",
    ]
    assert epochs(moved)[1:] == [(2, this_machine(), "a new till")]
    Journal.open(moved, identity, sent=[order_id(1), order_id(3)]).close()


def test_adopt_of_a_damaged_journal_tells_what_was_kept_and_where_the_rest_lies(
    moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(moved, "UPDATE record SET actor = 'me' WHERE seq = 5")
    assert adopt(moved, "--yes") == 70
    assert "record 5: its hash does not match" in capsys.readouterr().err
    assert adopt(moved, "--yes", "--damaged") == 0
    kept, further, *_ = capsys.readouterr().out.splitlines()
    assert kept.startswith(
        f"4 records were kept. The damaged files are at {moved}/journal-damaged-"
    )
    assert further == "no further: record 5: its hash does not match its content"
    assert posd("verify", "--state-dir", moved) == 0


def test_adopt_asks_at_a_terminal_and_only_yes_is_yes(
    moved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for answer, code in {"no": 1, "y": 1, "yes": 0}.items():
        keyboard, terminal = pty.openpty()
        os.write(keyboard, f"{answer}\n".encode())
        with os.fdopen(terminal) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            assert adopt(moved) == code
        os.close(keyboard)
        asked = capsys.readouterr().err
        assert f"The journal in {moved} becomes that of store S001 lane L01" in asked
        assert len(epochs(moved)) == (2 if code == 0 else 1)


def test_adopt_without_a_terminal_needs_yes(
    moved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open(os.devnull) as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert adopt(moved) == 2
    assert "say --yes" in capsys.readouterr().err
    assert len(epochs(moved)) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_adopt_by_another_than_the_owner_is_refused_or_posd_could_not_write_afterwards(
    moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.chown(moved, 65534, -1)
    assert adopt(moved, "--yes") == 77
    assert "uid 65534" in capsys.readouterr().err
    assert len(epochs(moved)) == 1


def test_adopt_beside_a_running_posd_is_75_and_names_it(
    moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = Journal.open(moved, LANE)
    assert adopt(moved, "--yes") == 75
    assert f"pid {os.getpid()}" in capsys.readouterr().err
    journal.close()


@pytest.mark.parametrize("words", [[], ["--reason", "  "]])
def test_adopt_without_a_reason_is_a_usage_error(moved: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        posd("adopt", "-c", moved / "posd.yaml", "--yes", *words)
    assert caught.value.code == 2


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
