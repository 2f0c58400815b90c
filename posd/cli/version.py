"""`posd version`: which program this is."""

from __future__ import annotations

import argparse
import json
import platform

from posd import __version__


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser("version", help="which posd this is")
    parser.add_argument("--json", action="store_true", help="as JSON on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print it."""
    if args.json:
        python = platform.python_version()
        print(json.dumps({"name": "posd", "version": __version__, "python": python}))
    else:
        print(f"posd {__version__}")
    return 0
