"""A mutant against its tests, in a copy of the tree that belongs to one process.

The one rule: the tree itself is never touched, and a copy is as it was when a trial ends.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.mutation.mutants import Mutant

SUITES = {"posd/core": "tests/core", "posd/journal": "tests/journal"}
_COPIED = ("posd", "devices", "tests", "docs", "pyproject.toml", "config.example.yaml")
_LEFT = shutil.ignore_patterns("__pycache__", "corpus", "browser")
_OPTIONS = ("-x", "-q", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider")
_UNSHRUNK = ("-p", "tests.mutation.unshrunk")
_PASSED, _FAILED, _NOTHING_COLLECTED = 0, 1, 5
_OUTPUT = "output.txt"  # of the trial under way
_FAILURE = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", re.MULTILINE)
LEAST_TIMEOUT_S = 60.0
MOST_S = 900.0  # for a suite without a mutant


class Verdict(StrEnum):
    """What became of a mutant. BROKEN: its tests could not even be collected with it."""

    KILLED = "killed"
    BROKEN = "broken"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"


class NotGreen(Exception):  # noqa: N818
    """The tests fail without any mutant: nothing can be learned."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the tree in `folder`, its compiled files warm; `timeout_s` by suite."""

    folder: Path
    timeout_s: dict[str, float]

    def judge(self, mutant: Mutant) -> Verdict:
        """Run the tests of the mutant's room, those of its own file first."""
        file = self.folder / mutant.path
        sound = file.read_bytes()
        file.write_bytes(mutant.applied(sound))
        try:
            return self._verdict(mutant.path)
        finally:
            file.write_bytes(sound)

    def noticed_by(self) -> str:
        """The test that failed in the last trial, as pytest names it; empty where none did.

        A kill that no reading of the mutant explains is a test that fails now and then.
        """
        found = _FAILURE.search((self.folder / _OUTPUT).read_text("utf-8", "replace"))
        return found[1] if found else ""

    def _verdict(self, path: str) -> Verdict:
        suite = suite_of(path)
        for files in by_relevance(self.folder, path):
            code = run(self.folder, files, timeout_s=self.timeout_s[suite], uncompiled="1")
            if code is None:
                return Verdict.TIMED_OUT
            if code not in (_PASSED, _NOTHING_COLLECTED):
                return Verdict.KILLED if code == _FAILED else Verdict.BROKEN
        return Verdict.SURVIVED


def copied(root: Path, folder: Path) -> Copy:
    """Copy the tree and run its suites once; raises NotGreen."""
    for name in _COPIED:
        place = root / name
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=_LEFT)
        else:
            shutil.copy2(place, folder / name)
    timeouts_s = {suite: _warm(folder, suite) for suite in SUITES.values()}
    for path in SUITES:  # a file that is about to change is compiled anew each time
        shutil.rmtree(folder / path / "__pycache__", ignore_errors=True)
    return Copy(folder, timeouts_s)


def suite_of(path: str) -> str:
    """The folder of tests for the file `path`."""
    return SUITES[path.rpartition("/")[0]]


def by_relevance(root: Path, path: str) -> list[list[str]]:
    """The test files of `path` in two groups: its own, then the others, those that import it first.

    What its own tests notice, as they mostly do, is noticed without collecting all the others.
    """
    stem = Path(path).stem
    room = path.rpartition("/")[0].replace("/", ".")
    imports = re.compile(rf"{re.escape(room)}(\.{stem}\b| import [^\n]*\b{stem}\b)")
    files = sorted((root / suite_of(path)).glob("test_*.py"))
    own = [file for file in files if file.name == f"test_{stem}.py"]
    others = [file for file in files if file not in own]
    others.sort(key=lambda file: not imports.search(file.read_text("utf-8")))
    return [[str(file.relative_to(root)) for file in group] for group in (own, others) if group]


def run(folder: Path, files: Sequence[str], *, timeout_s: float, uncompiled: str) -> int | None:
    """The exit code of pytest over `files`; None when it was ended after `timeout_s`.

    `uncompiled` is PYTHONDONTWRITEBYTECODE: a trial leaves no compiled file of its mutant behind.
    A script that a test starts as a process must meet the mutant too: PYTHONPATH leads to it.
    """
    here = {"PYTHONDONTWRITEBYTECODE": uncompiled, "PYTHONPATH": str(folder)}
    environ = {**os.environ, **here}
    scratch = f"--basetemp={folder / 'scratch'}"
    command = [sys.executable, "-m", "pytest", *_OPTIONS, *_UNSHRUNK, scratch, *files]
    with (
        (folder / _OUTPUT).open("w") as out,
        subprocess.Popen(
            command, cwd=folder, env=environ, stdout=out, stderr=out, start_new_session=True
        ) as process,
    ):
        try:
            return process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the processes that its tests started
            return None


def _warm(folder: Path, suite: str) -> float:
    started_s = time.monotonic()
    if run(folder, [suite], timeout_s=MOST_S, uncompiled="") != _PASSED:
        output = (folder / _OUTPUT).read_text("utf-8", "replace")
        raise NotGreen(f"{output}\n{suite} fails without any mutant; make it pass first")
    return max(LEAST_TIMEOUT_S, 5 * (time.monotonic() - started_s))
