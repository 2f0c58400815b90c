"""The page about the state machines is what the tables say."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from posd.core.order import MoneyState, PaperState, Verdict
from tests.docs.drawing import drawing

PAGE = Path(__file__).parents[2] / "docs" / "state-machines.md"


def test_the_page_is_drawn_from_the_tables() -> None:
    written, drawn = PAGE.read_text(encoding="utf-8"), drawing()
    if written != drawn:
        diff = difflib.unified_diff(written.splitlines(), drawn.splitlines(), "written", "drawn")
        again = "run: python -m tests.docs.drawing > docs/state-machines.md\n"
        pytest.fail(again + "\n".join(diff), pytrace=False)


@pytest.mark.parametrize("state", [*MoneyState, *PaperState])
def test_every_state_is_in_a_diagram(state: str) -> None:
    arrows = [line for line in drawing().splitlines() if " --> " in line]
    assert any(f" {state}" in line.partition(":")[0] for line in arrows)


@pytest.mark.parametrize("word", list(Verdict))
def test_every_verdict_is_told(word: str) -> None:
    assert f"| {word.replace('_', ' ')} |" in drawing()
