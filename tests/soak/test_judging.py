"""The judge of a soak notices each thing that must not grow, and lets pass what may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.figures import median

from .judging import (
    COMING_AND_GOING,
    GROWTH_BYTES,
    JOURNAL_BYTES_PER_SALE,
    MB,
    SENT_LOG_BYTES,
    WAL_BYTES,
    broken_limits,
    bytes_per_sale,
    growth_bytes,
    thirds,
)
from .samples import Sample

FIRST = Sample(
    sales=5000,
    rss_bytes=66 * MB,
    descriptors=22,
    threads=10,
    journal_bytes=15 * MB,
    wal_bytes=16 * MB,
    sent_log_bytes=MB,
    median_ms=8.0,
    p99_ms=20.0,
    beat_median_ms=2.0,
    beat_p99_ms=5.0,
    cpu_ms=14.0,
    load=1.0,
)
EACH = 3000


def steady() -> list[Sample]:
    """Twenty windows of a daemon that stays as it is."""
    later = [5000 * number for number in range(20)]
    return [
        replace(FIRST, sales=5000 + sales, journal_bytes=15 * MB + EACH * sales) for sales in later
    ]


def test_a_daemon_that_stays_as_it_is_breaks_no_limit() -> None:
    assert broken_limits(steady()) == []
    assert growth_bytes(steady()) == 0
    assert bytes_per_sale(steady()) == EACH


def test_memory_that_creeps_by_five_megabytes_after_the_warm_up_is_told() -> None:
    step = -(-GROWTH_BYTES // 19)
    crept = [replace(one, rss_bytes=66 * MB + step * n) for n, one in enumerate(steady())]
    assert broken_limits(crept) == ["memory grew by 5.0 MB; below 5 is allowed"]


def test_memory_that_came_and_went_again_was_needed_all_the_same() -> None:
    samples = steady()
    samples[7] = replace(samples[7], rss_bytes=66 * MB + GROWTH_BYTES)
    assert broken_limits(samples) == ["memory grew by 5.0 MB; below 5 is allowed"]


def test_what_is_held_before_the_end_of_the_warm_up_is_no_growth() -> None:
    samples = [replace(one, rss_bytes=60 * MB) for one in steady()]
    samples[0] = replace(samples[0], rss_bytes=90 * MB)
    assert broken_limits(samples) == []


@pytest.mark.parametrize(
    ("member", "said"), [("descriptors", "file descriptors"), ("threads", "threads")]
)
def test_what_is_opened_and_never_closed_is_told(member: str, said: str) -> None:
    lost = COMING_AND_GOING + 1
    leaked = [
        replace(one, **{member: getattr(one, member) + lost * n // 13})
        for n, one in enumerate(steady())
    ]
    (sentence,) = broken_limits(leaked)
    assert sentence.startswith(f"{said} went from ")


def test_a_connection_that_is_there_at_some_samples_is_not_lost() -> None:
    samples = [replace(one, descriptors=22 + 9 * (n % 2)) for n, one in enumerate(steady())]
    assert broken_limits(samples) == []


def test_a_journal_that_takes_more_for_each_sale_than_its_records_is_told() -> None:
    swollen = [
        replace(one, journal_bytes=(JOURNAL_BYTES_PER_SALE + 1) * one.sales) for one in steady()
    ]
    assert broken_limits(swollen) == ["the journal grew by 4097 bytes a sale, over 4096"]


@pytest.mark.parametrize(
    ("member", "limit", "said"),
    [("wal_bytes", WAL_BYTES, "the WAL"), ("sent_log_bytes", SENT_LOG_BYTES, "sent.log")],
)
def test_a_file_over_its_bound_is_told_even_if_it_was_so_once(
    member: str, limit: int, said: str
) -> None:
    samples = steady()
    samples[3] = replace(samples[3], **{member: limit})
    assert broken_limits(samples) == []
    samples[3] = replace(samples[3], **{member: limit + 1})
    (sentence,) = broken_limits(samples)
    assert sentence.startswith(f"{said} had {limit + 1} bytes")


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("p99_ms", "the 99th of 100"),
        ("median_ms", "the median"),
        ("cpu_ms", "processor time a sale"),
    ],
)
def test_sales_that_take_more_and_more_are_told(member: str, said: str) -> None:
    slower = [
        replace(one, **{member: getattr(one, member) * (1 + n / 10)})
        for n, one in enumerate(steady())
    ]
    (sentence,) = broken_limits(slower)
    assert sentence.startswith(f"{said} went from ")


def test_a_machine_that_gets_busier_and_busier_is_not_taken_for_a_slower_daemon() -> None:
    names = ("p99_ms", "median_ms", "beat_p99_ms", "beat_median_ms")
    busier = [
        replace(one, **{name: getattr(one, name) * (1 + n) for name in names})
        for n, one in enumerate(steady())
    ]
    assert broken_limits(busier) == []


def test_a_machine_that_gets_quiet_is_not_taken_for_a_slower_daemon() -> None:
    quieter = [
        replace(one, beat_p99_ms=5 / (1 + n), beat_median_ms=2 / (1 + n))
        for n, one in enumerate(steady())
    ]
    assert broken_limits(quieter) == []


def test_busy_minutes_that_only_the_daemon_met_prove_nothing() -> None:
    samples = steady()
    for n in (2, 16, 18):
        samples[n] = replace(samples[n], p99_ms=400.0, median_ms=90.0)
    assert broken_limits(samples) == []


def test_thirds_are_those_of_the_windows_after_the_warm_up() -> None:
    samples = [replace(FIRST, p99_ms=float(n)) for n in range(20)]
    first, last = range(1, 7), range(14, 20)
    assert thirds(samples, lambda one: one.p99_ms) == (median(list(first)), median(list(last)))


def test_too_few_windows_are_no_verdict() -> None:
    with pytest.raises(ValueError, match="3 windows"):
        broken_limits(steady()[:3])
