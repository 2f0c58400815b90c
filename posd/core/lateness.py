"""Whether a payment is learned of too late for its receipt to find the customer.

Rule: what is late prints nothing by itself; a person keeps it or gives it back.
"""

from __future__ import annotations

from posd.core.decision import NOTHING, Decision, only
from posd.core.events import CheckAnswered, PayAnswered, ProcessStarted
from posd.core.order import MoneyState, Order, PaperState, Wish
from posd.core.records import PaymentLate
from posd.core.rules import Rules


def is_late(
    order: Order, event: PayAnswered | CheckAnswered | ProcessStarted, rules: Rules
) -> bool:
    """Whether the customer may be gone: then nothing prints before a person says so."""
    if order.wish is Wish.ACCEPTED:  # the goods are gone, by a person's word: kept
        return False
    age_ns = event.at.boot_ns - (order.scan_ns or 0)
    old = order.rebooted or age_ns > rules.waits.late_ns
    return old or order.money is MoneyState.NOT_PAID or order.wish is Wish.ABANDONED


def ask_if_old(order: Order, event: ProcessStarted, rules: Rules) -> Decision:
    """A receipt for somebody who left would be found by the next customer.

    Also while money goes back: what is left of the payment may come to be PAID again.
    """
    printed = order.paper not in (PaperState.NOTHING, PaperState.HELD)
    said = printed or order.late or not order.captured_minor
    if said or not is_late(order, event, rules):
        return NOTHING
    return only(PaymentLate(order.order_id))
