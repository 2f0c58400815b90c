"""`python -m tests.model --histories 20000 --seed 1`: many histories, the first broken one told."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.model.edges import FULL_RUN, too_rare
from tests.model.histories import Broken, play, visits


def run(seeds: range) -> tuple[Counter[tuple[str, str]], Counter[str], str]:
    """Visits of all these, and the story of the first that broke."""
    decisions: Counter[tuple[str, str]] = Counter()
    records: Counter[str] = Counter()
    for seed in seeds:
        try:
            seen = visits(play(seed))
        except Broken as broken:
            return decisions, records, str(broken)
        decisions += seen.decisions
        records += seen.records
    return decisions, records, ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    began_s, size = time.monotonic(), 50
    chunks = [
        range(at, min(at + size, args.seed + args.histories))
        for at in range(args.seed, args.seed + args.histories, size)
    ]
    decisions: Counter[tuple[str, str]] = Counter()
    records: Counter[str] = Counter()
    with ProcessPoolExecutor(args.workers) as pool:
        for done, (seen, kinds, story) in enumerate(pool.map(run, chunks), 1):
            if story:
                print(story)
                pool.shutdown(cancel_futures=True)
                return 1
            decisions += seen
            records += kinds
            if sys.stderr.isatty():
                print(f"\r{done * 100 // len(chunks)} %", end="", file=sys.stderr, flush=True)
    for (state, event), count in sorted(decisions.items()):
        print(f"{state:<17}{event:<22}{count:>8}")
    for kind, count in sorted(records.items()):
        print(f"{kind:<39}{count:>8}")
    rare = too_rare(decisions, args.histories)
    print(
        "\n".join(["", "cells below the floor:", *rare]) if rare else "every cell above its floor"
    )
    print(f"{args.histories} histories, no invariant broken, {time.monotonic() - began_s:.0f} s")
    return 1 if rare and args.histories >= FULL_RUN else 0


if __name__ == "__main__":
    sys.exit(main())
