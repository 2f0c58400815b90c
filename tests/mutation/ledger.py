"""The verdicts so far, a line of JSON each, so that a run which was cut short goes on.

The one rule: a verdict counts only while it is still true. A kill lasts until its file changes; a
survivor is tried again as soon as a file of its tests has changed.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.trial import Verdict, suite_of


class Ledger:
    """Reads and appends one file of verdicts; one thread uses it."""

    def __init__(self, path: Path, *, root: Path) -> None:
        self._path = path
        self._root = root
        self._tests: dict[str, str] = {}
        self._lines = [json.loads(line) for line in _whole_lines(path)]
        self._tried = {_key(line["mutant"], line["source"]) for line in self._lines}

    def known(self) -> dict[str, Verdict]:
        """The verdict by `mutant.name` of those lines that are still true of their tests."""
        found = {}
        for line in self._lines:
            verdict = Verdict(line["verdict"])
            if verdict is not Verdict.SURVIVED or line["tests"] == self._digest(line["suite"]):
                found[_key(line["mutant"], line["source"])] = verdict
        return found

    def verdict(self, mutant: Mutant, known: dict[str, Verdict]) -> Verdict | None:
        """What is known of `mutant` in its file as it is now."""
        return known.get(_key(mutant.name, mutant.source_digest))

    def was_tried(self, mutant: Mutant) -> bool:
        """Whether there ever was a verdict of `mutant`, be it still true or not."""
        return _key(mutant.name, mutant.source_digest) in self._tried

    def add(self, mutant: Mutant, verdict: Verdict, by: str = "") -> None:
        """Append a verdict, and the test that noticed it."""
        suite = suite_of(mutant.path)
        line = {
            "mutant": mutant.name,
            "source": mutant.source_digest,
            "suite": suite,
            "tests": self._digest(suite),
            "verdict": verdict,
            "by": by,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _digest(self, suite: str) -> str:
        if suite not in self._tests:
            files = sorted((self._root / suite).glob("*.py"))
            whole = b"\0".join(file.read_bytes() for file in files)
            self._tests[suite] = sha256(whole).hexdigest()
        return self._tests[suite]


def _key(name: str, source: str) -> str:
    return f"{source} {name}"


def _whole_lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    return [line for line in path.read_text("utf-8").split("\n")[:-1] if line.endswith("}")]
