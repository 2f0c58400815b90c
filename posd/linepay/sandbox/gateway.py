"""The Offline API itself: a request in, a reply out.

The rule: nothing is executed before headers, body, order id and key are found good, and a fault
that strikes before the effect leaves no trace but the count of requests. Not thread-safe.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field, replace

from posd.linepay.sandbox import answers
from posd.linepay.sandbox.armed import ArmedFaults
from posd.linepay.sandbox.bodies import order_id_of
from posd.linepay.sandbox.clock import ManualClock
from posd.linepay.sandbox.faults import NO_FAULT, Fault
from posd.linepay.sandbox.holds import Holds
from posd.linepay.sandbox.keys import KeyRing
from posd.linepay.sandbox.misbehave import misbehave
from posd.linepay.sandbox.operations import Call, Mode, Operations
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.reply import Reply, http_reply
from posd.linepay.sandbox.request import Request
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Operation, Route, find_route
from posd.linepay.sandbox.verify import Door, check_headers

LOG = logging.getLogger("posd.linepay.sandbox")
MAX_LATE = 10_000


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that the stand-in remembers; the gateway and the control calls share it.

    `clock` is there if it can be moved.
    """

    book: OrderBook
    keys: KeyRing
    armed: ArmedFaults
    mode: Mode = field(default_factory=Mode)
    clock: ManualClock | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """A request that is still on its way; it arrives at `due_s`."""

    due_s: float
    route: Route
    request: Request


class Gateway:
    """Answers the operations of one channel in every version."""

    def __init__(self, door: Door, ledger: Ledger) -> None:
        self.requests: Counter[Operation] = Counter()
        self.holds = Holds()
        self._door = door
        self._ledger = ledger
        self._operations = Operations(ledger.book, ledger.keys, ledger.mode)
        self._late: list[Late] = []

    def answer(self, request: Request) -> Reply:
        """The reply to any request outside the control calls."""
        route = find_route(request)
        if route is None:
            LOG.warning("404 %s %s: no operation that is served here", request.method, request.path)
            return http_reply(404, answers.envelope("2104"))
        self._count(route, request)
        return replace(self._answered(route, request), hold=self.holds.take(route.operation))

    def catch_up(self) -> None:
        """Let late requests that are due by now take effect; nobody reads their answers."""
        if not self._late:
            return
        now_s = self._ledger.book.clock_s()
        due = [late for late in self._late if late.due_s <= now_s]
        self._late = [late for late in self._late if late.due_s > now_s]
        for late in sorted(due, key=lambda late: late.due_s):
            LOG.info("%s arrives late", late.route)
            self._again(late.route, late.request)

    def _answered(self, route: Route, request: Request) -> Reply:
        try:
            check_headers(request, route.dialect, self._door)
            return self._deliver(route, request)
        except Refused as refused:
            LOG.warning("%s %s: %s", request.method, request.path, refused)
            return http_reply(200, answers.refusal(refused))

    def _count(self, route: Route, request: Request) -> None:
        self.requests[route.operation] += 1
        if route.operation is Operation.PAY and (order_id := order_id_of(request.body)):
            self._ledger.book.count_request(order_id)

    def _deliver(self, route: Route, request: Request) -> Reply:
        call = self._operations.prepare(route, request)
        fault = self._ledger.armed.take(route.operation, call.order_id) or call.fault
        if fault.name != "none":
            LOG.info("%s %s meets %s", route.operation, call.order_id, fault)
        if fault.name == "late":
            self._delay(route, request, fault)
        if not fault.lets_in(route.operation):
            return misbehave(fault, b"")
        truth = _executed(call, fault)
        if fault.name == "duplicate":
            truth = self._again(route, request)
        return misbehave(fault, truth)

    def _delay(self, route: Route, request: Request, fault: Fault) -> None:
        if len(self._late) >= MAX_LATE:
            raise Refused("9000", f"{MAX_LATE} requests are on their way already")
        due_s = self._ledger.book.clock_s() + fault.seconds_s
        self._late.append(Late(due_s, route, request))

    def _again(self, route: Route, request: Request) -> bytes:
        """Deliver a request once more, as a proxy does that lost the first answer."""
        try:
            call = self._operations.prepare(route, request)
        except Refused as refused:
            LOG.info("%s delivered again or late: %s", route.operation, refused)
            return answers.refusal(refused)
        return _executed(call, NO_FAULT)


def _executed(call: Call, fault: Fault) -> bytes:
    try:
        return call.execute(fault)
    except Refused as refused:
        LOG.info("%s: %s", call.order_id, refused)
        return answers.refusal(refused)
