"""`posd receipt show|print|png ID`: the receipt of a sale, as text, on paper, as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from posd.api_client import ApiClient
from posd.cli.remote.exits import Ended, Exit
from posd.cli.remote.telling import fresh_key, runner, sale_line, tell

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_verbs(
    verbs: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register the verbs under `receipt`."""
    show = verbs.add_parser("show", parents=[common], help="the receipt of a sale, as text")
    again = verbs.add_parser("print", parents=[common], help="print it; COPY n if it was before")
    png = verbs.add_parser("png", parents=[common], help="the picture of it, into a file")
    for verb in (show, again, png):
        verb.add_argument("sale", metavar="ID", help="sale id, order id or receipt number")
    png.add_argument("file", type=Path, metavar="FILE", help="where to; overwritten")
    show.set_defaults(run=runner(_show))
    again.set_defaults(run=runner(_print))
    png.set_defaults(run=runner(_png))


def _show(client: ApiClient, args: argparse.Namespace) -> int:
    text = client.receipt_text(args.sale)
    tell(args, {"text": text}, text.rstrip("\n"))
    return Exit.OK


def _print(client: ApiClient, args: argparse.Namespace) -> int:
    sale = client.print_receipt(args.sale, idempotency_key=fresh_key())
    tell(args, sale, sale_line(sale), f"receipt {sale['receipt']}, copies {sale['copies']}")
    return Exit.OK


def _png(client: ApiClient, args: argparse.Namespace) -> int:
    picture = client.receipt_png(args.sale)
    try:
        args.file.write_bytes(picture)
    except OSError as error:
        raise Ended(Exit.PERMISSION, f"{args.file}: cannot be written: {error.strerror}") from error
    tell(args, {"file": str(args.file)}, str(args.file))
    return Exit.OK
