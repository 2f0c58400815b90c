"""`posd check-config`: exit codes, what stands on which stream, and the secret that it reads."""

from __future__ import annotations

import argparse
import json

import pytest

from posd.cli.check_config import add_parser, check

from .desk import SMALLEST
from .fakes import FakeDrivers

REAL = SMALLEST.replace("driver: wand", "driver: serial").replace(
    "{driver: press}", '{driver: escpos, address: "192.0.2.9:9100"}'
)
SECRET = "canary-0123456789abcdef"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["check-config", *words])
    return args.run(args)


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    secret = tmp_path / "secret.txt"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    path = tmp_path / "config.yaml"
    path.write_text(REAL.replace("  api: v4", "  channel_secret_file: secret.txt"))
    return path


def test_a_right_configuration_ends_with_0_and_one_line(config, capsys):
    assert run("-c", str(config)) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"{config}: the configuration is right"
        " (store S001, lane L01, https://sandbox-api-pay.line.me)\n"
    )


def test_a_wrong_configuration_ends_with_78_and_all_problems(config, capsys):
    config.write_text(config.read_text().replace("TWD", "THB").replace("L01}", "L 1}"))
    assert run("--config", str(config)) == 78
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": ")[1] for line in err.splitlines()] == ["lane.id", "currency"]


def test_a_secret_that_others_may_read_is_a_problem(config, capsys):
    (config.parent / "secret.txt").chmod(0o644)
    assert run("-c", str(config)) == 78
    err = capsys.readouterr().err
    assert "linepay.channel_secret_file" in err
    assert "chmod 0600" in err


def test_json_stands_alone_on_stdout(config, capsys):
    config.write_text(config.read_text().replace("country: TW", "country: JP"))
    assert run("-c", str(config), "--json") == 78
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["file"] == str(config)
    (problem,) = told["problems"]
    assert problem == {
        "file": str(config),
        "line": 3,
        "column": 10,
        "key": "country",
        "message": "'JP' is not one of TW, TH",
    }


def test_the_secret_is_never_told(config, capsys):
    run("-c", str(config), "--json")
    (config.parent / "secret.txt").write_text(f"{SECRET} {SECRET}")
    run("-c", str(config), "--json")
    out, err = capsys.readouterr()
    assert SECRET not in out + err


def test_a_secret_that_only_systemd_can_open_is_noted(desk, tmp_path):
    desk.path.write_text(SMALLEST)
    encrypted = tmp_path / "channel_secret"
    none = check(desk.path, drivers=FakeDrivers(), environ={}, encrypted=encrypted)
    assert "no channel secret" in str(none.problems[0])
    encrypted.write_bytes(b"sealed")
    sealed = check(desk.path, drivers=FakeDrivers(), environ={}, encrypted=encrypted)
    assert sealed.problems == ()
    assert sealed.notes == (f"the channel secret was not read: only systemd can open {encrypted}",)
