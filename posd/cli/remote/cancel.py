"""`posd cancel ID`: end a sale for which no key was sent."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from posd.api_client import ApiClient
from posd.cli.remote.exits import Exit
from posd.cli.remote.telling import fresh_key, reason_line, runner, sale_line, tell

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(
    subparsers: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register `cancel`."""
    parser = subparsers.add_parser(
        "cancel", parents=[common], help="end a sale for which no code was scanned"
    )
    parser.add_argument("sale", metavar="ID", help="sale id, order id or receipt number")
    parser.set_defaults(run=runner(_cancel))


def _cancel(client: ApiClient, args: argparse.Namespace) -> int:
    sale = client.cancel(args.sale, idempotency_key=fresh_key())
    tell(args, sale, sale_line(sale), reason_line(sale))
    return Exit.OK
