"""What a soak may show, and what it may not.

Rule: the first sample ends the warm-up, when caches, pools and libraries are filled. Growth is the
most that any later sample has above it; what is flat is compared between the first and the last
third of the windows after it, so that one busy minute of the machine proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bench.figures import median

from .samples import Sample

MB = 1_000_000
GROWTH_BYTES = 5 * MB
JOURNAL_BYTES_PER_SALE = 4096  # seven records of a plain sale with their indexes are some 3,000
WAL_BYTES = 20 * 1024 * 1024  # the journal's own 16 MiB, and what a reader may hold back
SENT_LOG_BYTES = 2 * 1024 * 1024 + 4096  # two generations, and the line that fills one
SLOWER_TIMES = 1.5  # in milliseconds, and in beats of the machine too
CPU_TIMES = 1.25
COMING_AND_GOING = 2  # a connection is opened when it is needed, and closed when it was idle
LEAST_SAMPLES = 4  # the warm-up, and a window for each third


def broken_limits(samples: Sequence[Sample]) -> list[str]:
    """A sentence for each limit that was broken; raises ValueError with too few samples."""
    if len(samples) < LEAST_SAMPLES:
        raise ValueError(f"{len(samples)} windows judge nothing; at least {LEAST_SAMPLES}")
    return [
        *_held(samples),
        *_on_disk(samples),
        *_as_fast("the 99th of 100", samples, lambda one: one.p99_ms, p99_in_beats),
        *_as_fast("the median", samples, lambda one: one.median_ms, median_in_beats),
        *_grown("processor time a sale", samples, lambda one: one.cpu_ms, CPU_TIMES),
    ]


def p99_in_beats(one: Sample) -> float:
    """How many times as long as the machine's own 99th of 100."""
    return one.p99_ms / one.beat_p99_ms


def median_in_beats(one: Sample) -> float:
    """How many times as long as the machine's own median."""
    return one.median_ms / one.beat_median_ms


def growth_bytes(samples: Sequence[Sample]) -> int:
    """The most memory that was held after the warm-up, above what was held at its end."""
    return max(one.rss_bytes for one in samples) - samples[0].rss_bytes


def bytes_per_sale(samples: Sequence[Sample]) -> float:
    """By how much the journal grew with each sale after the warm-up."""
    first, last = samples[0], samples[-1]
    return (last.journal_bytes - first.journal_bytes) / (last.sales - first.sales)


def thirds(samples: Sequence[Sample], of: Callable[[Sample], float]) -> tuple[float, float]:
    """The medians of the first and of the last third of the windows after the warm-up."""
    first, last = _thirds(samples)
    return median([of(one) for one in first]), median([of(one) for one in last])


def least_of_thirds(samples: Sequence[Sample], of: Callable[[Sample], int]) -> tuple[int, int]:
    """The same with the least: what was lost is in every sample, what comes and goes is not."""
    first, last = _thirds(samples)
    return min(of(one) for one in first), min(of(one) for one in last)


def _thirds(samples: Sequence[Sample]) -> tuple[Sequence[Sample], Sequence[Sample]]:
    windows = samples[1:]
    third = len(windows) // 3
    return windows[:third], windows[-third:]


def _held(samples: Sequence[Sample]) -> Iterator[str]:
    if (grown := growth_bytes(samples)) >= GROWTH_BYTES:
        yield f"memory grew by {grown / MB:.1f} MB; below {GROWTH_BYTES / MB:.0f} is allowed"
    yield from _lost("file descriptors", samples, lambda one: one.descriptors)
    yield from _lost("threads", samples, lambda one: one.threads)


def _lost(what: str, samples: Sequence[Sample], of: Callable[[Sample], int]) -> Iterator[str]:
    before, after = least_of_thirds(samples, of)
    if after > before + COMING_AND_GOING:
        yield f"{what} went from {before} to {after}"


def _on_disk(samples: Sequence[Sample]) -> Iterator[str]:
    if (each := bytes_per_sale(samples)) > JOURNAL_BYTES_PER_SALE:
        yield f"the journal grew by {each:.0f} bytes a sale, over {JOURNAL_BYTES_PER_SALE}"
    if (wal := max(one.wal_bytes for one in samples)) > WAL_BYTES:
        yield f"the WAL had {wal} bytes, over {WAL_BYTES}"
    if (sent := max(one.sent_log_bytes for one in samples)) > SENT_LOG_BYTES:
        yield f"sent.log had {sent} bytes, over {SENT_LOG_BYTES}"


def _as_fast(
    what: str,
    samples: Sequence[Sample],
    in_ms: Callable[[Sample], float],
    in_beats: Callable[[Sample], float],
) -> list[str]:
    """Slower by the clock only: a busy machine. In beats only: one that has become quiet."""
    by_clock = list(_grown(what, samples, in_ms, SLOWER_TIMES))
    return by_clock if any(_grown(what, samples, in_beats, SLOWER_TIMES)) else []


def _grown(
    what: str, samples: Sequence[Sample], of: Callable[[Sample], float], times: float
) -> Iterator[str]:
    before, after = thirds(samples, of)
    if after > before * times:
        yield f"{what} went from {before:.1f} to {after:.1f} ms, over {times} times"
