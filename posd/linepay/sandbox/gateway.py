"""The Offline API itself: a request in, a reply out.

The rule: nothing is executed before headers, body, order id and key are found good, and a fault
that strikes before the money leaves no trace but the count of requests. Pure; not thread-safe.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from posd.linepay.sandbox import answers
from posd.linepay.sandbox.bodies import Purchase, order_id_of, read_purchase
from posd.linepay.sandbox.faults import (
    NO_FAULT,
    ArmedFaults,
    Fault,
    distortion_of,
    settlement_of,
)
from posd.linepay.sandbox.keys import Key, KeyRing
from posd.linepay.sandbox.misbehave import misbehave
from posd.linepay.sandbox.orders import OrderBook, Status
from posd.linepay.sandbox.reply import Reply, http_reply
from posd.linepay.sandbox.request import Request
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Dialect, Operation, Route, find_route
from posd.linepay.sandbox.verify import Credentials, check_headers

LOG = logging.getLogger("posd.linepay.sandbox")


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that the stand-in remembers; the gateway and the control calls share it."""

    book: OrderBook
    keys: KeyRing
    armed: ArmedFaults


class Gateway:
    """Answers the operations of one channel in every version."""

    def __init__(self, credentials: Credentials, ledger: Ledger) -> None:
        self.check_requests = 0
        self._credentials = credentials
        self._ledger = ledger

    def answer(self, request: Request) -> Reply:
        """The reply to any request outside the control calls."""
        route = find_route(request)
        if route is None:
            LOG.warning("404 %s %s: no operation that is served here", request.method, request.path)
            return http_reply(404, answers.envelope("2104"))
        self._count(route, request)
        try:
            check_headers(request, route.dialect, self._credentials)
            if route.operation is Operation.PAY:
                return self._pay(request, route.dialect)
            if route.operation is Operation.DETAILS:
                return self._details(route)
            return self._check(route)
        except Refused as refused:
            LOG.warning("%s %s: %s", request.method, request.path, refused)
            return http_reply(200, answers.envelope(refused.code))

    def _count(self, route: Route, request: Request) -> None:
        if route.operation is Operation.CHECK:
            self.check_requests += 1
        elif route.operation is Operation.PAY and (order_id := order_id_of(request.body)):
            self._ledger.book.pay_requests[order_id] += 1

    def _pay(self, request: Request, dialect: Dialect) -> Reply:
        purchase = read_purchase(request.body, dialect)
        self._ledger.book.refuse_used(purchase.order_id)
        key = self._ledger.keys.look(purchase.one_time_key)
        fault = self._ledger.armed.take(Operation.PAY) or key.fault
        _tell(fault, Operation.PAY, purchase.order_id)
        if fault.before_the_money:
            return misbehave(fault, b"")
        return misbehave(fault, self._take_money(purchase, key, fault, dialect))

    def _take_money(self, purchase: Purchase, key: Key, fault: Fault, dialect: Dialect) -> bytes:
        order = self._ledger.book.open(purchase, key.funding, settlement_of(fault))
        self._ledger.keys.use(purchase.one_time_key)
        return answers.paid(order, dialect)

    def _check(self, route: Route) -> Reply:
        fault = self._ledger.armed.take(Operation.CHECK) or NO_FAULT
        _tell(fault, Operation.CHECK, route.order_id)
        return misbehave(fault, self._status(route, fault))

    def _details(self, route: Route) -> Reply:
        fault = self._ledger.armed.take(Operation.DETAILS) or NO_FAULT
        _tell(fault, Operation.DETAILS, route.order_id)
        return misbehave(fault, self._booked(route))

    def _booked(self, route: Route) -> bytes:
        """Details show what was paid, and nothing else."""
        if not route.order_id:
            return answers.envelope("2101")
        try:
            order = self._ledger.book.see(route.order_id)
        except Refused as refused:
            return answers.envelope(refused.code)
        if self._ledger.book.status(order) is not Status.COMPLETE:
            return answers.envelope("1150")
        return answers.detailed(order, route.dialect)

    def _status(self, route: Route, fault: Fault) -> bytes:
        book = self._ledger.book
        try:
            order = book.see(route.order_id)
        except Refused as refused:
            LOG.info("check %s: %s", route.order_id, refused)
            return answers.envelope(refused.code)
        return answers.checked(
            order, route.dialect, status=book.status(order), distortion=distortion_of(fault)
        )


def _tell(fault: Fault, operation: Operation, order_id: str) -> None:
    if fault.name != "none":
        LOG.info("%s %s meets %s", operation, order_id, fault)
