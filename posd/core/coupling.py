"""What one machine of an order makes another do: paid is printed, given up is given back.

Rule: it looks at the order as the records of a decision leave it, and adds to that decision; it
never takes anything back.
"""

from __future__ import annotations

from collections.abc import Collection

from posd.core import printing, reading, reversing
from posd.core.decision import NOTHING, Decision, join
from posd.core.order import (
    STALE,
    Attention,
    MoneyState,
    Order,
    PaperState,
    Verdict,
    Wish,
    is_given_up,
    verdict,
)
from posd.core.records import AttentionRaised, OrderSettled
from posd.core.rules import Rules


def follow(order: Order, rules: Rules, now_ns: int, kept: Collection[str]) -> Decision:
    """The records and commands that follow; `kept` are the orders that a person just kept."""
    held = order.money in (MoneyState.CONFIRMED, MoneyState.AUTHORIZED)
    # What was taken is read first where no answer has stated it: all of it goes back.
    known = not reading.is_verifying(order)
    if held and known and is_given_up(order) and order.reversal is None:
        return reversing.by_itself(order, now_ns, f"abandoned: {order.wish_because}")
    if _prints_now(order, kept):
        return printing.start(order, rules, copy=order.copy)
    if _is_a_loss(order):
        what = "accepted by the store, and never paid"
        return join(
            [Decision((AttentionRaised(order.order_id, Attention.LOSS, what),)), _end(order, rules)]
        )
    return _end(order, rules)


def _prints_now(order: Order, kept: Collection[str]) -> bool:
    if verdict(order) is not Verdict.PAID or order.wish is Wish.ACCEPTED:
        return False
    fresh = order.paper is PaperState.NOTHING and not order.refunded_minor
    return fresh or (order.paper is PaperState.HELD and order.order_id in kept)


def _is_a_loss(order: Order) -> bool:
    lost = order.money is MoneyState.NOT_PAID and order.wish is Wish.ACCEPTED
    return lost and Attention.LOSS not in order.attention


def _end(order: Order, rules: Rules) -> Decision:
    if _is_finished(order, rules) and not order.settled:
        return Decision((OrderSettled(order.order_id),))
    return NOTHING


def _is_finished(order: Order, rules: Rules) -> bool:
    if order.money is MoneyState.NOT_PAID:
        return not reading.is_swept(order, rules.waits)
    if order.slips or order.paper is PaperState.PRINTING or reading.is_verifying(order):
        return False
    if order.money is MoneyState.REVERSED:
        return True
    unprinted = order.paper in (PaperState.NOTHING, PaperState.HELD)
    unprinted = unprinted and order.paper_because != STALE
    waits_for_paper = unprinted and not order.refunded_minor and order.wish is not Wish.ACCEPTED
    return verdict(order) is Verdict.PAID and not waits_for_paper
