"""What a drill tells: seven figures, with what stands behind them, as JSON or as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from statistics import median
from typing import Any

from posd.drill.drill import Outcome
from posd.drill.lane import Run

_ROW = "{:<22}{:>8}{:>9}{:>9}{:>8}{:>11}{:>11}{:>10}"
_HEAD = ("scenario", "kills", "charges", "doubles", "losses", "2nd orig.", "unsettled", "settle s")


def as_data(outcome: Outcome) -> dict[str, Any]:
    """The report as plain data; the four findings are zero where all is well."""
    found = outcome.judgement
    settled = [run.settle_s for run in outcome.runs if run.killed]
    names = list(dict.fromkeys(run.scenario.name for run in outcome.runs))
    return {
        "scenarios": len(names),
        "kills": len(settled),
        "charges": sum(run.charges for run in outcome.runs),
        "doubles": found.doubles,
        "losses": found.losses,
        "second_originals": found.second_originals,
        "unsettled": found.unsettled,
        "kill_points": outcome.points,
        "seed": outcome.seed,
        "seconds_to_settle": _seconds(settled),
        "findings": found.findings,
        "missed": [str(run.point) for run in outcome.runs if run.point and not run.killed],
        "rows": [
            _row(name, [r for r in outcome.runs if r.scenario.name == name]) for name in names
        ],
    }


def as_text(outcome: Outcome) -> str:
    """The same as a table for people."""
    data = as_data(outcome)
    lines = [_ROW.format(*_HEAD)]
    for row in data["rows"]:
        lines.append(_line(row["scenario"], row))
    lines.append(_line("all", data))
    seconds = data["seconds_to_settle"]
    lines.append("")
    lines.append(f"{data['kills']} of {data['kill_points']} kill points, seed {data['seed']}")
    lines.append(f"settled after {seconds['median']} s (median), {seconds['max']} s at most")
    if data["missed"]:
        lines.append(f"did not come: {'; '.join(data['missed'])}")
    lines += [f"FOUND {finding}" for finding in data["findings"]]
    return "\n".join(lines)


def _line(name: str, row: dict[str, Any]) -> str:
    figures = [row[key] for key in ("kills", "charges", "doubles", "losses")]
    more = [row["second_originals"], row["unsettled"], row["seconds_to_settle"]["median"]]
    return _ROW.format(name, *figures, *more)


def _row(name: str, runs: Sequence[Run]) -> dict[str, Any]:
    killed = [run for run in runs if run.killed]
    return {
        "scenario": name,
        "kills": len(killed),
        "charges": sum(run.charges for run in runs),
        "doubles": sum(run.judgement.doubles for run in runs),
        "losses": sum(run.judgement.losses for run in runs),
        "second_originals": sum(run.judgement.second_originals for run in runs),
        "unsettled": sum(run.judgement.unsettled for run in runs),
        "seconds_to_settle": _seconds([run.settle_s for run in killed]),
    }


def _seconds(settled: Sequence[float]) -> dict[str, float]:
    if not settled:
        return {"median": 0.0, "max": 0.0}
    return {"median": round(median(settled), 2), "max": round(max(settled), 2)}


def as_json(outcome: Outcome) -> str:
    """The data as one line of JSON."""
    return json.dumps(as_data(outcome), ensure_ascii=False)
