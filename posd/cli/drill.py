"""`posd drill`: posd is killed again and again on a box of its own, and judged.

Rule: no journal of a shop is opened and no gateway but the stand-in is spoken to. Exit codes: 0
all four findings are zero, 6 they are not, 70 the drill itself failed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posd.drill.drill import Plan

OK = 0
FINDINGS = 6
INTERNAL = 70


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser("drill", help="kill posd at every moment, on a box of its own")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--quick", action="store_true", help="all scenarios, a choice of kills, a minute (default)"
    )
    extent.add_argument("--full", action="store_true", help="every kill point; some minutes")
    parser.add_argument("--seed", type=int, help="of the choice of kills (default: by the date)")
    parser.add_argument("--json", action="store_true", help="the report as one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do it in a directory of its own; gives the exit code."""
    from posd.drill.drill import QUICK_KILLS, Plan  # noqa: PLC0415 - `posd --help` loads none of it

    seed = date.today().toordinal() if args.seed is None else args.seed
    kills = None if args.full else QUICK_KILLS
    return report(Plan(seed=seed, kills=kills), as_json=args.json)


def report(plan: Plan, *, as_json: bool) -> int:
    """Carry the plan out and tell; the directory is kept, and named, where something was found."""
    from posd.api_client import ClientError  # noqa: PLC0415
    from posd.demo.twins import TwinFailed  # noqa: PLC0415
    from posd.drill import report as telling  # noqa: PLC0415
    from posd.drill.drill import drill  # noqa: PLC0415
    from posd.drill.processes import VictimFailed  # noqa: PLC0415
    from posd.journal.errors import JournalError  # noqa: PLC0415

    directory = Path(tempfile.mkdtemp(prefix="posd-drill-"))
    try:
        outcome = drill(plan, directory, _progress())
    except KeyboardInterrupt:
        shutil.rmtree(directory)
        raise
    except (TwinFailed, VictimFailed, ClientError, JournalError, OSError) as failure:
        print(f"the drill failed: {failure}; {directory} is kept", file=sys.stderr)
        return INTERNAL
    print(telling.as_json(outcome) if as_json else telling.as_text(outcome))
    if not outcome.judgement.clean:
        print(f"journals and logs are kept in {directory}", file=sys.stderr)
        return FINDINGS
    shutil.rmtree(directory)
    return OK


def _progress() -> Callable[[int, int], None]:
    if not sys.stderr.isatty():
        return lambda done, total: None
    began = time.monotonic()

    def show(done: int, total: int) -> None:
        rate = done / max(time.monotonic() - began, 1e-6)
        left_s = (total - done) / rate
        line = f"drill {100 * done // total:3} %, {rate:.1f} runs/s, {left_s:.0f} s left "
        print("\r\x1b[K" + (line if done < total else ""), end="", file=sys.stderr, flush=True)

    return show
