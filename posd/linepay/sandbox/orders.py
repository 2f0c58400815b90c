"""The order book: what LINE Pay knows of each order. The one place where money moves.

The rule: an order id pays once, for ever. Pure state: the clock is handed in, nothing waits; an
order that settles later does so because the clock says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from posd.core.money import Money
from posd.linepay.sandbox.bodies import Purchase
from posd.linepay.sandbox.result_codes import Refused

MAX_ORDERS = 1_000_000


class Status(StrEnum):
    """`info.status` of check (reference, 4.3)."""

    AUTH_READY = "AUTH_READY"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"
    FAIL = "FAIL"


class Distortion(StrEnum):
    """A lie that the answers about an order tell."""

    NONE = ""
    WRONG_AMOUNT = "wrong-amount"
    NO_PAYINFO = "no-payinfo"
    OTHER_ORDER = "other-order"
    DUPLICATE_MEMBER = "duplicate-member"


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an order ends: in `status` after `after_s`, unseen by check for `hidden_s`."""

    status: Status = Status.COMPLETE
    after_s: float = 0.0
    hidden_s: float = 0.0
    fail_code: str = ""
    distortion: Distortion = Distortion.NONE


@dataclass(slots=True)
class Order:
    """One order. Times are seconds since the epoch; `final` holds from `settles_s` on."""

    order_id: str
    money: Money
    funding: str
    transaction_id: int
    created_s: float
    final: Status
    settles_s: float
    seen_from_s: float
    fail_code: str
    distortion: Distortion

    def status_at(self, now_s: float) -> Status:
        """The status that check would see at that time."""
        return self.final if now_s >= self.settles_s else Status.AUTH_READY


class OrderBook:
    """All orders of one channel, and how often each was asked for. Not thread-safe."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self.pay_requests: Counter[str] = Counter()
        self._clock_s = clock_s
        self._orders: dict[str, Order] = {}
        self._last_id = 0

    def refuse_used(self, order_id: str) -> None:
        """Raise Refused with 1172 if the order id was used (also by a payment that failed)."""
        if order_id in self._orders:
            raise Refused("1172", "the order id was used before")

    def open(self, purchase: Purchase, funding: str, settlement: Settlement) -> Order:
        """Take an order in; with a COMPLETE settlement the customer's money moves."""
        self.refuse_used(purchase.order_id)
        if len(self._orders) >= MAX_ORDERS:
            raise Refused("9000", f"the order book is full ({MAX_ORDERS}); start a new stand-in")
        now_s = self._clock_s()
        order = Order(
            order_id=purchase.order_id,
            money=purchase.money,
            funding=funding,
            transaction_id=self._next_id(now_s),
            created_s=now_s,
            final=settlement.status,
            settles_s=now_s + settlement.after_s,
            seen_from_s=now_s + settlement.hidden_s,
            fail_code=settlement.fail_code,
            distortion=settlement.distortion,
        )
        self._orders[order.order_id] = order
        return order

    def find(self, order_id: str) -> Order | None:
        """The order, hidden or not."""
        return self._orders.get(order_id)

    def see(self, order_id: str) -> Order:
        """The order as check sees it; raises Refused with 1150 if it does not."""
        order = self._orders.get(order_id)
        if order is None or self._clock_s() < order.seen_from_s:
            raise Refused("1150", "no such order")
        return order

    def status(self, order: Order) -> Status:
        """The status of an order now."""
        return order.status_at(self._clock_s())

    def settle(self, order: Order, status: Status) -> None:
        """Give an order its last status now and let check see it."""
        order.final, order.settles_s, order.seen_from_s = status, 0.0, 0.0

    def order_ids(self) -> Iterator[str]:
        """Every order id that was ever asked for, in the order of its first request."""
        return iter(self.pay_requests)

    def charges(self) -> int:
        """The number of orders for which a customer has paid."""
        return sum(self.status(order) is Status.COMPLETE for order in self._orders.values())

    def _next_id(self, now_s: float) -> int:
        # 19 digits that begin with the date (reference, section 7). The time of day fills the rest,
        # so that a restarted stand-in does not hand out the ids of the one before it.
        moment = datetime.fromtimestamp(now_s, UTC)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        microseconds = int((moment - midnight).total_seconds() * 1e6)
        stamp = int(f"{moment:%Y%m%d}") * 10**11 + microseconds
        self._last_id = max(self._last_id + 1, stamp)
        return self._last_id
