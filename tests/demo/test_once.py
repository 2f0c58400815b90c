"""`posd demo --once`: a whole sale on a machine that has nothing but posd."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PNG = b"\x89PNG\r\n\x1a\n"
KEYS = {
    "verdict",
    "api",
    "order_id",
    "transaction_id",
    "amount",
    "currency",
    "receipt",
    "png",
    "pay_requests",
    "timings_ms",
}
STEPS = ["scan_to_request", "request_to_answer", "answer_to_first_print_byte", "total"]


def demo(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posd", "demo", "--once", *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )


@pytest.mark.parametrize("api", ["v4", "v2.4", "v2"])
def test_one_sale_is_told_as_json_whatever_the_dialect(tmp_path: Path, api: str) -> None:
    ended = demo(tmp_path, "--json", "--api", api)
    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    assert set(told) == KEYS
    assert (told["verdict"], told["api"], told["pay_requests"]) == ("PAID", api, 1)
    assert (told["amount"], told["currency"]) == ("120", "TWD")
    assert re.fullmatch(r"DEMO-L01-[0-9A-Z]{26}", told["order_id"])
    assert re.fullmatch(r"[0-9]{19}", told["transaction_id"])
    for fact in ("TEST", told["order_id"], told["transaction_id"], "120 TWD"):
        assert fact in told["receipt"]
    assert list(told["timings_ms"]) == STEPS
    assert all(isinstance(step, float) for step in told["timings_ms"].values())
    steps_ms = sum(told["timings_ms"][step] for step in STEPS[:3])
    assert steps_ms == pytest.approx(told["timings_ms"]["total"], abs=0.01)
    assert Path(told["png"]).read_bytes().startswith(PNG)
    assert list(tmp_path.glob("posd-*")) == [Path(told["png"])]


def test_one_sale_is_told_to_a_person(tmp_path: Path) -> None:
    ended = demo(tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Corner Tea" in ended.stdout
    assert "PAID: order DEMO-L01-" in ended.stdout
    assert "pay requests sent: 1" in ended.stdout
