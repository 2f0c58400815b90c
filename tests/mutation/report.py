"""The verdicts of a sample in words: how many were killed, and every one that was not.

The one rule: the share is of all mutants tried; none is taken out of it afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tests.mutation.mutants import Mutant
from tests.mutation.trial import Verdict


def killed_percent(verdicts: Mapping[Mutant, Verdict]) -> float:
    """The share of mutants that the tests noticed; one that ran for ever was noticed too."""
    survived = sum(verdict is Verdict.SURVIVED for verdict in verdicts.values())
    return 100 * (1 - survived / len(verdicts)) if verdicts else 0.0


def told(verdicts: Mapping[Mutant, Verdict]) -> str:
    """The report as Markdown."""
    lines = [
        f"{killed_percent(verdicts):.1f} % of {len(verdicts)} mutants were noticed.",
        "",
        "| file | mutants | killed | broken | timed out | survived |",
        "|---|---|---|---|---|---|",
        *(_row(path, of_file) for path, of_file in sorted(_by_file(verdicts).items())),
        _row("all", Counter(verdicts.values())),
        "",
        *sorted(f"- {m.name}" for m, v in verdicts.items() if v is Verdict.SURVIVED),
    ]
    return "\n".join(lines) + "\n"


def _by_file(verdicts: Mapping[Mutant, Verdict]) -> dict[str, Counter[Verdict]]:
    found: dict[str, Counter[Verdict]] = {}
    for mutant, verdict in verdicts.items():
        found.setdefault(mutant.path, Counter())[verdict] += 1
    return found


def _row(name: str, counted: Counter[Verdict]) -> str:
    cells = [name, counted.total(), *(counted[verdict] for verdict in Verdict)]
    return f"| {' | '.join(map(str, cells))} |"
