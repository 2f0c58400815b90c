"""What details and authorizations list: payments that were captured, and those held for it.

The rule: the two are asked by orderId, transactionId or both, and answer 1150 where they know
nothing. Source: reference, 3.3, 4.4 and 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from posd.core.money import Money
from posd.linepay.sandbox.answers import Info, date_text, distort, envelope, identity, number
from posd.linepay.sandbox.order import AUTHORIZATIONS, CHARGED, Distortion, Order, Stage
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.result_codes import SUCCESS, Refused
from posd.linepay.sandbox.routes import Dialect

MAX_ASKED = 100
_PAY_STATUS = {
    Stage.AUTHORIZED: "AUTHORIZATION",
    Stage.VOIDED: "VOIDED_AUTHORIZATION",
    Stage.EXPIRED: "EXPIRED_AUTHORIZATION",
}


@dataclass(frozen=True, slots=True)
class Question:
    """The ids of a query; at least one of either kind."""

    order_ids: tuple[str, ...]
    transaction_ids: tuple[int, ...]

    @property
    def named(self) -> str:
        """The first order id, for the log and for faults that wait for it."""
        return self.order_ids[0] if self.order_ids else ""


def read_question(query: str) -> Question:
    """Read orderId and transactionId, once or repeatedly; raises Refused."""
    try:
        members = parse_qs(query, max_num_fields=10 * MAX_ASKED)
    except ValueError as error:
        raise Refused("1177", "the query has too many members") from error
    texts = members.get("transactionId", [])
    if not all(text.isascii() and text.isdigit() and len(text) <= 19 for text in texts):
        raise Refused("2101", "transactionId must be a number of at most 19 digits")
    asked = Question(tuple(members.get("orderId", [])), tuple(map(int, texts)))
    if not asked.order_ids and not asked.transaction_ids:
        raise Refused("2101", "orderId or transactionId must be given")
    if len(asked.order_ids) + len(asked.transaction_ids) > MAX_ASKED:
        raise Refused("1177", f"at most {MAX_ASKED} transactions can be asked for")
    return asked


def details(book: OrderBook, asked: Question, dialect: Dialect, distortion: Distortion) -> bytes:
    """Payments that were captured, each with its refunds."""
    found = book.seen(asked.order_ids, asked.transaction_ids)
    orders = [order for order in found if book.stage(order) in CHARGED]
    return _list([_paid(book, order, dialect) for order in orders], distortion)


def authorizations(
    book: OrderBook, asked: Question, dialect: Dialect, distortion: Distortion
) -> bytes:
    """Authorizations with what became of them."""
    shown = AUTHORIZATIONS
    if book.assumptions["captured-authorization"] == "listed":
        shown |= CHARGED
    found = book.seen(asked.order_ids, asked.transaction_ids)
    orders = [order for order in found if book.stage(order) in shown]
    return _list([_held(book, order, dialect) for order in orders], distortion)


def _list(entries: list[Info], distortion: Distortion) -> bytes:
    if not entries:
        raise Refused("1150", "no such transaction")
    distort(entries[0], distortion)
    return envelope(SUCCESS, entries)


def _paid(book: OrderBook, order: Order, dialect: Dialect) -> Info:
    entry = _entry(book, order, dialect)
    if order.refunds:
        entry["refundList"] = [
            {
                "refundTransactionId": refund.transaction_id,
                "transactionType": refund.kind,
                "refundAmount": number(Money(-refund.minor, order.money.currency)),
                "refundTransactionDate": date_text(refund.made_s),
            }
            for refund in order.refunds
        ]
    return entry


def _held(book: OrderBook, order: Order, dialect: Dialect) -> Info:
    entry = _entry(book, order, dialect)
    entry["payStatus"] = _PAY_STATUS.get(book.stage(order), "CAPTURE")
    if order.expires_s is not None:
        entry["authorizationExpireDate"] = date_text(order.expires_s)
    return entry


def _entry(book: OrderBook, order: Order, dialect: Dialect) -> Info:
    entry = identity(order, dialect)
    entry |= {"transactionType": "PAYMENT", "currency": order.money.currency}
    if order.product_name:
        entry["productName"] = order.product_name
    return entry
