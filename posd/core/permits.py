"""Who may ask for what: roles and caps, and nothing of the state of the money.

Rule: whoever moves or gives up money is named, with a role; a cap bounds what one order may lose
by that role in total.
"""

from __future__ import annotations

from posd.core.errors import NotAllowed
from posd.core.order import GOODS_GONE, Order
from posd.core.people import Actor, Role
from posd.core.rules import Rules


def must_supervise(order: Order, actor: Actor) -> None:
    """Refuse a cashier."""
    if actor.role is Role.CASHIER:
        raise NotAllowed("needs_supervisor", order_id=order.order_id)


def may_abandon(order: Order, because: str, actor: Actor, rules: Rules) -> None:
    """Goods that are gone, also to take that back, and amounts above the cap: a supervisor's."""
    cap = rules.abandon_cap_minor
    above_cap = cap is not None and order.amount.minor > cap
    if above_cap or GOODS_GONE in (because, order.wish_because):
        must_supervise(order, actor)


def may_reverse(order: Order, amount_minor: int, actor: Actor, rules: Rules) -> None:
    """All that an order has given back, this request included, stays below the role's cap."""
    cap = rules.refund_cap_minor.get(actor.role)
    if cap is not None and order.refunded_minor + amount_minor > cap:
        raise NotAllowed("above_cap", order_id=order.order_id)
