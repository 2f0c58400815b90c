"""`posd sandbox`: hands its arguments to the LINE Pay stand-in.

The rule: the stand-in is loaded only when this command runs; `posd --help` does not pay for it.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `sandbox`; its own options are read by the stand-in, also --help."""
    parser = subparsers.add_parser(
        "sandbox",
        help="serve a LINE Pay stand-in on loopback, or mint a key in one",
        add_help=False,
        prefix_chars="\0",  # so that no argument is an option here and all are handed on
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the stand-in, or its `key` action; gives the exit code."""
    from posd.linepay.sandbox.command import run as run_sandbox  # noqa: PLC0415 - see the rule

    return run_sandbox(args.arguments, prog="posd sandbox")
