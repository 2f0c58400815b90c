"""`posd keep ID`: keep a payment that was learned of late; its receipt is printed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from posd.api_client import ApiClient
from posd.cli.remote.exits import Exit
from posd.cli.remote.telling import fresh_key, runner, sale_line, tell

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(
    subparsers: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register `keep`."""
    parser = subparsers.add_parser(
        "keep", parents=[common], help="keep a payment that came late, and print its receipt"
    )
    parser.add_argument("sale", metavar="ID", help="sale id, order id or receipt number")
    parser.set_defaults(run=runner(_keep))


def _keep(client: ApiClient, args: argparse.Namespace) -> int:
    sale = client.keep(args.sale, idempotency_key=fresh_key())
    tell(args, sale, sale_line(sale))
    return Exit.OK
