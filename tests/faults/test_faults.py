"""Twelve faults, each a patch to a copy of the tree: the histories find each and name what broke.

A suite that cannot fail proves nothing; this one says what it would have found.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).parent
HISTORIES = "400"
BROKEN = {
    "send-before-journal": "invariant 1",
    "absence-believed-at-once": "invariant 15",
    "print-before-commit": "invariant 5",
    "timeout-taken-as-declined": "invariant 7",
    "abandon-without-reversal": "invariant 13",
    "key-used-again": "invariant 2",
    "partial-refund-repeated": "invariant 12",
    "decline-believed-without-a-check": "invariant 7",
    "restart-cancels-sent": "invariant 4",
    "second-attempt-without-abandon": "invariant 3",
    "mismatch-accepted": "invariant 14",
    "pay-sent-after-its-time": "invariant 1",
}

pytestmark = pytest.mark.slow


def test_every_patch_is_expected_to_break_something() -> None:
    assert {path.stem for path in FAULTS.glob("*.patch")} == set(BROKEN)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what runs."""
    for part in ("posd", "devices", "tests"):
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "corpus")
        )
    return tmp_path


@pytest.mark.parametrize("fault", BROKEN)
def test_the_histories_find_it_and_name_the_invariant(tree: Path, fault: str) -> None:
    patch = ["git", "apply", "--unsafe-paths", f"--directory={tree}", FAULTS / f"{fault}.patch"]
    subprocess.run(patch, cwd=tree, check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"})
    played = subprocess.run(
        [sys.executable, "-m", "tests.model", "--histories", HISTORIES, "--workers", "2"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 1, f"nothing noticed {fault}"
    assert played.stdout.startswith(BROKEN[fault]), played.stdout[:200]
