from __future__ import annotations

import threading
from pathlib import Path

from posd.drill.box import Box
from posd.drill.lane import Lane
from posd.drill.points import Kind, Point
from posd.drill.scenarios import SCENARIOS

APPROVED = SCENARIOS[0]


def test_killed_before_the_proof_of_its_receipt_a_sale_ends_with_an_original_and_a_copy(
    tmp_path: Path,
):
    box = Box(tmp_path / "box", "posd.drill.victim")
    lane = Lane(box, "1", threading.Event())
    try:
        run = lane.play(APPROVED, Point(APPROVED.name, Kind.PROOF, "receipt"))
    finally:
        found = lane.close()
    assert (run.killed, run.charges, run.judgement.findings) == (True, 1, [])
    (order_id,) = {entry.order_id for entry in run.entries} - {None}
    original, copy = (paper for paper in box.papers if order_id in paper)
    assert "COPY" not in original
    assert "COPY 1" in copy
    assert found.clean


def test_a_point_that_is_never_reached_kills_nobody(tmp_path: Path):
    box = Box(tmp_path / "box", "posd.drill.victim")
    lane = Lane(box, "1", threading.Event())
    try:
        run = lane.play(APPROVED, Point(APPROVED.name, Kind.REQUEST, "refund"))
    finally:
        lane.close()
    assert (run.killed, run.charges, run.judgement.findings) == (False, 1, [])
