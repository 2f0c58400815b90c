from __future__ import annotations

import json

import pytest

from posd.cli import main as cli
from posd.drill import report
from posd.drill.drill import Outcome
from posd.drill.judge import Judgement
from posd.drill.lane import Run
from posd.drill.points import Kind, Point
from posd.drill.scenarios import SCENARIOS

APPROVED, DECLINED = SCENARIOS[:2]
LOST = Judgement(losses=1, findings=["loss: A was charged, and the journal does not know it"])


def outcome() -> Outcome:
    hit = Point(APPROVED.name, Kind.REQUEST, "pay")
    missed = Point(APPROVED.name, Kind.PROOF, "receipt")
    runs = [
        Run(APPROVED, None, charges=1),
        Run(DECLINED, None, charges=1),
        Run(APPROVED, hit, killed=True, settle_s=1.5, charges=2, judgement=LOST),
        Run(APPROVED, missed, charges=1),
    ]
    return Outcome(seed=7, points=20, runs=runs, judgement=LOST)


def test_the_figures_are_told_as_data():
    told = json.loads(report.as_json(outcome()))
    assert list(told)[:7] == [
        "scenarios",
        "kills",
        "charges",
        "doubles",
        "losses",
        "second_originals",
        "unsettled",
    ]
    assert (told["scenarios"], told["kills"], told["charges"], told["losses"]) == (2, 1, 5, 1)
    assert told["seconds_to_settle"] == {"median": 1.5, "max": 1.5}
    assert told["missed"] == ["approved: proof receipt 1"]
    assert [row["losses"] for row in told["rows"]] == [1, 0]


def test_the_table_names_what_was_found_and_how_many_moments_there_are():
    told = report.as_text(outcome()).splitlines()
    assert told[0].startswith("scenario ")
    assert [line.split()[0] for line in told[1:4]] == ["approved", "declined", "all"]
    assert "1 of 20 kill points, seed 7" in told
    assert told[-1] == f"FOUND {LOST.findings[0]}"


def test_a_drill_is_quick_or_full(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        cli.main(["drill", "--quick", "--full"])
    assert ended.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
