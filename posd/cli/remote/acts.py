"""`posd void|refund|capture|abandon|accept|settle ID`: what moves or gives up the money of a sale.

The one rule: the sale is shown and confirmed first, and the act is based on exactly what was
shown. A PIN is asked for on the terminal or read from stdin, never taken from the command line.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from posd.api_client import ApiClient, NotRunning, Unclear
from posd.cli.remote.exits import Ended, Exit
from posd.cli.remote.telling import (
    JsonObject,
    fresh_key,
    reason_line,
    runner,
    sale_line,
    say,
    tell,
)

if TYPE_CHECKING:
    from argparse import _SubParsersAction

WAIT_S: Final = 30.0
LOOK_S: Final = 0.25
_RUNNING: Final = frozenset({"CAPTURING", "REVERSING"})
_DONE: Final = {
    "void": ("VOIDED", "REFUNDED"),
    "refund": ("REFUNDED", "PAID", "PAID_LATE"),
    "capture": ("PAID",),
}


@dataclass(frozen=True, slots=True)
class Act:
    """A verb: its path in the API, what it is, its own arguments, its body beyond who and why."""

    name: str
    path: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    body: Callable[[argparse.Namespace], Mapping[str, Any]]


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Nothing beyond who and why."""


def _amount(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("amount", nargs="?", help="a part of it; left out: all that is left")


def _because(parser: argparse.ArgumentParser) -> None:
    choices = ("paid_otherwise", "goods_kept", "goods_gone")
    told = "goods_gone keeps what comes late, the others give it back"
    parser.add_argument("--because", required=True, choices=choices, help=told)


def _given_back(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    told = "the customer has the money"
    which.add_argument("--given-back", action="store_true", dest="given_back", help=told)
    told = "the shop keeps it"
    which.add_argument("--not-given-back", action="store_false", dest="given_back", help=told)


def _amount_of(args: argparse.Namespace) -> Mapping[str, Any]:
    return {"amount": args.amount} if args.amount else {}


_ACTS: Final = (
    Act("void", "void", "give back a whole payment", _no_arguments, lambda _: {}),
    Act("refund", "refunds", "give back a payment or a part of it", _amount, _amount_of),
    Act("capture", "capture", "take what was authorized, or a part", _amount, _amount_of),
    Act(
        "abandon",
        "abandon",
        "stop waiting for a payment that is not confirmed",
        _because,
        lambda args: {"because": args.because},
    ),
    Act("accept", "accept", "hand over the goods unconfirmed", _no_arguments, lambda _: {}),
    Act(
        "settle",
        "settle",
        "say how an owed refund ended",
        _given_back,
        lambda args: {"given_back": args.given_back},
    ),
)


def add_parser(
    subparsers: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register the verbs."""
    for act in _ACTS:
        parser = subparsers.add_parser(act.name, parents=[common], help=act.help)
        parser.add_argument(
            "sale", metavar="ID", help="sale, order or transaction id, or receipt number"
        )
        act.arguments(parser)
        parser.add_argument("--actor", default="", metavar="NAME", help="who; asks for the PIN")
        parser.add_argument("--reason", default="", help="why, for the journal")
        parser.add_argument("--idempotency-key", metavar="KEY", help="of an earlier try")
        parser.add_argument("--yes", action="store_true", help="do not ask whether it is meant")
        parser.set_defaults(run=runner(_runner(act)))


def _runner(act: Act) -> Callable[[ApiClient, argparse.Namespace], int]:
    def run(client: ApiClient, args: argparse.Namespace) -> int:
        sale = client.sale(args.sale)
        pin = _pin(args)
        _confirm(act, args, sale)
        key = args.idempotency_key or fresh_key()
        body = {"actor": args.actor, "pin": pin, "reason": args.reason, **act.body(args)}
        try:
            sale = client.act(sale, act.path, body, idempotency_key=key)
            return _ended(act, args, _settled(client, sale))
        except (NotRunning, Unclear, KeyboardInterrupt) as error:
            raise Ended(Exit.UNKNOWN, _advice(act, sale, key, error)) from error

    return run


def _pin(args: argparse.Namespace) -> str:
    if not args.actor:
        return ""
    if sys.stdin.isatty():
        return getpass.getpass(f"PIN of {args.actor}: ")
    return sys.stdin.readline().strip()


def _confirm(act: Act, args: argparse.Namespace, sale: JsonObject) -> None:
    say(sale_line(sale))
    if args.yes:
        return
    if not sys.stdin.isatty():
        raise Ended(Exit.USAGE, "say --yes where nobody can be asked")
    question = f"{act.help}? Type yes: "
    print(question, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("yes", "y"):
        raise Ended(Exit.NOT_PAID, "nothing was done")


def _settled(client: ApiClient, sale: JsonObject) -> JsonObject:
    """The sale once LINE Pay has answered, or as it is after a while."""
    until_s = time.monotonic() + WAIT_S
    while sale["state"] in _RUNNING and time.monotonic() < until_s:
        time.sleep(LOOK_S)
        sale = client.sale(sale["id"])
    return sale


def _ended(act: Act, args: argparse.Namespace, sale: JsonObject) -> int:
    tell(args, sale, sale_line(sale), reason_line(sale))
    done = _DONE.get(act.name)
    return Exit.OK if done is None or sale["verdict"] in done else Exit.UNKNOWN


def _advice(act: Act, sale: JsonObject, key: str, error: BaseException) -> str:
    return (
        f"{error or 'interrupted'}. Outcome unknown: {act.name} of sale {sale['id']} (order"
        f" {sale['order_id']}) may be under way; posd goes on with it. Look with `posd inquire"
        f" {sale['order_id']}`; the same again is safe with --idempotency-key {key}"
    )
