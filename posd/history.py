"""Orders rebuilt from their own records: finished ones live in the journal, not in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from posd.core import lane
from posd.core.order import Order
from posd.core.records import Record
from posd.core.rules import Rules


class Lookups(Protocol):
    """What is asked of a journal (or a reader of it) to find an order."""

    def order(self, order_id: str) -> list[tuple[int, Record]]:
        """The records of one order with their sequence numbers."""

    def order_of_sale(self, sale_id: str) -> str | None:
        """The order of a sale id."""

    def order_of_transaction(self, transaction_id: str) -> str | None:
        """The order of LINE Pay's transaction id."""

    def order_of_receipt(self, receipt_number: str) -> str | None:
        """The order of a receipt number."""


def find(lookups: Lookups, name: str) -> str | None:
    """The order id for a sale, receipt, transaction or order id; None if there is none."""
    found = lookups.order_of_sale(name) or lookups.order_of_receipt(name)
    found = found or lookups.order_of_transaction(name)
    if found is None and lookups.order(name):
        return name
    return found


def rebuild(rules: Rules, records: Iterable[tuple[int, Record]]) -> tuple[Order, int] | None:
    """The order that these records tell of and the sequence of its last; None without any."""
    rows = list(records)
    if not rows:
        return None
    state = lane.replay(lane.LaneState(rules), (record for _, record in rows))
    (order,) = state.orders.values()
    return order, rows[-1][0]
