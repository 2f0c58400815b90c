"""What the durable journal says of an order.

Rule: an order is known from its own records alone, replayed; what was replayed is kept, for the
invariants ask after every step.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from posd.core import lane
from posd.core.lane import LaneState
from posd.core.order import Order
from tests.model.world import World

_KNOWN: WeakKeyDictionary[World, dict[str, tuple[int, LaneState]]] = WeakKeyDictionary()


def records(world: World, order_id: str) -> list[Any]:
    """All records of the order, in order."""
    return [record for _, record in world.journal.order(order_id)]


def known_order(world: World, order_id: str) -> Order:
    """The order as its durable records tell it."""
    known = _KNOWN.setdefault(world, {})
    rows = world.journal.order(order_id)
    count, state = known.get(order_id, (0, LaneState(world.rules)))
    state = lane.replay(state, (record for _, record in rows[count:]))
    known[order_id] = (len(rows), state)
    return state.orders[order_id]


def fresh(world: World) -> list[tuple[int, Any]]:
    """The records that no step has judged yet, with their sequence numbers."""
    return list(enumerate(world.journal.records[world.judged :], world.judged + 1))
