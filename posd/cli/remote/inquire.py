"""`posd inquire ID`: an order as LINE Pay sees it, beside the journal's view.

The one rule: it asks and changes nothing; 0 means that both say the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from posd.api_client import ApiClient
from posd.cli.remote.exits import Exit
from posd.cli.remote.telling import JsonObject, runner, sale_line, tell, word

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_FACTS = ("status", "amount", "currency", "refunded", "transaction_id")


def add_parser(
    subparsers: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register `inquire`."""
    parser = subparsers.add_parser(
        "inquire", parents=[common], help="ask LINE Pay about an order; 6 if the journal differs"
    )
    parser.add_argument("id", help="a sale id, an order id or a receipt number")
    parser.set_defaults(run=runner(_inquire))


def _inquire(client: ApiClient, args: argparse.Namespace) -> int:
    found = client.inquire(args.id)
    tell(args, found, *_lines(found))
    if found["differences"]:
        return Exit.FINDINGS
    answered = any(told["outcome"] == "answered" for told in found["told"])
    return Exit.OK if answered else Exit.GATEWAY


def _lines(found: JsonObject) -> Iterator[str]:
    yield f"journal:         {sale_line(found['sale'])}"
    for told in found["told"]:
        yield f"{told['operation'] + ':':<16} {_said(told)}"
    for each in found["differences"]:
        yield (
            f"differs:         {each['field']}: the journal says {each['journal']},"
            f" {each['operation']} says {each['linepay']}"
        )
    if found["differences"]:
        yield word("next.supervisor")


def _said(told: JsonObject) -> str:
    if told["outcome"] != "answered":
        return f"no answer ({told['reason']})"
    facts = (f"{name.replace('_', ' ')} {told[name]}" for name in _FACTS if told[name] is not None)
    return "  ".join((f"{told['code']} {told['message']}", *facts))
