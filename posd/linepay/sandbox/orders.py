"""The order book: what LINE Pay knows of each order, and how often each was asked for.

The rule: an order id pays once, for ever, unless the mode says that nothing is idempotent. Pure
state: the clock is handed in, nothing waits; an order that settles later does so because the clock
says so. `keep` is told of every order that changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from posd.linepay.sandbox.assumptions import Assumptions, assume, days_s
from posd.linepay.sandbox.bodies import Purchase
from posd.linepay.sandbox.ids import TransactionIds
from posd.linepay.sandbox.order import CHARGED, Order, Settlement, Stage, Status
from posd.linepay.sandbox.purse import Purse
from posd.linepay.sandbox.result_codes import Refused

MAX_ORDERS = 1_000_000
_PLAIN = {
    Stage.WAITING: "AUTH_READY",
    Stage.FAILED: "FAIL",
    Stage.CANCELLED: "CANCEL",
    Stage.CAPTURED: "COMPLETE",
    Stage.PARTLY_REFUNDED: "COMPLETE",
}
_GUESSED = {
    Stage.AUTHORIZED: "authorized-status",
    Stage.VOIDED: "voided-status",
    Stage.EXPIRED: "voided-status",
    Stage.REFUNDED: "refunded-status",
}


class OrderBook:
    """All orders of one channel. Not thread-safe."""

    def __init__(
        self,
        clock_s: Callable[[], float],
        *,
        assumptions: Assumptions | None = None,
        ids: TransactionIds | None = None,
    ) -> None:
        self.pay_requests: Counter[str] = Counter()
        self.assumptions = assume([]) if assumptions is None else assumptions
        self.keep: Callable[[Order], None] = lambda order: None
        self.keep_request: Callable[[str], None] = lambda order_id: None
        self.clock_s = clock_s
        self.ids = ids or TransactionIds(clock_s)
        self._latest: dict[str, Order] = {}
        self._by_id: dict[int, Order] = {}

    def count_request(self, order_id: str) -> None:
        """Note that a pay request named this order, whatever comes of it."""
        self.pay_requests[order_id] += 1
        self.keep_request(order_id)

    def refuse_used(self, order_id: str) -> None:
        """Raise Refused with 1172 if the order id was used (also by a payment that failed)."""
        if order_id in self._latest:
            raise Refused("1172", "the order id was used before")

    def open(self, purchase: Purchase, purse: Purse, settlement: Settlement) -> Order:
        """Take an order in; with a COMPLETE settlement the customer's money moves or is held."""
        if len(self._by_id) >= MAX_ORDERS:
            raise Refused("9000", f"the order book is full ({MAX_ORDERS}); start a new stand-in")
        now_s = self.clock_s()
        lasts_s = days_s(self.assumptions, "authorization-days")
        order = Order(
            order_id=purchase.order_id,
            money=purchase.money,
            purse=purse,
            one_time_key=purchase.one_time_key,
            transaction_id=self.ids.next(),
            created_s=now_s,
            final=settlement.status,
            settles_s=now_s + settlement.after_s,
            seen_from_s=now_s + settlement.hidden_s,
            fail_code=settlement.fail_code,
            distortion=settlement.distortion,
            product_name=purchase.product_name,
            restricted=purchase.restricted or purse.discount > 0,
            expires_s=None if purchase.captures else now_s + lasts_s,
            captured_minor=purchase.money.minor if purchase.captures else None,
        )
        self.take_in(order)
        self.keep(order)
        return order

    def take_in(self, order: Order) -> None:
        """Put an order on its page; a later one of the same order id is the one that is seen."""
        self._latest[order.order_id] = order
        self._by_id[order.transaction_id] = order
        spent = [refund.transaction_id for refund in order.refunds]
        self.ids.last = max(self.ids.last, order.transaction_id, *spent)

    def find(self, order_id: str) -> Order | None:
        """The latest order of that id, hidden or not."""
        return self._latest.get(order_id)

    def see(self, order_id: str) -> Order:
        """The order as check sees it; raises Refused with 1150 if it does not."""
        order = self._latest.get(order_id)
        if order is None or self.clock_s() < order.seen_from_s:
            raise Refused("1150", "no such order")
        return order

    def seen(self, order_ids: Iterable[str], transaction_ids: Iterable[int]) -> list[Order]:
        """All orders that carry one of the order ids and one of the transaction ids.

        Naming none of a kind means any. Several orders of one id exist only where nothing is
        idempotent.
        """
        wanted, ids = set(order_ids), set(transaction_ids)
        found = [self._by_id[number] for number in ids if number in self._by_id]
        orders = found if ids else [o for o in self._by_id.values() if o.order_id in wanted]
        now_s = self.clock_s()
        seen = [order for order in orders if now_s >= order.seen_from_s]
        return [order for order in seen if not wanted or order.order_id in wanted]

    def stage(self, order: Order) -> Stage:
        """Where the money of an order is now."""
        return order.stage_at(self.clock_s())

    def status(self, order: Order) -> str:
        """What check says of an order now; partly a guess (assumptions.py)."""
        stage = self.stage(order)
        return _PLAIN.get(stage) or self.assumptions[_GUESSED[stage]]

    def settle(self, order: Order, status: Status) -> None:
        """Give an order its last status now and let check see it."""
        order.final, order.settles_s, order.seen_from_s = status, 0.0, 0.0
        self.keep(order)

    def all(self) -> Iterator[Order]:
        """Every order, in the order of their transactions."""
        return iter(self._by_id.values())

    def charges(self) -> int:
        """How often a customer's money was taken, whether or not it went back since."""
        return sum(self.stage(order) in CHARGED for order in self._by_id.values())
