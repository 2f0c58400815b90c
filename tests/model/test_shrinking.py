"""A failing story is made short, and tells the same failure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.shrinking import shorter
from tests.model.story import Aim, Move

ROOT = Path(__file__).parents[2]
FAULT = ROOT / "tests" / "faults" / "key-used-again.patch"
PLENTY = 10_000


@given(st.integers(1, 60), st.data())
def test_only_what_the_failure_needs_is_left(count: int, data: st.DataObject) -> None:
    needed = data.draw(st.sets(st.integers(0, count - 1), max_size=5))
    assert shorter(range(count), lambda left: needed <= set(left), PLENTY) == sorted(needed)


def test_a_move_is_told_as_it_is_written() -> None:
    for move in (Move("people.sells", 7, Aim.NEWEST), Move("hours.waits", 8)):
        assert eval(repr(move)) == move


def test_the_order_is_kept() -> None:
    left = shorter(
        "abcdefgh", lambda things: "".join(things).find("c") < "".join(things).find("f"), 50
    )
    assert "".join(left) == "f"


def test_the_search_ends_after_its_tries() -> None:
    tried: list[Sequence[int]] = []

    def breaks(left: Sequence[int]) -> bool:
        tried.append(left)
        return len(left) > 990

    assert len(shorter(range(1000), breaks, 7)) > 990
    assert len(tried) == 7


def test_nothing_is_left_out_where_everything_is_needed() -> None:
    things = list(range(20))
    assert shorter(things, lambda left: len(left) == 20, PLENTY) == things


@pytest.mark.slow
def test_a_fault_in_the_tree_is_told_in_a_handful_of_moves(tmp_path: Path) -> None:
    for part in ("posd", "devices", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "corpus")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    patch = ["git", "apply", "--unsafe-paths", f"--directory={tmp_path}", FAULT]
    subprocess.run(
        patch, cwd=tmp_path, check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"}
    )
    played = subprocess.run(
        [sys.executable, "-m", "tests.model", "--histories", "400", "--workers", "1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.stdout.startswith("invariant 2")
    told = re.search(r"^(\d+) of (\d+) moves are left", played.stdout, re.MULTILINE)
    assert told, played.stdout[-2000:]
    left, before = int(told[1]), int(told[2])
    assert left <= 6 < before
    assert played.stdout[told.end() :].count("Move('people.") >= 2
