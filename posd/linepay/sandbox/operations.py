"""The seven operations: first what makes a request good, then what it does.

The rule: `prepare` changes nothing and refuses what LINE Pay would refuse whatever the order's
state; `Call.execute` is where money moves, as often as it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from posd.core.money import Money
from posd.linepay.sandbox import answers, fields, listings, reversals
from posd.linepay.sandbox.bodies import Purchase, check_promotion, read_object, read_purchase
from posd.linepay.sandbox.faults import NO_FAULT, Fault, distortion_of, settlement_of
from posd.linepay.sandbox.fields import Members
from posd.linepay.sandbox.keys import Key, KeyRing
from posd.linepay.sandbox.members import judge_unknown
from posd.linepay.sandbox.order import Settlement, Status
from posd.linepay.sandbox.orders import OrderBook
from posd.linepay.sandbox.purse import refuse_poor
from posd.linepay.sandbox.request import Request
from posd.linepay.sandbox.result_codes import SUCCESS, Refused
from posd.linepay.sandbox.routes import Dialect, Operation, Route


@dataclass(slots=True)
class Mode:
    """How the stand-in behaves as a whole.

    Without idempotence neither a used order id nor a used key stops a second charge.
    """

    idempotent: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """A good request. `execute` gives the JSON of the true answer, or raises Refused."""

    order_id: str
    execute: Callable[[Fault], bytes]
    fault: Fault = NO_FAULT


class Operations:
    """What the seven operations do with the books. Not thread-safe."""

    def __init__(self, book: OrderBook, keys: KeyRing, mode: Mode) -> None:
        self._book = book
        self._keys = keys
        self._mode = mode
        self._prepare: dict[Operation, Callable[[Route, Request], Call]] = {
            Operation.PAY: self._pay,
            Operation.CHECK: self._check,
            Operation.AUTHORIZATIONS: self._authorizations,
            Operation.CAPTURE: self._capture,
            Operation.VOID: self._void,
            Operation.DETAILS: self._details,
            Operation.REFUND: self._refund,
        }

    def prepare(self, route: Route, request: Request) -> Call:
        """Read and judge the request; raises Refused."""
        return self._prepare[route.operation](route, request)

    def _pay(self, route: Route, request: Request) -> Call:
        members = read_object(request.body)
        judge_unknown(members, route.operation, route.dialect, self._book.assumptions)
        purchase = self._named(read_purchase(members, route.dialect), route.dialect)
        if self._mode.idempotent:
            self._book.refuse_used(purchase.order_id)
        key = self._keys.look(purchase.one_time_key)
        return Call(
            purchase.order_id,
            lambda fault: self._take_money(purchase, key, fault, route),
            key.fault,
        )

    def _named(self, purchase: Purchase, dialect: Dialect) -> Purchase:
        guess = self._book.assumptions["packages-product-name"]
        absent = dialect is Dialect.V4 and guess == "absent"
        return replace(purchase, product_name="") if absent else purchase

    def _take_money(self, purchase: Purchase, key: Key, fault: Fault, route: Route) -> bytes:
        if self._mode.idempotent:
            self._keys.use(purchase.one_time_key)
        settlement = settlement_of(fault)
        if settlement.status is Status.COMPLETE:
            try:
                refuse_poor(key.purse, purchase.money)
            except Refused as refused:
                failed = Settlement(Status.FAIL, fail_code=refused.code)
                self._book.open(purchase, key.purse, failed)
                raise
        order = self._book.open(purchase, key.purse, settlement)
        return answers.paid(self._book, order, route.dialect)

    def _check(self, route: Route, request: Request) -> Call:
        del request
        return Call(
            route.order_id,
            lambda fault: answers.checked(
                self._book, self._book.see(route.order_id), route.dialect, distortion_of(fault)
            ),
        )

    def _authorizations(self, route: Route, request: Request) -> Call:
        asked = listings.read_question(request.query)
        return Call(
            asked.named,
            lambda fault: listings.authorizations(
                self._book, asked, route.dialect, distortion_of(fault)
            ),
        )

    def _details(self, route: Route, request: Request) -> Call:
        asked = listings.read_question(request.query)
        return Call(
            asked.named,
            lambda fault: listings.details(self._book, asked, route.dialect, distortion_of(fault)),
        )

    def _capture(self, route: Route, request: Request) -> Call:
        members = self._members(route, request)
        currency = fields.currency_code(members, "currency")
        money = Money(fields.minor(members, "amount", currency), currency)
        # The official table has promotionRestriction at the top, the official example in extras.
        check_promotion(members, currency)
        check_promotion(fields.optional_members(members, "extras"), currency)
        return Call(
            route.order_id,
            lambda fault: answers.captured(
                self._book,
                reversals.capture(self._book, route.order_id, money),
                route.dialect,
                distortion_of(fault),
            ),
        )

    def _void(self, route: Route, request: Request) -> Call:
        self._members(route, request)

        def execute(fault: Fault) -> bytes:
            del fault
            reversals.void(self._book, route.order_id)
            return answers.envelope(SUCCESS)

        return Call(route.order_id, execute)

    def _refund(self, route: Route, request: Request) -> Call:
        members = self._members(route, request)
        order = self._book.find(route.order_id)
        currency = "USD" if order is None else order.money.currency
        minor = None
        if members.get("refundAmount") is not None:
            minor = fields.minor(members, "refundAmount", currency)
            if minor == 0:
                raise Refused("2101", "refundAmount must be above 0")
        in_full = check_promotion(members, currency)

        def execute(fault: Fault) -> bytes:
            del fault
            made = reversals.refund(self._book, route.order_id, minor=minor, in_full=in_full)
            return answers.refunded(made)

        return Call(route.order_id, execute)

    def _members(self, route: Route, request: Request) -> Members:
        """The body of capture, void or refund; an absent one is as good as `{}` for the last two.

        What LINE Pay makes of an absent body is not confirmed (reference, 2.2): both are taken.
        """
        if not request.body.strip() and route.operation is not Operation.CAPTURE:
            return {}
        members = read_object(request.body)
        judge_unknown(members, route.operation, route.dialect, self._book.assumptions)
        return members
