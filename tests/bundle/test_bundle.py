"""A support archive: what is in it, what never is, and that it is there whole or not at all."""

from __future__ import annotations

import json
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from posd.cli.bundle.contents import LOG_BYTES
from posd.cli.main import main
from posd.core.people import Role
from posd.core.records import LaneStarted
from posd.logs import HIDDEN, scrub
from posd.people.pins import hashed
from posd.people.store import FILE_NAME, PeopleStore, Person
from tests.doctor.conftest import BOOT, NOW_MS, SECRET, Lane, lane, printer

__all__ = ["lane", "printer"]  # fixtures

KEY, THAI_KEY = "381234509876543210", "912345678901"
PIN = "47119"
TOKEN = "canary-token-abcdefghijklmnop"  # noqa: S105
FINGERPRINT = "c0ffee" * 10 + "c0ff"
PASSWORD = "canary/password"


@pytest.fixture
def stocked(lane: Lane) -> Lane:
    """A lane with a journal, tokens, people, and secrets in wrong places."""
    lane.journal(*(LaneStarted(BOOT, 1, NOW_MS, f"0.1.{number}") for number in range(30)))
    for name, canary in {"api-token": TOKEN, "fingerprint.key": FINGERPRINT}.items():
        (lane.state / name).write_text(f"{canary}\n")
    lane.settings["linepay"]["proxy"] = "http://shop:canary%2Fpassword@127.0.0.1:9"
    lane.settings["printer"]["drawer_pin"] = 5
    lane.settings["receipt"] = {"footer": [f"by mistake {SECRET}"]}
    return lane


def bundled(lane: Lane, *words: str, output: str = "out.tar.gz") -> dict[str, str]:
    """The files of a bundle by their names."""
    lane.write()
    lane.config.write_text(f"# the old one was {SECRET}x\n" + lane.config.read_text())
    path = lane.folder / output
    assert main(["bundle", "-c", str(lane.config), "-o", str(path), *words]) == 0
    with tarfile.open(path) as tar:
        assert all(member.isfile() and member.mode == 0o600 for member in tar.getmembers())
        found = {m.name: tar.extractfile(m) for m in tar.getmembers()}
        return {
            name.removeprefix("posd-support/"): file.read().decode()
            for name, file in found.items()
            if file is not None
        }


def log_of(lane: Lane) -> Path:
    """A log that somebody wrote without thinking."""
    path = lane.folder / "posd.log"
    path.write_text(
        f"scanned {KEY} then {THAI_KEY}, transaction 2026112400000000001\n"
        f'{{"pin": "{PIN}", "order_id": "S001-L01-01M86JMG358MPED0TPTREGC52R"}}\n'
        f"Authorization: Bearer {TOKEN}\nX: {SECRET} token={TOKEN}\n"
        f"pin: {PIN}\n{json.dumps(PASSWORD)} {FINGERPRINT}\n"
    )
    return path


@pytest.mark.parametrize("variable", ["POSD_NOBODYS__PASSWORD", "NOT_POSDS"])
def test_no_secret_token_key_or_pin_is_ever_in_it(
    stocked: Lane, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, PASSWORD)  # the first spoils the configuration
    people = PeopleStore(stocked.state / FILE_NAME)
    people.put(Person("lin", Role.SUPERVISOR, hashed(PIN)))
    files = bundled(stocked, "--log", str(log_of(stocked)))
    assert "argon2" not in "".join(files.values())
    for canary in (SECRET, TOKEN, KEY, THAI_KEY, PIN, FINGERPRINT, PASSWORD, "canary%2Fpassword"):
        assert [name for name, text in files.items() if canary in text] == [], canary
    assert HIDDEN in files["log.txt"]
    assert "2026112400000000001" in files["log.txt"]
    assert "S001-L01-01M86JMG358MPED0TPTREGC52R" in files["log.txt"]


def test_the_secret_is_hidden_also_where_the_configuration_is_wrong(stocked: Lane) -> None:
    stocked.settings["country"] = SECRET  # the report of a wrong value quotes it
    stocked.settings["linepay"]["channel_secret"] = "another-secret"
    files = bundled(stocked)
    assert SECRET not in "".join(files.values())
    assert "another-secret" not in "".join(files.values())
    assert "journal.jsonl" not in files
    assert json.loads(files["doctor.json"])["exit_code"] == 78


def test_nothing_is_hidden_any_more_once_it_is_written(stocked: Lane) -> None:
    bundled(stocked)
    assert scrub(SECRET) == SECRET


def test_the_manifest_lists_every_file_with_its_hash(stocked: Lane) -> None:
    files = bundled(stocked, "--log", str(log_of(stocked)))
    told = json.loads(files.pop("manifest.json"))
    assert set(told["files"]) == set(files)
    for name, text in files.items():
        data = text.encode()
        wanted = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
        assert told["files"][name] == wanted
    assert (told["left_out"], told["program"][:5]) == ({}, "posd ")


def test_the_newest_records_are_there_as_they_are_exported(
    stocked: Lane, capsys: pytest.CaptureFixture[str]
) -> None:
    files = bundled(stocked, "--records", "7")
    capsys.readouterr()
    assert main(["journal", "export", "--state-dir", str(stocked.state)]) == 0
    exported = capsys.readouterr().out.splitlines(keepends=True)
    assert len(exported) == 30
    assert files["journal.jsonl"] == "".join(exported[-7:])


def test_the_configuration_is_there_with_its_drop_ins_and_without_comments(stocked: Lane) -> None:
    (stocked.folder / "conf.d").mkdir()
    (stocked.folder / "conf.d" / "own.yaml").write_text("log: {level: debug}\n")
    files = bundled(stocked)
    assert "drawer_pin: 5" in files["config/config.yaml"]
    assert "channel_secret_file: secret.txt" in files["config/config.yaml"]
    assert "the old one" not in files["config/config.yaml"]
    assert files["config/own.yaml"] == "log:\n  level: debug\n"


def test_what_cannot_be_had_is_left_out_by_name(lane: Lane) -> None:
    files = bundled(lane, "--log", str(lane.folder / "nowhere.log"))
    told = json.loads(files["manifest.json"])
    assert set(told["left_out"]) == {"journal.jsonl", "log.txt"}
    assert set(told["left_out"]).isdisjoint(files)


def test_a_journal_that_cannot_be_reached_is_left_out_and_the_rest_is_written(lane: Lane) -> None:
    lane.settings["state_dir"] = f"/{'x' * 300}"  # longer than a name may be: the system refuses
    files = bundled(lane)
    assert "too long" in json.loads(files["manifest.json"])["left_out"]["journal.jsonl"]
    report = json.loads(files["doctor.json"])
    told = {one["topic"] for one in report["findings"] if "not be looked at" in one["words"]}
    assert told == {"state_dir", "journal"}


def test_of_a_long_log_only_the_end_is_taken(lane: Lane) -> None:
    log = lane.folder / "posd.log"
    log.write_bytes(b"beginning\n" + b"." * LOG_BYTES + b"the end\n")
    text = bundled(lane, "--log", str(log))["log.txt"]
    assert "beginning" not in text
    assert text.endswith("the end\n")


def test_a_configuration_that_is_no_yaml_is_never_quoted(lane: Lane) -> None:
    lane.write()
    lane.config.write_text(f"channel_secret: [{SECRET}\n")
    assert main(["bundle", "-c", str(lane.config), "-o", str(lane.folder / "x.tar.gz")]) == 0
    with tarfile.open(lane.folder / "x.tar.gz") as tar:
        file = tar.extractfile("posd-support/config/config.yaml")
        assert file is not None
        assert "is no YAML" in file.read().decode()


def test_where_it_cannot_be_written_the_end_is_77_and_nothing_is_left(
    lane: Lane, capsys: pytest.CaptureFixture[str]
) -> None:
    lane.write()
    into = lane.folder / "out.tar.gz"
    into.mkdir()
    assert main(["bundle", "-c", str(lane.config), "-o", str(into)]) == 77
    assert "cannot be written" in capsys.readouterr().err
    assert [path.name for path in lane.folder.glob(".out*")] == []


def test_it_takes_the_place_of_an_older_one_for_its_owner_only(stocked: Lane) -> None:
    old = stocked.folder / "out.tar.gz"
    old.write_text("old")
    bundled(stocked)
    assert old.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("count", ["-1", "many", "100001"])
def test_a_number_of_records_that_is_none_is_usage(
    count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["bundle", "-o", "x", "--records", count])
    assert end.value.code == 2
    assert "number" in capsys.readouterr().err
