"""The `posd` command: which verbs there are, and the one place where their errors end.

Rule: a verb is a small module with `add_parser(subparsers)` that sets `run(args) -> exit code`;
importing it loads no hardware, network or server library.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from posd.cli import (
    bundle,
    check_config,
    demo,
    doctor,
    drill,
    journal,
    people,
    probe,
    receipt,
    remote,
    run,
    sandbox,
    version,
)

INTERRUPTED = 130
CLOSED_PIPE = 141

_VERBS = (
    run,
    demo,
    drill,
    sandbox,
    check_config,
    doctor,
    bundle,
    receipt,
    remote,
    probe,
    people,
    journal,
    version,
)
_EPILOG = """\
exit codes: 0 ok, 1 declined or refused, 2 usage, 3 outcome unknown, 4 device, 5 gateway
unreachable and nothing sent, 6 findings, 7 daemon not running, 70 internal error, 75 held by
another, 77 permission, 78 configuration, 130 Ctrl-C (0 for run, demo and sandbox)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; gives the exit code."""
    args = parser().parse_args(arguments)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # nobody reads any more; a traceback would only add noise
        return CLOSED_PIPE


def parser() -> argparse.ArgumentParser:
    """The whole grammar."""
    top = argparse.ArgumentParser(
        prog="posd",
        description="In-store LINE Pay terminal: scanner, Offline API, receipt printer.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = top.add_subparsers(metavar="COMMAND", required=True)
    for verb in _VERBS:
        verb.add_parser(subparsers)
    return top
