from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posd.cli import drill as command
from posd.drill.drill import Plan
from posd.drill.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
FIGURES = ("doubles", "losses", "second_originals", "unsettled")
PATIENCE_S = 300


@pytest.mark.slow
def test_a_quick_drill_finds_nothing():
    ended = subprocess.run(
        [sys.executable, "-m", "posd", "drill", "--quick", "--json"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    told = json.loads(ended.stdout)
    assert [told[name] for name in FIGURES] == [0, 0, 0, 0], told["findings"]
    assert told["scenarios"] == len(told["rows"]) == 12
    assert 48 <= told["kills"] <= told["kill_points"]
    assert told["charges"] > told["kills"]
    assert (ended.returncode, ended.stderr, told["findings"]) == (0, "", [])


@pytest.mark.slow
def test_a_journal_that_forgets_is_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    plan = Plan(seed=1, kills=None, scenarios=SCENARIOS[:1], victim="tests.drill.forgetful")
    assert command.report(plan, as_json=True) == command.FINDINGS
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["doubles"] > 0
    assert told["losses"] > 0
    assert any("2 charges that were kept" in finding for finding in told["findings"])
    (kept,) = tmp_path.iterdir()
    assert str(kept) in err


@pytest.mark.slow
def test_ctrl_c_ends_it_with_130_and_leaves_nothing(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-m", "posd", "drill"],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        while not any(tmp_path.glob("*/lane-*/state/journal.db")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert list(tmp_path.iterdir()) == []
    assert _processes_naming(str(tmp_path)) == []


def _processes_naming(text: str) -> list[str]:
    """The command lines in which the text stands."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if text in words:
            found.append(words)
    return found
