"""`python -m bench`: measures, tells, and with --strict judges.

Rule: stdout holds the figures only; progress goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import client, history, latency, medium, scanner, typesetting
from bench.children import BenchFailed
from bench.daemon import write_bytecode
from bench.figures import Figure, report
from bench.plan import FULL, QUICK, Plan

FAILED = 70
PLACE = "/var/tmp"  # on a disk; /tmp may be memory, where a flush costs nothing

_Suite = Callable[[Plan, Path], Iterator[Figure]]
SUITES: dict[str, _Suite] = {
    "medium": medium.flush,
    "sales": latency.sales,
    "tls": latency.tls,
    "printing": latency.printing,
    "history": history.starts,
    "client": client.payment,
    "scanner": scanner.reading,
    "typesetting": typesetting.receipts,
}


def main() -> int:
    """Measure what was asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--only", choices=SUITES, metavar="NAME", help=", ".join(SUITES))
    parser.add_argument("--full", action="store_true", help="ten minutes, and a million records")
    parser.add_argument(
        "--strict", action="store_true", help="exit 1 if a figure is over its limit"
    )
    parser.add_argument("--place", default=PLACE, help=f"folder of the journals (default {PLACE})")
    args = parser.parse_args()
    figures, failed = _measure([args.only] if args.only else list(SUITES), args)
    _tell(figures, args)
    return FAILED if failed else int(args.strict and any(one.ok is False for one in figures))


def _measure(names: list[str], args: argparse.Namespace) -> tuple[list[Figure], list[str]]:
    """The figures, and the names of the suites that failed: the others are told all the same."""
    figures: list[Figure] = []
    failed = []
    write_bytecode()
    with tempfile.TemporaryDirectory(prefix="posd-bench-", dir=args.place) as place:
        for name in names:
            print(f"{name} (load {os.getloadavg()[0]:.1f}) ...", file=sys.stderr)
            try:
                figures += SUITES[name](FULL if args.full else QUICK, Path(place))
            except BenchFailed as failure:
                failed.append(name)
                print(f"bench: {name}: {failure}", file=sys.stderr)
    return figures, failed


def _tell(figures: list[Figure], args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps(report(figures), indent=2))
        return
    for figure in figures:
        print(_row(figure))


def _row(figure: Figure) -> str:
    told = figure.as_json()
    limit = "" if figure.limit is None else f"<= {figure.limit:g}"
    judged = {True: "ok", False: "over", None: ""}[figure.ok]
    notes = ", ".join(f"{name} {told[name]:g}" for name in figure.notes)
    return f"{figure.key:<28}{told['value']:>10g} {figure.unit:<12}{limit:<8}{judged:<5} {notes}"


if __name__ == "__main__":
    sys.exit(main())
