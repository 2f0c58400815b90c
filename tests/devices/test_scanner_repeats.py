"""One code held before the scanner is one scan, however often it is read."""

from __future__ import annotations

import pytest
from contracts import PATIENCE_S, SHORT_S
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.options import BadOption
from devices.scanners.options import SerialOptions
from devices.scanners.repeats import RepeatGuard
from devices.scanners.serial import SerialScanner
from devices.values import Scan

SECOND = 1_000_000_000


def kept(guard, *readings):
    """The texts that are scans; a reading is a text and the second of its first byte."""
    scans = [
        Scan(text, "", round(at * SECOND), round((at + 0.02) * SECOND)) for text, at in readings
    ]
    return [scan.text for scan in scans if not guard.is_repeat(scan)]


def test_the_same_code_soon_again_is_dropped_and_counted():
    guard = RepeatGuard(1.0)
    assert kept(guard, ("38", 0), ("38", 0.5)) == ["38"]
    assert guard.dropped == 1


def test_a_code_that_stays_in_view_is_one_scan_for_as_long_as_it_does():
    guard = RepeatGuard(1.0)
    assert kept(guard, *(("38", tenth / 10) for tenth in range(0, 100, 5))) == ["38"]
    assert guard.dropped == 19


def test_the_same_code_later_is_a_scan_of_its_own():
    assert kept(RepeatGuard(1.0), ("38", 0), ("38", 1.1)) == ["38", "38"]


def test_another_code_at_once_is_a_scan_and_so_is_the_first_one_after_it():
    assert kept(RepeatGuard(1.0), ("38", 0), ("47", 0.1), ("38", 0.2)) == ["38", "47", "38"]


def test_the_same_text_of_another_symbology_is_another_code():
    guard = RepeatGuard(1.0)
    scans = [Scan("38", aim_id, 0, 0) for aim_id in ("]Q1", "]C0")]
    assert [guard.is_repeat(scan) for scan in scans] == [False, False]


def test_with_no_window_nothing_is_a_repeat():
    assert kept(RepeatGuard(0.0), ("38", 0), ("38", 0.02)) == ["38", "38"]


def test_a_code_that_was_in_view_too_early_counts_again_once_one_is_wanted():
    guard = RepeatGuard(1.0)
    assert kept(guard, ("38", 0), ("38", 0.5)) == ["38"]
    guard.begin(SECOND)
    assert kept(guard, ("38", 1.1), ("38", 1.6), ("38", 2.1)) == ["38", "38"]
    assert guard.dropped == 2


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["38", "47"]), st.integers(0, 3000)), max_size=20),
    st.integers(0, 2000),
)
def test_what_is_dropped_says_what_the_reading_before_it_said(readings, window_ms):
    guard = RepeatGuard(window_ms / 1000)
    now_ns, before = 0, None
    for text, pause_ms in readings:
        now_ns += pause_ms * 1_000_000
        is_repeat = guard.is_repeat(Scan(text, "", now_ns, now_ns))
        assert is_repeat == (text == before and pause_ms < window_ms)
        before = text


@pytest.mark.parametrize(("guard_s", "readings"), [(60.0, 1), (0.0, 2)])
def test_the_adapter_drops_repeats_unless_it_is_told_not_to(virtual_scanner, guard_s, readings):
    scanner = SerialScanner(SerialOptions(port=virtual_scanner.port, repeat_guard_s=guard_s))
    scanner.claim()
    virtual_scanner.type("3812")
    virtual_scanner.type("3812")
    virtual_scanner.type("4711")
    texts = [scanner.read(PATIENCE_S).text for _ in range(readings + 1)]
    assert texts == ["3812"] * readings + ["4711"]
    assert scanner.read(SHORT_S) is None
    assert scanner.repeats_dropped == 2 - readings
    scanner.release()


def test_arming_makes_the_adapter_hear_a_code_that_stays_in_view(virtual_scanner):
    scanner = SerialScanner(SerialOptions(port=virtual_scanner.port, repeat_guard_s=60.0))
    scanner.claim()
    virtual_scanner.type("3812")
    assert scanner.read(PATIENCE_S).text == "3812"
    virtual_scanner.type("3812")
    assert scanner.read(SHORT_S) is None
    scanner.arm()
    virtual_scanner.type("3812")
    assert scanner.read(PATIENCE_S).text == "3812"
    scanner.release()


def test_a_guard_of_hours_would_be_a_mistake():
    with pytest.raises(BadOption) as bad:
        SerialOptions(port="/dev/x", repeat_guard_s=3600.0)
    assert bad.value.key == "repeat_guard_s"
