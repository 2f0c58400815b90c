"""The bench of the scanner times its three readers scan by scan."""

from __future__ import annotations

from pathlib import Path

from bench.plan import Plan
from bench.scanner import reading


def test_each_reader_has_every_scan_in_hand_after_it_was_typed(tmp_path: Path) -> None:
    figures = {figure.key: figure for figure in reading(Plan(sales=3), tmp_path)}
    assert set(figures) == {"scanner_to_scan_ms", "scanner_to_inbox_ms", "scanner_read_until_ms"}
    for figure in figures.values():
        assert figure.notes["scans"] == 3
        assert 0 < figure.notes["least"] <= figure.value <= figure.notes["p99"]
