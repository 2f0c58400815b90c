"""`python -m tests.model --histories 20000 --seed 1`: many histories, the first broken one told."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.model.edges import FULL_RUN, Edge, too_rare, unjustly_excused
from tests.model.histories import Broken, play, visits
from tests.model.shrinking import shortest

CHUNK = 50


def run(seeds: range) -> tuple[Counter[Edge], str]:
    """Visits of all these, and the story of the first that broke, made short."""
    seen: Counter[Edge] = Counter()
    for seed in seeds:
        try:
            seen += visits(play(seed))
        except Broken as broken:
            return seen, told(broken)
    return seen, ""


def told(broken: Broken) -> str:
    """The shortest story that was found for it."""
    short = shortest(broken)
    moves = "\n".join(f"    {move!r}," for move in short.moves)
    count = f"{len(short.moves)} of {len(broken.moves)} moves are left; again with"
    return f"{short}\n{count} histories.replay({short.seed}, [\n{moves}\n])"


def chunks(first: int, count: int) -> Iterator[range]:
    """The seeds, some at a time."""
    for at in range(first, first + count, CHUNK):
        yield range(at, min(at + CHUNK, first + count))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    began_s, seen = time.monotonic(), Counter[Edge]()
    with ProcessPoolExecutor(args.workers) as pool:
        for done, (found, story) in enumerate(pool.map(run, chunks(args.seed, args.histories)), 1):
            if story:
                print(story)
                pool.shutdown(cancel_futures=True)
                return 1
            seen += found
            if sys.stderr.isatty():
                share = done * CHUNK * 100 // args.histories
                print(f"\r{share} %", end="", file=sys.stderr, flush=True)
    failed = report(seen, args.histories)
    print(f"{args.histories} histories, no invariant broken, {time.monotonic() - began_s:.0f} s")
    return 1 if failed and args.histories >= FULL_RUN else 0


def report(seen: Counter[Edge], histories: int) -> bool:
    """Print the visits of each cell; whether one is below its floor or wrongly excused."""
    for edge, count in sorted(seen.items()):
        print(f"{edge!s:<70}{count:>8}")
    rare, unjust = too_rare(seen, histories), unjustly_excused(seen)
    print(
        "\n".join(("", "cells below the floor:", *rare) if rare else ("", "none below its floor"))
    )
    for edge in unjust:
        print(f"excused, and visited: {edge}")
    return bool(rare or unjust)


if __name__ == "__main__":
    sys.exit(main())
