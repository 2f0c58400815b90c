"""The daemon, its address and its unit."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any

import pytest

from posd.cli.doctor.findings import Mark
from posd.cli.doctor.service import unit

from .conftest import LIVING, Lane

LOADED = {
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "running",
    "UnitFileState": "enabled",
    "NRestarts": "0",
    "Result": "success",
}


def test_a_posd_that_does_not_run_is_no_fault_by_itself(lane: Lane) -> None:
    found = lane.finding("daemon")
    assert found.mark is Mark.WARN
    assert "start it" in found.next


def test_a_running_posd_of_another_version_wants_a_restart(
    lane: Lane, running: Callable[..., Any]
) -> None:
    with running({**LIVING, "version": "0.0.9"}):
        found = lane.finding("daemon")
    assert found.mark is Mark.WARN
    assert "0.0.9 runs" in found.words


def test_why_no_sale_is_taken_is_told_in_words(lane: Lane, running: Callable[..., Any]) -> None:
    with running({**LIVING, "hindrances": ["disk_low"]}):
        found = lane.finding("sales")
    assert found.mark is Mark.FAIL
    assert "disk_low" in found.next


def test_a_posd_that_refuses_the_asker_is_told(lane: Lane, running: Callable[..., Any]) -> None:
    with running({"title": "no token", "code": "unauthorized"}, status=401):
        found = lane.finding("daemon")
    assert found.mark is Mark.FAIL
    assert "no token" in found.words


def test_a_process_that_holds_the_journal_and_does_not_answer_is_named(lane: Lane) -> None:
    lane.journal()
    with (lane.state / "journal.lock").open():
        found = lane.finding("daemon")
        assert "was not asked" in lane.finding("printer").words
    assert found.mark is Mark.FAIL
    assert f"pid {os.getpid()}" in found.words


def test_who_has_the_port_of_the_api_is_named(lane: Lane) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        lane.settings["api"]["listen"] = f"127.0.0.1:{mute.getsockname()[1]}"
        mute.close()
        assert lane.finding("port").mark is Mark.OK
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        lane.settings["api"]["listen"] = f"127.0.0.1:{other.getsockname()[1]}"
        found = lane.finding("port")
    assert found.mark is Mark.FAIL
    assert f"pid {os.getpid()}" in found.words


def test_a_unit_at_work_is_fine() -> None:
    (found,) = unit(LOADED)
    assert found.mark is Mark.OK


@pytest.mark.parametrize(
    ("changes", "marks", "words"),
    [
        ({"LoadState": "not-found"}, [Mark.WARN], "does not know"),
        ({"ActiveState": "failed", "Result": "exit-code"}, [Mark.FAIL], "exit-code"),
        ({"NRestarts": "7"}, [Mark.WARN], "7 times"),
        ({"UnitFileState": "disabled"}, [Mark.OK, Mark.WARN], "does not start"),
    ],
)
def test_what_is_wrong_with_a_unit_is_told(
    changes: dict[str, str], marks: list[Mark], words: str
) -> None:
    found = list(unit({**LOADED, **changes}))
    assert [one.mark for one in found] == marks
    assert words in found[-1].words


def test_where_systemd_is_not_asked_nothing_is_told(lane: Lane) -> None:
    assert list(unit({})) == []
    assert lane.findings("unit") == []


def test_systemd_is_asked_for_the_unit_where_it_is_the_init(lane: Lane) -> None:
    program = lane.folder / "systemctl"
    program.write_text("#!/bin/sh\necho LoadState=loaded\necho ActiveState=failed\n")
    program.chmod(0o755)
    found = lane.findings("unit", booted=lane.folder, systemctl=str(program))
    assert [one.mark for one in found] == [Mark.FAIL, Mark.WARN]
