"""The soak sells at a real daemon, tells what it saw, and its exit code follows the limits."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from . import judging
from .__main__ import main
from .beat import Beat
from .counter import KINDS, kind_of
from .samples import Observer

SALES = 1500
NUMBERS = range(1, 100_001)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.slow
def test_a_daemon_that_sold_fifteen_hundred_times_is_as_it_was_after_its_warm_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["--sales", str(SALES), "--window", str(SALES // 6), "--json"])
    report = told(capsys)
    held = [
        one for one in report["broken"] if " ms, over " not in one
    ]  # 250 sales have no steady time
    assert held == []
    assert code == bool(report["broken"])
    assert report["sales"] == SALES
    assert report["ended"]["PAID"] > SALES * 0.9
    assert len(report["samples"]) == 6


@pytest.mark.slow
def test_a_limit_that_is_broken_is_told_and_is_the_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "JOURNAL_BYTES_PER_SALE", 10)
    assert main(["--sales", "200", "--window", "50"]) == 1
    out = capsys.readouterr().out
    assert "BROKEN: the journal grew by " in out
    assert out.endswith("broken\n")


def test_most_sales_are_plain_and_every_kind_is_among_them() -> None:
    kinds = [kind_of(number) for number in NUMBERS]
    assert kinds.count("plain") > 0.95 * len(kinds)
    assert all(kinds.count(kind) > 90 for kind in KINDS)


def test_an_observer_sees_descriptors_threads_memory_and_files_of_another_process(
    tmp_path: Path,
) -> None:
    (tmp_path / "journal.db").write_bytes(bytes(4096))
    (tmp_path / "sent.log.1").write_bytes(bytes(10))
    script = ["/bin/sh", "-c", "exec 9</dev/null; echo at rest; read end"]
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"at rest\n"
        sample = Observer(other.pid, tmp_path).sample(10, [1.0, 2.0, 3.0], [0.5])
    assert sample.descriptors == 4
    assert sample.threads == 1
    assert sample.rss_bytes > 100_000
    assert (sample.journal_bytes, sample.wal_bytes, sample.sent_log_bytes) == (4096, 0, 10)
    assert (sample.sales, sample.median_ms, sample.p99_ms) == (10, 2.0, 3.0)
    assert (sample.beat_median_ms, sample.beat_p99_ms) == (0.5, 0.5)
    assert sample.cpu_ms >= 0


def test_a_beat_takes_time_and_leaves_no_process(tmp_path: Path) -> None:
    with Beat(tmp_path) as beat:
        assert beat.take_ms() > 0
    assert beat._echo.returncode == 0
