"""`python -m tests.soak --sales 100000`: does a daemon that sells and sells stay as it was?

One sale after the other as fast as it takes them, its waits shortened; a line for each window of
sales, then a verdict. Exit code 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from .beat import Beat
from .counter import Counter, counter
from .judging import (
    LEAST_SAMPLES,
    MB,
    broken_limits,
    bytes_per_sale,
    growth_bytes,
    least_of_thirds,
    median_in_beats,
    p99_in_beats,
    thirds,
)
from .samples import Observer, Sample

PLACE = "/var/tmp"  # on a disk; /tmp may be memory, where a flush costs nothing
BEAT_EVERY = 5
HEAD = (
    "   sales  RSS MB  fds threads journal MB  WAL kB median ms  (beat)   p99 ms  (beat)"
    " CPU ms/sale  load"
)


def main(words: Sequence[str]) -> int:
    """Soak, tell, judge; gives the exit code."""
    args = _parser().parse_args(words)
    table = sys.stderr if args.json else sys.stdout
    with (
        tempfile.TemporaryDirectory(prefix="posd-soak-", dir=args.place) as folder,
        counter(Path(folder)) as at,
        Beat(Path(folder)) as beat,
    ):
        samples = []
        print(HEAD, file=table)
        for sample in _windows(at, beat, sales=args.sales, window=args.window):
            samples.append(sample)
            print(_row(sample), file=table, flush=True)
        broken = [*broken_limits(samples), *at.disagreements()]
        ended = dict(at.ended)
    report = {**figures(samples), "ended": ended, "broken": broken}
    if args.json:
        print(json.dumps({**report, "samples": [asdict(one) for one in samples]}, indent=2))
    else:
        print("\n".join(_sentences(report)))
    return 1 if broken else 0


def figures(samples: Sequence[Sample]) -> dict[str, float | list[float]]:
    """The figures of a soak, without a verdict; pairs are the first and the last third."""
    return {
        "sales": samples[-1].sales,
        "memory_growth_mb": growth_bytes(samples) / MB,
        "descriptors": list(least_of_thirds(samples, lambda one: one.descriptors)),
        "threads": list(least_of_thirds(samples, lambda one: one.threads)),
        "journal_bytes_per_sale": bytes_per_sale(samples),
        "wal_bytes": max(one.wal_bytes for one in samples),
        "median_ms": list(thirds(samples, lambda one: one.median_ms)),
        "p99_ms": list(thirds(samples, lambda one: one.p99_ms)),
        "median_in_beats": list(thirds(samples, median_in_beats)),
        "p99_in_beats": list(thirds(samples, p99_in_beats)),
        "cpu_ms": list(thirds(samples, lambda one: one.cpu_ms)),
    }


def _windows(at: Counter, beat: Beat, *, sales: int, window: int) -> Iterator[Sample]:
    observer = Observer(at.posd.process.pid, at.posd.shop.state)
    for _ in range(sales // window):
        took_ms, beats_ms = [], []
        for number in range(window):
            if number % BEAT_EVERY == 0:
                beats_ms.append(beat.take_ms())
            took_ms.append(at.sell())
        at.rest()
        plain_ms = [ms for ms in took_ms if ms is not None]
        yield observer.sample(at.sales, plain_ms, beats_ms)


def _row(one: Sample) -> str:
    return (
        f"{one.sales:>8}{one.rss_bytes / MB:>8.2f}{one.descriptors:>5}{one.threads:>8}"
        f"{one.journal_bytes / MB:>11.2f}{one.wal_bytes / 1000:>8.0f}"
        f"{one.median_ms:>10.2f}{one.beat_median_ms:>8.2f}{one.p99_ms:>9.2f}{one.beat_p99_ms:>8.2f}"
        f"{one.cpu_ms:>12.2f}{one.load:>6.1f}"
    )


def _sentences(report: dict[str, object]) -> Iterator[str]:
    for name, value in report.items():
        if name != "broken":
            yield f"{name:<24}{_told(value)}"
    broken = report["broken"]
    assert isinstance(broken, list)
    yield from (f"BROKEN: {sentence}" for sentence in broken)
    yield "broken" if broken else "every limit holds"


def _told(value: object) -> str:
    if isinstance(value, list):
        return " -> ".join(f"{one:.4g}" for one in value)
    return f"{value:.6g}" if isinstance(value, int | float) else str(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--sales", type=int, default=100_000, help="how many (100,000)")
    parser.add_argument(
        "--window",
        type=int,
        default=5000,
        help=f"sales between two samples (5,000), at most a part in {LEAST_SAMPLES} of all; the"
        " first is the warm-up",
    )
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--place", default=PLACE, help=f"folder of the journal (default {PLACE})")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
