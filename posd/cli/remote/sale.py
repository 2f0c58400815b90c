"""`posd sale AMOUNT`: open a sale, wait for its verdict, say it with an exit code.

The one rule: the scanner is never left armed for a sale that nobody waits for. Who stops waiting
before a key was sent cancels the sale; after it, the end is 3 and names the sale.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Final

from posd.api_client import ApiClient, NotRunning, Refused, Unclear
from posd.cli.remote.exits import Ended, Exit
from posd.cli.remote.telling import (
    JsonObject,
    fresh_key,
    reason_line,
    runner,
    sale_line,
    say,
    tell,
    word,
)
from posd.core.money import BadAmount, parse_money

if TYPE_CHECKING:
    from argparse import _SubParsersAction

WAIT_S: Final = 180.0
POLL_S: Final = 25.0
LOOK_AGAIN_S: Final = 1.0
_PENDING: Final = ("WAITING", "WORKING", "NOT_CONFIRMED")  # what more waiting may still settle
NO_SUCH_TRANSACTION: Final = "1150"
_EXITS: Final = {"PAID": Exit.OK, "PAID_LATE": Exit.OK, "NOT_PAID": Exit.NOT_PAID}


def add_parser(
    subparsers: _SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Register `sale`."""
    parser = subparsers.add_parser(
        "sale", parents=[common], help="take a payment and wait for its verdict"
    )
    parser.add_argument("amount", help="plain decimal, such as 120 or 49.50")
    parser.add_argument("--currency", metavar="C", help="TWD, THB or USD; else the lane's")
    parser.add_argument("--reference", metavar="R", help="the till's name of the basket")
    parser.add_argument("--idempotency-key", metavar="K", help="of a sale to take up again")
    parser.add_argument(
        "--wait", type=_seconds, default=WAIT_S, metavar="SECONDS", help="at most so long"
    )
    parser.add_argument(
        "--another-customer", action="store_true", help="the same amount is another customer's"
    )
    parser.set_defaults(run=runner(_sale))


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError("0 to 3600 seconds")
    return seconds


def _sale(client: ApiClient, args: argparse.Namespace) -> int:
    body = _body(client, args)
    key = args.idempotency_key or fresh_key()
    say(f"reference {body['reference']}  idempotency key {key}")
    sale = _opened(client, body, key)
    say(f"sale {sale['id']}  order {sale['order_id']}")
    try:
        sale = _watched(client, sale, time.monotonic() + args.wait)
    except KeyboardInterrupt:
        return _given_up(client, args, sale, Exit.INTERRUPTED)
    except (NotRunning, Unclear) as error:
        raise Ended(Exit.UNKNOWN, f"{error}. {_advice(sale)}") from error
    if sale["verdict"] == "WAITING":
        say("no code was scanned in time; cancelling the sale")
        return _given_up(client, args, sale, Exit.NOT_PAID)
    return _ended(args, sale)


def _body(client: ApiClient, args: argparse.Namespace) -> JsonObject:
    _check(args.amount, args.currency or "THB")  # THB: as many decimals as any; TWD has none
    currency = args.currency or client.lane()["currency"]
    _check(args.amount, currency)
    return {
        "reference": args.reference or f"cli-{fresh_key()}",
        "amount": args.amount,
        "currency": currency,
        "another_customer": args.another_customer,
    }


def _check(amount: str, currency: str) -> None:
    try:
        parse_money(amount, currency)
    except BadAmount as error:
        raise Ended(Exit.USAGE, str(error)) from error


def _opened(client: ApiClient, body: JsonObject, key: str) -> JsonObject:
    try:
        return client.open_sale(body, idempotency_key=key)
    except (Unclear, KeyboardInterrupt) as error:
        message = (
            f"{error or 'interrupted'}: the sale may be open. Look with `posd status`, or take it"
            f" up again with --reference {body['reference']} --idempotency-key {key}"
        )
        raise Ended(Exit.UNKNOWN, message) from error


def _watched(client: ApiClient, sale: JsonObject, deadline_s: float) -> JsonObject:
    """The sale at its verdict, or as it is when the waiting is over; says each change."""
    told = ""
    while True:
        if sale["verdict"] != told:
            told = sale["verdict"]
            say(word(f"verdict.{told}.next"))
        left_s = deadline_s - time.monotonic()
        if told not in _PENDING or left_s <= 0:
            return sale
        if told == "NOT_CONFIRMED":  # a verdict, at which the long poll returns at once
            time.sleep(min(left_s, LOOK_AGAIN_S))
        sale = client.sale(sale["id"], wait_s=round(min(left_s, POLL_S), 3))


def _given_up(client: ApiClient, args: argparse.Namespace, sale: JsonObject, code: Exit) -> int:
    """Nobody waits any more: cancel what can be cancelled, else say that it is open."""
    try:
        sale = client.cancel(sale["id"], idempotency_key=fresh_key())
    except Refused as refused:
        return _ended(args, refused.sale or sale)
    except (NotRunning, Unclear, KeyboardInterrupt) as error:
        raise Ended(Exit.UNKNOWN, f"{error or 'interrupted'}. {_advice(sale)}") from error
    _ended(args, sale)
    return code


def _ended(args: argparse.Namespace, sale: JsonObject) -> int:
    tell(args, sale, sale_line(sale), reason_line(sale))
    code = _EXITS.get(sale["verdict"], Exit.UNKNOWN)
    if code is Exit.UNKNOWN:
        say(_advice(sale))
    return Exit.GATEWAY if _nothing_sent(sale) else code


def _nothing_sent(sale: JsonObject) -> bool:
    """Whether LINE Pay was not reached; absent by its own word (1150) was read."""
    unsent = sale["because"] in ("gateway", "absent")
    return sale["verdict"] == "NOT_PAID" and unsent and sale["code"] != NO_SUCH_TRANSACTION


def _advice(sale: JsonObject) -> str:
    return (
        f"Outcome unknown: sale {sale['id']} (order {sale['order_id']}, {sale['amount']}"
        f" {sale['currency']}) may be paid. Do not charge again. posd asks LINE Pay"
        " as long as it runs: look with `posd status`, or call the supervisor"
    )
