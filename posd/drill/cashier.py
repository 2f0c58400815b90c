"""The shop's people: they do what posd tells them, and believe it.

Rule: what to do next follows from what posd says now, so that a restart in between changes
nothing. NOT PAID means that the customer pays again with a new code: were posd wrong, that would
be the second charge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from posd.api_client import ApiClient
from posd.drill.scenarios import ITEMS, Scenario

MOST_ATTEMPTS = 5
GOOD = "none"


@dataclass
class Counter:
    """What the cashier has at hand."""

    client: ApiClient
    scan: Callable[[str], None]
    printer: Callable[[str], None]


@dataclass
class Basket:
    """One basket, from its first attempt to its end."""

    scenario: Scenario
    reference: str
    amount: str
    fault: str = GOOD
    attempt: int = 0
    sale: dict[str, Any] = field(default_factory=dict)
    scanned: bool = False
    reprinted: bool = False
    done: bool = False

    def step(self, at: Counter) -> None:
        """Look, and do the one thing that follows; raises ClientError."""
        if not self.sale:
            self.sale = self._opened(at)
            return
        self.sale = at.client.sale(self.sale["id"])
        move = _MOVES.get(self.sale["verdict"])
        if move is not None:
            move(self, at)

    def key(self, verb: str) -> str:
        """The Idempotency-Key: the same for every repetition of the same wish."""
        return f"{self.reference}-{self.attempt}-{verb}"

    def _opened(self, at: Counter) -> dict[str, Any]:
        asked = {
            "reference": self.reference,
            "amount": self.amount,
            "currency": "TWD",
            "items": ITEMS,
        }
        return at.client.open_sale(asked, idempotency_key=self.key("open"))


def _show_key(basket: Basket, at: Counter) -> None:
    if basket.scenario.cancels and basket.attempt == 0:
        at.client.cancel(basket.sale["id"], idempotency_key=basket.key("cancel"))
    elif not basket.scanned:
        basket.scanned = True
        at.scan(basket.fault if basket.attempt == 0 else GOOD)


def _give_up(basket: Basket, at: Counter) -> None:
    if basket.scenario.act == "abandon" and basket.sale["wish"] == "WANTED":
        body = {"because": "paid_otherwise", "reason": "cash"}
        key = basket.key("abandon")
        at.client.act(basket.sale, "abandon", body, idempotency_key=key)


def _pay_again(basket: Basket, _at: Counter) -> None:
    """An abandoned one was paid in cash."""
    if basket.sale["wish"] == "ABANDONED" or basket.attempt == MOST_ATTEMPTS:
        basket.done = True
        return
    basket.attempt += 1
    basket.sale, basket.scanned = {}, False


def _keep(basket: Basket, at: Counter) -> None:
    if basket.sale["wish"] != "ABANDONED":
        at.client.keep(basket.sale["id"], idempotency_key=basket.key("keep"))


def _after_paid(basket: Basket, at: Counter) -> None:
    match basket.sale["receipt"]:
        case "HELD":
            at.printer("paper ok")
        case "UNKNOWN" if not basket.reprinted:
            at.client.print_receipt(basket.sale["id"], idempotency_key=basket.key("print"))
            basket.reprinted = True
        case "PRINTED" | "PROBABLE" | "UNKNOWN":
            _finish(basket, at)


def _finish(basket: Basket, at: Counter) -> None:
    if basket.scenario.act == "refund":
        _give_back(basket, at)
    else:
        basket.done = True


def _give_back(basket: Basket, at: Counter) -> None:
    verb = "refunds" if basket.scenario.act == "refund" else "void"
    at.client.act(basket.sale, verb, {"reason": "drill"}, idempotency_key=basket.key(verb))


def _end(basket: Basket, _at: Counter) -> None:
    basket.done = True


_MOVES: dict[str, Callable[[Basket, Counter], None]] = {
    "WAITING": _show_key,
    "WORKING": _give_up,
    "NOT_CONFIRMED": _give_up,
    "NOT_PAID": _pay_again,
    "PAID_LATE": _keep,
    "PAID": _after_paid,
    "AUTHORIZED": _give_back,
    "VOIDED": _end,
    "REFUNDED": _end,
}
