"""The verbs that only talk to a running posd: a sale and its acts, inquire, status, devices.

The one rule: from the moment a request that moves money may have left, every end without a
verdict is exit code 3 and names the sale. Nothing heavy is loaded here.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from posd.cli.remote import acts, cancel, devices, inquire, keep, sale, status

if TYPE_CHECKING:
    from argparse import _SubParsersAction

__all__ = ["add_parser", "common"]


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the verbs; each sets `run`, which takes the arguments and gives the exit code."""
    options = common()
    for verb in (sale, cancel, keep, acts, inquire, status, devices):
        verb.add_parser(subparsers, options)


def common() -> argparse.ArgumentParser:
    """The options of every verb that talks to a running posd."""
    # SUPPRESS: an option that was given before the verb is not overwritten by a default.
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("-c", "--config", metavar="FILE", help="the daemon's configuration")
    parser.add_argument("--address", metavar="HOST:PORT", help="of the API, or unix:/path")
    parser.add_argument("--token-file", metavar="FILE", help="file of the API's token")
    parser.add_argument("--json", action="store_true", help="stdout holds JSON and nothing else")
    return parser
