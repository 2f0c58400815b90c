"""`posd people` as a technician types it, on a terminal and in a script."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from posd.people.desk import PeopleDesk

CONFIG = """
store: {{id: S001, name: Corner Tea}}
lane: {{id: L01}}
country: TW
currency: TWD
linepay:
  base_url: http://127.0.0.1:1
  channel_id: "1650000000"
  channel_secret_file: secret.txt
  device_profile_id: L01
  device_type: POS
scanner: {{driver: serial, port: /dev/ttyS0}}
printer: {{driver: escpos, transport: network, address: "127.0.0.1:9100"}}
state_dir: {state}
"""
PIN = "4711"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.format(state=tmp_path / "state"))
    return path


def posd(config: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "posd", "people", "-c", str(config), *words]
    return subprocess.run(
        command, check=False, input=said, capture_output=True, text=True, timeout=60
    )


def test_a_person_is_added_listed_and_removed(config: Path) -> None:
    added = posd(config, "add", "Lin", "--role", "supervisor", said=f"{PIN}\n")
    assert (added.returncode, added.stdout) == (0, "")
    listed = posd(config, "list", "--json")
    assert json.loads(listed.stdout) == [{"name": "Lin", "role": "supervisor"}]
    assert posd(config, "add", "Lin", said=f"{PIN}\n").returncode == 2
    assert posd(config, "remove", "Lin").returncode == 0
    assert posd(config, "remove", "Lin").returncode == 1
    assert PIN not in added.stderr + listed.stdout + listed.stderr


def test_a_weak_pin_is_refused_with_what_would_do(config: Path) -> None:
    refused = posd(config, "add", "Lin", said="1234\n")
    assert refused.returncode == 2
    assert "take another" in refused.stderr
    assert not (config.parent / "state" / "people.json").exists()


def test_a_broken_configuration_is_78(config: Path) -> None:
    config.write_text("store: [")
    assert posd(config, "list").returncode == 78


def test_on_a_terminal_the_pin_is_asked_twice_and_never_shown(config: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "posd", "people", "-c", str(config), "add", "Lin"]
    child = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    try:
        for question in (b"PIN: ", b"PIN again: "):
            while not shown.endswith(question):
                shown += os.read(ours, 1000)
            os.write(ours, PIN.encode() + b"\n")
        while b"is a cashier now" not in shown:
            shown += os.read(ours, 1000)
        assert child.wait(60) == 0
    finally:
        os.close(ours)
    assert PIN.encode() not in shown
    assert PeopleDesk(config.parent / "state").identify("Lin", PIN).name == "Lin"
