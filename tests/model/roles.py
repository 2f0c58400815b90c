"""Who did what: a cashier is refused what only a supervisor may.

Rule: judged by the name that each record carries, and by the shop's caps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from posd.core.people import Actor, Role
from posd.core.records import Record, SaleOpened
from posd.core.reversal_records import (
    PaymentPartlyRefunded,
    PaymentReversed,
    ReversalGivenUp,
    ReversalSent,
    SaleAbandoned,
    SaleAccepted,
    VoidGivenUp,
)
from tests.model.knowing import fresh
from tests.model.people import PEOPLE
from tests.model.world import World

ROLES = {actor.name: actor.role for actor in (*PEOPLE, Actor("posd", Role.ADMIN))}
REFUSED = "a cashier did what only a supervisor may"


def nobody_does_what_they_may_not(world: World) -> None:
    """3, 12: money is given up, or given back, by somebody who may."""
    for seq, record in fresh(world):
        allowed = _ALLOWED.get(type(record))
        if allowed is None or not getattr(record, "actor", ""):
            continue
        before = [row for at, row in world.journal.order(record.order_id) if at < seq]
        role = ROLES[record.actor]
        number = 12 if isinstance(record, ReversalSent) else 3
        assert allowed(world, role, record, before), (
            f"invariant {number}: {REFUSED}: {type(record).__name__}"
        )


def _supervised(_world: World, role: Role, _record: Any, _before: list[Record]) -> bool:
    return role is not Role.CASHIER


def _settled(_world: World, role: Role, record: Any, _before: list[Record]) -> bool:
    return role is not Role.CASHIER and bool(record.reason.strip())


def _abandoned(world: World, role: Role, record: SaleAbandoned, before: list[Record]) -> bool:
    """Goods that are gone, also to take that back, and much money, are a supervisor's."""
    wishes = [row.because for row in before if isinstance(row, SaleAbandoned)]
    cap = world.rules.abandon_cap_minor
    gone = "goods_gone" in (record.because, *wishes[-1:])
    return role is not Role.CASHIER or not (gone or (cap is not None and _opened(before) > cap))


def _reversed(world: World, role: Role, record: ReversalSent, before: list[Record]) -> bool:
    """All that an order gave back stays below the cap of who asks."""
    cap = world.rules.refund_cap_minor[role]
    booked = [row.amount_minor for row in before if isinstance(row, PaymentPartlyRefunded)]
    return cap is None or sum(booked) + record.amount_minor <= cap


def _opened(before: list[Record]) -> int:
    return next(row.amount_minor for row in before if isinstance(row, SaleOpened))


_ALLOWED: Mapping[type, Callable[[World, Role, Any, list[Record]], bool]] = {
    SaleAccepted: _supervised,
    SaleAbandoned: _abandoned,
    ReversalSent: _reversed,
    ReversalGivenUp: _settled,
    VoidGivenUp: _settled,
    PaymentReversed: _settled,
    PaymentPartlyRefunded: _settled,
}
