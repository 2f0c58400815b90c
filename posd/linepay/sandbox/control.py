"""The control calls: mint keys, arm faults, look into the order book, change an order.

The rule: they are no part of LINE Pay. They live under /control/, need no signature, answer errors
with a 4xx and a sentence, and are never counted as traffic of the API. A web page of another
origin is refused.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from posd.core.money import Money, to_minor
from posd.linepay.sandbox import control_schema as schema
from posd.linepay.sandbox.armed import Rule
from posd.linepay.sandbox.faults import BadFault, parse_fault, text_of
from posd.linepay.sandbox.gateway import Gateway, Ledger
from posd.linepay.sandbox.keys import Key
from posd.linepay.sandbox.order import Status
from posd.linepay.sandbox.page import NotShown, shown
from posd.linepay.sandbox.purse import Purse
from posd.linepay.sandbox.reply import Reply, http_reply
from posd.linepay.sandbox.request import Request
from posd.linepay.sandbox.result_codes import Refused
from posd.linepay.sandbox.routes import Operation

LOG = logging.getLogger("posd.linepay.sandbox")
PREFIX = "/control/"

_SHOWN_KEYS = 100
_OWN_HOSTS = (None, "127.0.0.1", "localhost")


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
        calls: dict[tuple[str, str], Callable[..., msgspec.Struct]] = {
            ("POST", "/control/keys"): self._mint,
            ("GET", "/control/keys"): self._keys,
            ("POST", "/control/faults"): self._arm,
            ("GET", "/control/faults"): self._faults,
            ("DELETE", "/control/faults"): self._clear,
            ("POST", "/control/holds"): self._hold,
            ("GET", "/control/holds"): self._holds,
            ("DELETE", "/control/holds"): self._release,
            ("GET", "/control/orders"): self._orders,
            ("GET", "/control/orders/{order_id}"): self._order,
            ("POST", "/control/orders/{order_id}"): self._settle,
            ("GET", "/control/clock"): self._clock,
            ("POST", "/control/clock"): self._advance,
            ("GET", "/control/mode"): self._mode,
            ("POST", "/control/mode"): self._set_mode,
            ("GET", "/control/stats"): self._stats,
        }
        self._calls = [
            (row, _pattern(row.path), calls[row.method, row.path]) for row in schema.CALLS
        ]

    def answer(self, request: Request) -> Reply:
        """The reply to a request whose path begins with PREFIX."""
        if not _is_own(request):
            return _json(403, {"error": "a page of another origin may not use the control calls"})
        try:
            return self._page(request) or _json(200, self._call(request))
        except (BadCall, BadFault, Refused, msgspec.MsgspecError, UnicodeDecodeError) as error:
            return _json(400, {"error": str(error)})
        except (LookupError, NotShown) as error:
            return _json(404, {"error": str(error.args[0])})

    def _page(self, request: Request) -> Reply | None:
        return shown(request.path) if request.method == "GET" else None

    def _call(self, request: Request) -> msgspec.Struct:
        for row, pattern, call in self._calls:
            match = pattern.fullmatch(request.path)
            if match is not None and row.method == request.method:
                LOG.info("control: %s %s", request.method, request.path)
                given: list[Any] = [unquote(text) for text in match.groups()]
                if row.query:
                    given.append(_number(request.query, row.query))
                if row.asks is not None:
                    given.append(_asked(request.body, row.asks))
                return call(*given)
        raise LookupError(f"no control call {request.method} {request.path}")

    def _mint(self, asked: schema.MintKey) -> schema.MintedKey:
        fault = parse_fault(asked.fault, Operation.PAY)
        amounts = {"balance": asked.balance, "points": asked.points, "discount": asked.discount}
        currency = "TWD" if asked.country == "TW" else "THB"
        for name, amount in amounts.items():
            if amount is not None and (amount < 0 or to_minor(amount, currency) is None):
                raise BadCall(f"{name} must be an amount of {currency}")
        purse = msgspec.convert(asked, Purse, from_attributes=True)
        return schema.MintedKey(self._ledger.keys.mint(asked.country, Key(fault, purse)))

    def _keys(self) -> schema.WaitingKeys:
        latest = self._ledger.keys.waiting()[: -_SHOWN_KEYS - 1 : -1]
        return schema.WaitingKeys(
            [
                schema.WaitingKey(
                    one_time_key=minted.text,
                    country="TW" if len(minted.text) == 18 else "TH",
                    fault=text_of(minted.key.fault),
                    funding=msgspec.convert(minted.key.purse.funding, schema.Funding),
                    expires_s=minted.expires_s,
                )
                for minted in latest
            ]
        )

    def _arm(self, asked: schema.ArmFault) -> schema.ArmedCount:
        operation = Operation(asked.operation)
        fault = parse_fault(asked.fault, operation)
        count = asked.count
        if count is None and asked.probability == 1.0:
            count = 1
        rule = Rule(operation, fault, count, asked.order_id, asked.probability)
        self._ledger.armed.arm(rule)
        return schema.ArmedCount(count)

    def _faults(self) -> schema.ArmedRules:
        return schema.ArmedRules(
            [
                schema.ArmedRule(
                    operation=msgspec.convert(str(rule.operation), schema.OperationName),
                    fault=text_of(rule.fault),
                    left=rule.left,
                    order_id=rule.order_id,
                    probability=rule.probability,
                )
                for rule in self._ledger.armed.rules()
            ]
        )

    def _clear(self) -> schema.ArmedCount:
        self._ledger.armed.clear()
        return schema.ArmedCount(0)

    def _hold(self, asked: schema.HoldCall) -> schema.HeldCalls:
        try:
            self._gateway.holds.add(Operation(asked.operation))
        except OverflowError as error:
            raise BadCall(str(error)) from error
        return self._holds()

    def _holds(self) -> schema.HeldCalls:
        return schema.HeldCalls(
            [
                schema.HeldCall(
                    msgspec.convert(str(hold.operation), schema.OperationName), hold.came
                )
                for hold in self._gateway.holds.all()
            ]
        )

    def _release(self) -> schema.HeldCalls:
        self._gateway.holds.release()
        return self._holds()

    def _orders(self, last: int | None) -> schema.OrderRows:
        names = self._ledger.book.pay_requests
        wanted = islice(reversed(names), last)  # the page asks every second: never walk them all
        return schema.OrderRows([self._row(name) for name in wanted][::-1])

    def _order(self, order_id: str) -> schema.OrderRow:
        if order_id not in self._ledger.book.pay_requests:
            raise LookupError(f"no pay request named order {order_id!r}")
        return self._row(order_id)

    def _settle(self, order_id: str, asked: schema.SettleOrder) -> schema.OrderRow:
        order = self._ledger.book.find(order_id)
        if order is None:
            raise LookupError(f"there is no order {order_id!r}")
        self._ledger.book.settle(order, Status(asked.status))
        return self._row(order_id)

    def _row(self, order_id: str) -> schema.OrderRow:
        book = self._ledger.book
        order, requests = book.find(order_id), book.pay_requests[order_id]
        if order is None:
            return schema.OrderRow(order_id, *(None,) * 7, pay_requests=requests)
        currency = order.money.currency
        return schema.OrderRow(
            order_id=order_id,
            status=book.status(order),
            stage=book.stage(order),
            amount=order.money.text,
            captured=Money(order.captured_minor or 0, currency).text,
            refunded=Money(order.refunded_minor, currency).text,
            currency=currency,
            transaction_id=str(order.transaction_id),
            pay_requests=requests,
        )

    def _clock(self) -> schema.ClockTold:
        kind = "real" if self._ledger.clock is None else "manual"
        return schema.ClockTold("real" if kind == "real" else "manual", self._ledger.book.clock_s())

    def _advance(self, asked: schema.AdvanceClock) -> schema.ClockTold:
        if self._ledger.clock is None:
            raise BadCall("the clock is real; start the stand-in with --clock manual")
        self._ledger.clock.advance(asked.advance_s)
        self._gateway.catch_up()
        return self._clock()

    def _mode(self) -> schema.ModeTold:
        return schema.ModeTold(self._ledger.mode.idempotent)

    def _set_mode(self, asked: schema.SetMode) -> schema.ModeTold:
        self._ledger.mode.idempotent = asked.idempotent
        return self._mode()

    def _stats(self) -> schema.Stats:
        book = self._ledger.book
        return schema.Stats(
            pay_requests=book.pay_requests.total(),
            check_requests=self._gateway.requests[Operation.CHECK],
            charges=book.charges(),
            refunds=sum(len(order.refunds) for order in book.all()),
            connections=self._connections(),
            last_call_ns=self._last_call_ns(),
        )


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(path.replace("{order_id}", "([^/]+)"))


def _number(query: str, name: str) -> int | None:
    """The number in `name=N`; None where nothing is asked for."""
    match = re.fullmatch(rf"{name}=([0-9]{{1,7}})", query)
    if query and match is None:
        raise BadCall(f"the query must be {name}=N")
    return None if match is None else int(match[1])


def _asked(body: bytes, wanted: type[msgspec.Struct]) -> Any:
    if not body.strip():
        raise BadCall("the body is empty; it must be a JSON object")
    return msgspec.json.decode(body, type=wanted)


def _is_own(request: Request) -> bool:
    """Whether the call comes from a program or from the stand-in's own page.

    A browser names the page's origin; another site, or a name that was made to point here, must
    not mint or arm.
    """
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    try:
        if urlsplit(f"//{host}").hostname not in _OWN_HOSTS:
            return False
        return origin is None or urlsplit(origin).netloc == host
    except ValueError:  # a bracket without its other half: no URL at all
        return False


def _json(status: int, value: object) -> Reply:
    return http_reply(status, msgspec.json.encode(value) + b"\n")
