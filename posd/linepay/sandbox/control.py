"""The control calls: mint keys, arm faults, look into the order book, change an order.

The rule: they are no part of LINE Pay. They live under /control/, need no signature, answer errors
with HTTP 400 and a sentence, and are never counted as traffic of the API.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import msgspec

from posd.linepay.sandbox.bodies import read_object
from posd.linepay.sandbox.faults import MAX_ARMED, BadFault, parse_fault
from posd.linepay.sandbox.fields import Members
from posd.linepay.sandbox.gateway import Gateway, Ledger
from posd.linepay.sandbox.keys import COUNTRIES, FUNDINGS, Key
from posd.linepay.sandbox.orders import Status
from posd.linepay.sandbox.reply import Reply, http_reply
from posd.linepay.sandbox.request import Request
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Operation

LOG = logging.getLogger("posd.linepay.sandbox")
PREFIX = "/control/"

_ORDER = re.compile(r"/control/orders/([^/]+)")
_LAST = (Status.COMPLETE, Status.FAIL, Status.CANCEL)


class BadCall(ValueError):  # noqa: N818
    """The control call cannot be done; the text says why."""


class Control:
    """Answers the control calls. Not thread-safe."""

    def __init__(
        self,
        ledger: Ledger,
        gateway: Gateway,
        *,
        connections: Callable[[], int],
        last_call_ns: Callable[[], tuple[int, int]],
    ) -> None:
        self._ledger = ledger
        self._gateway = gateway
        self._connections = connections
        self._last_call_ns = last_call_ns
        self._calls: dict[tuple[str, str], Callable[[Members], Any]] = {
            ("POST", "/control/keys"): self._mint,
            ("POST", "/control/faults"): self._arm,
            ("DELETE", "/control/faults"): self._clear,
            ("GET", "/control/orders"): self._orders,
            ("GET", "/control/stats"): self._stats,
        }

    def answer(self, request: Request) -> Reply:
        """The reply to a request whose path begins with PREFIX."""
        try:
            answer = self._call(request)
        except (BadCall, BadFault, Refused) as error:
            return _json(400, {"error": str(error)})
        except LookupError as error:
            return _json(404, {"error": str(error.args[0])})
        LOG.info("control: %s %s", request.method, request.path)
        return _json(200, answer)

    def _call(self, request: Request) -> Any:
        order = _ORDER.fullmatch(request.path)
        if order is not None and request.method == "GET":
            return self._order(unquote(order[1]))
        if order is not None and request.method == "POST":
            return self._settle(unquote(order[1]), read_object(request.body))
        call = self._calls.get((request.method, request.path))
        if call is None:
            raise LookupError(f"no control call {request.method} {request.path}")
        return call(read_object(request.body) if request.method == "POST" else {})

    def _mint(self, members: Members) -> Any:
        _only(members, "country", "fault", "funding")
        fault = parse_fault(str(members.get("fault", "none")), Operation.PAY)
        funding = _one_of(members, "funding", FUNDINGS, absent="balance")
        country = _one_of(members, "country", COUNTRIES, absent="TW")
        return {"one_time_key": self._ledger.keys.mint(country, Key(fault, funding))}

    def _arm(self, members: Members) -> Any:
        _only(members, "fault", "count", "operation")
        operation = Operation(_one_of(members, "operation", tuple(Operation), absent="pay"))
        fault = parse_fault(str(members.get("fault", "")), operation)
        count = members.get("count", 1)
        if type(count) is not int or not 0 < count <= MAX_ARMED:
            raise BadCall(f"count must be a whole number from 1 to {MAX_ARMED}")
        self._ledger.armed.arm(operation, fault, count)
        return {"armed": count}

    def _clear(self, members: Members) -> Any:
        del members
        self._ledger.armed.clear()
        return {"armed": 0}

    def _orders(self, members: Members) -> Any:
        del members
        return {"orders": [self._row(order_id) for order_id in self._ledger.book.order_ids()]}

    def _order(self, order_id: str) -> Any:
        if order_id not in self._ledger.book.pay_requests:
            raise LookupError(f"no pay request named order {order_id!r}")
        return self._row(order_id)

    def _settle(self, order_id: str, members: Members) -> Any:
        _only(members, "status")
        status = Status(_one_of(members, "status", _LAST))
        order = self._ledger.book.find(order_id)
        if order is None:
            raise LookupError(f"there is no order {order_id!r}")
        self._ledger.book.settle(order, status)
        return self._row(order_id)

    def _row(self, order_id: str) -> dict[str, Any]:
        """An order; one whose requests were never executed has no status, amount or id."""
        book = self._ledger.book
        order = book.find(order_id)
        return {
            "order_id": order_id,
            "status": None if order is None else book.status(order),
            "amount": None if order is None else order.money.text,
            "currency": None if order is None else order.money.currency,
            "transaction_id": None if order is None else str(order.transaction_id),
            "pay_requests": book.pay_requests[order_id],
        }

    def _stats(self, members: Members) -> Any:
        del members
        book = self._ledger.book
        return {
            "pay_requests": book.pay_requests.total(),
            "check_requests": self._gateway.check_requests,
            "charges": book.charges(),
            "connections": self._connections(),
            "last_call_ns": self._last_call_ns(),
        }


def _json(status: int, value: object) -> Reply:
    return http_reply(status, msgspec.json.encode(value) + b"\n")


def _only(members: Members, *known: str) -> None:
    unknown = sorted(set(members) - set(known))
    if unknown:
        raise BadCall(f"unknown member {unknown[0]!r}; there are {', '.join(known)}")


def _one_of(members: Members, name: str, words: tuple[str, ...], absent: str = "") -> str:
    value = members.get(name, absent)
    if value not in words:
        raise BadCall(f"{name} must be one of {', '.join(words)}")
    return str(value)
