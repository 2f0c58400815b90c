"""Capture, void and refund: the orders that they change and the codes that they are refused with.

The rule: as at LINE Pay nothing here is idempotent but by the state of the order: a repeated
partial refund is a second refund. Source: reference, 3.3, 5 and 6.
"""

from __future__ import annotations

from posd.core.money import Money
from posd.linepay.sandbox.assumptions import days_s
from posd.linepay.sandbox.order import CHARGED, Order, Refund, Stage
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.result_codes import Refused

_NOTHING_PAID = frozenset({Stage.WAITING, Stage.FAILED, Stage.CANCELLED})


def capture(book: OrderBook, order_id: str, money: Money) -> Order:
    """Take what was authorized, or less of it; the rest is released."""
    order, stage = _find(book, order_id)
    if stage is not Stage.AUTHORIZED:
        raise Refused("1179", f"the order is {stage}, not authorized")
    if money.currency != order.money.currency:
        raise Refused("1178", f"the order was authorized in {order.money.currency}")
    if not 0 < money.minor <= order.money.minor:
        raise Refused("1153", f"at most {order.money} was authorized")
    order.captured_minor = money.minor
    book.keep(order)
    return order


def void(book: OrderBook, order_id: str) -> None:
    """Give an authorization up."""
    order, stage = _find(book, order_id)
    if stage in (Stage.VOIDED, Stage.EXPIRED):
        raise Refused("1165", f"the authorization is {stage}")
    if stage is not Stage.AUTHORIZED:
        code = book.assumptions["void-captured"]
        raise Refused(code, f"the order is {stage}; only a refund gives the money back")
    order.voided = True
    book.keep(order)


def refund(book: OrderBook, order_id: str, *, minor: int | None, in_full: bool) -> Refund:
    """Give money back: `minor` of it, or all that is left."""
    order, stage = _find(book, order_id)
    _refuse_unfit(book, order, stage)
    left = order.booked.minor - order.refunded_minor
    asked = left if minor is None or in_full else minor
    if asked > left:
        raise Refused("1164", f"{Money(left, order.money.currency)} can still be refunded")
    if order.restricted and asked != order.booked.minor:
        raise Refused("1115", "a payment with a promotion is refunded in full only")
    kind = "PAYMENT_REFUND" if asked == order.booked.minor else "PARTIAL_REFUND"
    made = Refund(book.ids.next(), asked, book.clock_s(), kind)
    order.refunds.append(made)
    book.keep(order)
    return made


def _refuse_unfit(book: OrderBook, order: Order, stage: Stage) -> None:
    if stage is Stage.REFUNDED:
        raise Refused("1165", "the order is refunded in full")
    if stage not in CHARGED:
        raise Refused("1179", f"the order is {stage}; there is nothing to refund")
    if book.clock_s() > order.created_s + days_s(book.assumptions, "refund-days"):
        raise Refused("1163", "the time in which a refund is possible has passed")


def _find(book: OrderBook, order_id: str) -> tuple[Order, Stage]:
    order = book.see(order_id)
    stage = book.stage(order)
    if stage in _NOTHING_PAID:
        raise Refused("1150", f"the order is {stage}")
    return order, stage
