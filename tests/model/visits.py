"""Which cells of the tables an event or a journal visits.

Rule: events are counted where the engine decides, records where the durable journal has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from posd.core import lane
from posd.core.events import (
    CodeScanned,
    GatewayUnreachable,
    PaperEvent,
    PrinterReady,
    ProcessStarted,
    SlipEvent,
    SlipScanned,
    TimePassed,
)
from posd.core.lane import LaneState
from posd.core.order import Order
from posd.core.printing import PaperRecord
from posd.core.records import Record
from posd.core.rules import Rules
from posd.core.slip_printing import SlipRecord
from tests.model.edges import Edge, Table


def told(state: LaneState, event: Any) -> Iterator[Edge]:
    """The cells of DECISIONS and REFUSED to which this event goes, of money and of paper."""
    if isinstance(event, SlipEvent | SlipScanned):
        return  # slips have no table
    name = type(event).__name__
    for order in _hearers(state, event):
        if isinstance(event, PaperEvent):
            yield Edge(Table.PAPER_EVENT, str(order.paper), name)
        if not isinstance(event, PaperEvent) or isinstance(event, ProcessStarted):
            yield Edge(Table.MONEY_EVENT, str(order.money), name)


def _hearers(state: LaneState, event: Any) -> list[Order]:
    if isinstance(event, TimePassed | ProcessStarted | GatewayUnreachable | PrinterReady):
        return list(state.orders.values())
    named = getattr(event, "order_id", None)
    if isinstance(event, CodeScanned):
        named = state.selling or event.used_by
    return [state.orders[named]] if named in state.orders else []


def written(rules: Rules, records: Iterable[Record]) -> Counter[Edge]:
    """The cells of NEXT through which these records lead."""
    visits: Counter[Edge] = Counter()
    state = LaneState(rules)
    for record in records:
        before = state.orders.get(getattr(record, "order_id", ""))
        state = lane.apply(state, record)
        if before is not None and not isinstance(record, SlipRecord):
            visits[_led(before, record, state.orders[before.order_id])] += 1
    return visits


def _led(before: Order, record: Record, after: Order) -> Edge:
    kind = type(record).__name__
    if isinstance(record, PaperRecord):
        return Edge(Table.PAPER_RECORD, str(before.paper), f"{kind} -> {after.paper}")
    return Edge(Table.MONEY_RECORD, str(before.money), f"{kind} -> {after.money}")
