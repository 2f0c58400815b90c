"""The bench tells what it measured, and measures at the edges of a daemon that really sells."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest

from bench.__main__ import SUITES
from bench.children import ROOT, BenchFailed, Child
from bench.counter import PAUSE_S, bare_counter, counter
from bench.figures import LIMITS, Figure, median, p99, report
from bench.latency import FOOTER
from bench.ledger import RECORDS_EACH, write
from posd.journal.reader import JournalReader
from posd.journal.verify import verify

PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
QUESTION = b"\x10\x04\x01"


def test_the_99th_of_a_hundred_is_a_reading_that_was_made() -> None:
    assert p99(list(range(1, 101))) == 99
    assert p99([3.0]) == 3.0
    assert median([1.0, 9.0, 2.0]) == 2.0


def test_a_figure_at_its_limit_is_ok_and_above_it_is_not() -> None:
    key, limit = "rss_mb", LIMITS["rss_mb"]
    assert Figure(key, limit, "MiB").ok is True
    assert Figure(key, limit + 0.1, "MiB").ok is False
    assert Figure("flush_ms", 1.0, "ms").ok is None


def test_a_figure_tells_value_limit_verdict_unit_and_notes() -> None:
    told = json.loads(json.dumps(Figure("lookup_ms", 1.23456, "ms", {"most": 9.0}).as_json()))
    assert told == {"value": 1.235, "limit": 5.0, "ok": True, "unit": "ms", "most": 9.0}


def test_the_page_names_every_limit_as_it_is_judged() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([0-9.]+)", PAGE, re.MULTILINE))
    assert {key: float(limit) for key, limit in rows.items()} == LIMITS


def test_the_page_names_every_part_that_can_be_run_alone() -> None:
    (listed,) = re.findall(r"one of: (.+)", PAGE)
    assert listed.split(", ") == list(SUITES)


def test_the_printer_answers_questions_and_times_the_job_behind_them() -> None:
    with Child("bench.printer") as printer:
        with socket.create_connection(("127.0.0.1", printer.hello["port"]), 10) as line:
            line.sendall(QUESTION)
            assert line.recv(1) == b"\x16"
            line.sendall(b"\x1b@receipt\x1dr\x01")
            assert line.recv(1) == b"\0"
        told = printer.told()
    assert told["first_ns"] < told["job_ns"]
    assert told["bytes"] == 12


def test_a_child_that_says_nothing_is_named() -> None:
    with Child("bench.printer") as printer, pytest.raises(BenchFailed, match="bench.printer"):
        printer.told(timeout_s=0.0)


def test_the_journal_of_the_bench_is_one_that_posd_accepts(tmp_path: Path) -> None:
    order_ids = write(tmp_path, 501)
    assert verify(tmp_path) == []
    with JournalReader(tmp_path) as reader:
        assert reader.head().seq == 501 * RECORDS_EACH
        assert len(reader.order(order_ids[-1])) == RECORDS_EACH


def test_posd_and_the_bare_loop_sell_at_the_same_gateway(tmp_path: Path) -> None:
    with (
        Child("bench.gateway") as gateway,
        counter(tmp_path, gateway, footer=FOOTER) as posd,
        bare_counter(gateway) as bare,
    ):
        times = posd.sell([{"name": "珍珠奶茶", "price": "1"}], PAUSE_S)
        assert times.scan_to_request > 0 and bare.sell() > 0
        assert times.approval_to_first_byte <= times.approval_to_print
        posd.prove_paid()
        assert posd.daemon.rss_mb() > 1 and posd.daemon.cpu_s() > 0


def test_a_report_has_every_figure_with_a_limit_under_its_key() -> None:
    told = report([Figure(key, 1.0, "ms") for key in LIMITS])
    detail = told.pop("figures")
    assert set(detail) == set(LIMITS)
    assert told["scan_to_request_ms"] == {"median": 1.0, "p99": 1.0}
    plain = [
        part for one in told.values() for part in (one.values() if type(one) is dict else [one])
    ]
    assert plain == [1.0] * len(LIMITS)
    assert report([])["ready_s"] == {"payments_10000": None, "records_1000000": None}
