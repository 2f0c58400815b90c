"""The whole report: marks, next actions, exit codes, and that looking leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posd.cli.doctor.findings import Mark
from posd.cli.main import main
from tests.daemon.printer import EpsonPrinter

from .conftest import LIVING, SECRET, Lane


def traces(folder: Path) -> dict[str, tuple[int, int]]:
    paths = [folder, *folder.rglob("*")]
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in paths if not p.is_socket()}


def test_a_lane_at_work_has_nothing_broken(lane: Lane, running: Callable[..., Any]) -> None:
    lane.journal()
    with running():
        report = lane.examined()
    assert [one for one in report.findings if one.mark is Mark.FAIL] == []
    assert report.exit_code == 0
    topics = {one.topic for one in report.findings}
    assert topics >= {"version", "configuration", "secret", "clock", "state_dir", "medium", "disk"}
    assert topics >= {"journal", "epochs", "unfinished", "daemon", "sales", "scanner", "printer"}
    assert "linepay" in topics


def test_whatever_is_not_well_names_a_next_action(lane: Lane) -> None:
    lane.scanner.unlink()
    findings = lane.examined(clock_state=lambda: 5).findings
    assert {one.mark for one in findings} == {Mark.OK, Mark.WARN, Mark.FAIL}
    for one in findings:
        assert bool(one.next) is (one.mark is not Mark.OK), one


def test_something_broken_ends_with_6(lane: Lane) -> None:
    lane.scanner.unlink()
    assert lane.examined().exit_code == 6


def test_a_wrong_configuration_ends_with_78_and_nothing_else_is_looked_at(lane: Lane) -> None:
    lane.settings["country"] = "JP"
    report = lane.examined()
    assert report.exit_code == 78
    assert [one.topic for one in report.findings] == ["version", "configuration"]
    assert "config.yaml:" in report.findings[1].words


def test_a_secret_that_others_may_read_ends_with_78(lane: Lane) -> None:
    lane.secret.chmod(0o644)
    report = lane.examined()
    assert report.exit_code == 78
    assert "chmod 0600" in report.findings[1].words


def test_looking_leaves_no_trace_and_no_paper(lane: Lane, printer: EpsonPrinter) -> None:
    lane.journal()
    lane.write()
    before = traces(lane.folder)
    lane.examined()
    lane.write()  # the only file that the test itself writes again
    after = traces(lane.folder)
    after[str(lane.config)] = before[str(lane.config)]
    assert after == before
    assert printer.rest() == []


def test_the_lines_for_people_have_the_action_below(
    lane: Lane, capsys: pytest.CaptureFixture[str]
) -> None:
    lane.settings["country"] = "JP"
    lane.write()
    assert main(["doctor", "-c", str(lane.config)]) == 78
    _, wrong, then = capsys.readouterr().out.splitlines()
    assert wrong.startswith("fail  configuration  ")
    assert then.endswith("-> mend it; posd check-config tells when it is")


def test_json_stands_alone_on_stdout_and_never_tells_the_secret(
    lane: Lane, running: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    lane.settings["scanner"]["port"] = "/nowhere"
    lane.write()
    with running({**LIVING, "hindrances": ["disk_low"]}):
        assert main(["doctor", "-c", str(lane.config), "--json"]) == 6
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["ok"], told["exit_code"], err) == (False, 6, "")
    assert {"mark", "topic", "words", "next"} == set(told["findings"][0])
    assert SECRET not in out
