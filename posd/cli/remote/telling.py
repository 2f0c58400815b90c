"""What a verb says: data on stdout, messages on stderr, in plain words of the catalogue.

The one rule: with --json, stdout holds one JSON document and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import uuid
from collections.abc import Callable
from typing import Any

from posd.api_client import ApiClient, NotRunning, Refused, Unclear
from posd.cli.remote.exits import Ended, Exit
from posd.cli.remote.finding import client_for
from posd.words import catalogue

JsonObject = dict[str, Any]
Work = Callable[[ApiClient, argparse.Namespace], int]


def runner(work: Work) -> Callable[[argparse.Namespace], int]:
    """The verb as a command: its client found, its errors said, its exit code given."""

    def run(args: argparse.Namespace) -> int:
        try:
            return work(client_for(args, os.environ), args)
        except Ended as end:
            say(str(end))
            return end.code
        except NotRunning as error:
            say(f"{error}; start it with `posd run`, or name it with --address")
            return Exit.NOT_RUNNING
        except Unclear as error:
            say(f"{error}; look with `posd status` before you ask again")
            return Exit.UNKNOWN
        except Refused as refused:
            tell(args, refused.problem, refusal_line(refused))
            return Exit.GATEWAY if refused.code == "gateway_unreachable" else Exit.NOT_PAID
        except KeyboardInterrupt:
            return Exit.INTERRUPTED

    return run


def fresh_key() -> str:
    """A new Idempotency-Key."""
    return str(uuid.uuid4())


def say(message: str) -> None:
    """A message for the person at the terminal."""
    print(message, file=sys.stderr, flush=True)


def tell(args: argparse.Namespace, data: JsonObject, *lines: str) -> None:
    """The result: `data` with --json, else the lines."""
    if getattr(args, "json", False):
        print(json.dumps(data, ensure_ascii=False))
    else:
        for line in lines:
            print(line)


def word(key: str) -> str:
    """The English words of a code, or the code itself."""
    return catalogue("en").get(key, key)


def sale_line(sale: JsonObject) -> str:
    """A sale on one line: what it is, which, and what is known of the money."""
    parts = [
        word(f"verdict.{sale['verdict']}.title"),
        f"{sale['amount']} {sale['currency']}",
        f"sale {sale['id']}",
        f"order {sale['order_id']}",
    ]
    if sale.get("transaction_id"):
        parts.append(f"transaction {sale['transaction_id']}")
    return "  ".join(parts)


def reason_line(sale: JsonObject) -> str:
    """Why a sale ended as it did, and what to do next."""
    because = word(f"reason.{sale['because']}") if sale["because"] else ""
    code = f" {word('linepay.' + sale['code'])}" if sale["because"] == "declined" else ""
    return f"{because}{code} {word('verdict.' + sale['verdict'] + '.next')}".strip()


def refusal_line(refused: Refused) -> str:
    """A refusal with its code, and what would do."""
    detail = refused.problem.get("detail") or ""
    more = f" {detail}" if detail != str(refused) else ""
    return f"refused ({refused.code}): {refused}{more}"
