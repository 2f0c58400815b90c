"""What a power cut leaves; `python -m tests.journal.power_cuts` does thousands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from . import power_cuts
from .power_cuts import FULL, NORMAL, Tally, cut


def cuts(folder: Path, seeds: range, synchronous: int = FULL) -> Tally:
    tally = Tally()
    for seed in seeds:
        directory = folder / str(seed)
        directory.mkdir(parents=True)
        cut(directory, seed, tally, synchronous=synchronous)
    return tally


def assert_nothing_lost(tally: Tally) -> None:
    assert tally.broken == []
    assert (tally.lost_records, tally.cuts_with_loss) == (0, 0)
    # None of this would say anything if the lanes did not do what they are said to do.
    assert min(tally.records / tally.cuts, tally.epochs, tally.ballasts) >= 2


def test_a_power_cut_at_any_write_or_flush_loses_nothing_that_was_acknowledged(
    in_memory: Path,
) -> None:
    assert_nothing_lost(cuts(in_memory, range(60)))


@pytest.mark.slow
def test_300_power_cuts_lose_nothing_that_was_acknowledged(in_memory: Path) -> None:
    assert_nothing_lost(cuts(in_memory, range(1000, 1300)))


def test_the_power_cut_is_real_a_journal_that_does_not_flush_loses_records(in_memory: Path) -> None:
    tally = cuts(in_memory, range(30), NORMAL)
    assert tally.cuts_with_loss > 5
    assert tally.lost_records > 5


def test_a_seed_shows_the_same_cut_again(in_memory: Path) -> None:
    one, other = (cuts(in_memory / name, range(5), NORMAL) for name in ("one", "again"))
    assert one == other


def test_the_command_tells_its_figures_and_ends_with_1_after_a_loss(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert power_cuts.main(["--cuts", "5", "--seed", "7"]) == 0
    assert power_cuts.main(["--cuts", "12", "--synchronous", "normal"]) == 1
    sound, weak = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (sound["cuts"], sound["lost_records"], sound["broken"]) == (5, 0, 0)
    assert weak["lost_records"] > 0
