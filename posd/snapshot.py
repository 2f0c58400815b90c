"""What screens and tills may see: plain frozen data, made by the engine, read by everyone.

Rule: a view says nothing that the durable journal does not say at that instant; only device and
gateway conditions come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from posd.core.money import Money
from posd.core.order import MoneyState, Order, Verdict, verdict
from posd.core.records import SoldItem
from posd.core.rules import Rules


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line of the basket; `price` is for one piece, as a decimal string."""

    name: str
    quantity: int
    price: str


@dataclass(frozen=True, slots=True)
class SaleView:
    """One sale as the API tells it. Ids and amounts are strings, times RFC 3339 in UTC.

    `captured` and `refunded` are decimal strings; `wish` is WANTED, ABANDONED or ACCEPTED.
    `seq` is the journal sequence that the view is based on. `next_action` is a code of
    docs/reference/codes.md. `verdict_due_in_s` counts from the moment the view was made.
    """

    id: str
    order_id: str
    reference: str
    receipt_number: str
    verdict: str
    state: str
    amount: str
    currency: str
    transaction_id: str | None
    attention: tuple[str, ...]
    next_action: str
    because: str
    code: str
    awaiting_customer: bool
    receipt: str
    receipt_because: str
    copies: int
    cashier: str
    items: tuple[ItemView, ...]
    opened_at: str
    paid_at: str | None
    captured: str
    refunded: str
    wish: str
    wish_because: str
    verdict_due_in_s: float | None
    seq: int


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device: `condition` is its code, whose words are `<kind>.<condition>`."""

    kind: str
    driver: str
    condition: str
    detail: str = ""
    ready: bool = False


@dataclass(frozen=True, slots=True)
class GatewayView:
    """LINE Pay as the lane last met it: unknown, reachable or unreachable."""

    condition: str = "unknown"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A passing message: `number` grows with each; its words are `notice.<code>`."""

    number: int
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LaneView:
    """The whole lane. `selling` is the sale at the counter, `last` the one before it.

    `hindrances` are the reasons for which no sale is taken now, worst first. `display` is the
    customer's, None where the lane has none; `drawer` the cash drawer, None where nothing tells
    how it stands.
    """

    seq: int
    version: str
    test: bool
    store: str
    store_name: str
    lane: str
    country: str
    currency: str
    language: str
    hindrances: tuple[str, ...]
    selling: SaleView | None
    last: SaleView | None
    unfinished: tuple[SaleView, ...]
    recent: tuple[SaleView, ...]
    scanner: DeviceView
    printer: DeviceView
    gateway: GatewayView
    notice: NoticeView | None
    waits_s: Mapping[str, float]
    display: DeviceView | None = None
    drawer: DeviceView | None = None


def sale_view(
    order: Order, rules: Rules, *, seq: int, now_ns: int, action: Callable[[str], str]
) -> SaleView:
    """The view of one order; `action` names the next action for a LINE Pay result code."""
    word = verdict(order)
    return SaleView(
        id=order.sale_id,
        order_id=order.order_id,
        reference=order.reference,
        receipt_number=order.receipt_number,
        verdict=word,
        state=order.money,
        amount=order.amount.text,
        currency=order.amount.currency,
        transaction_id=order.transaction_id or None,
        attention=tuple(sorted(order.attention)),
        next_action=next_action(order, action),
        because=order.because,
        code=order.code,
        awaiting_customer=order.checks.awaiting_customer,
        receipt=order.paper,
        receipt_because=order.paper_because,
        copies=order.copy,
        cashier=order.cashier,
        items=tuple(_item(item, order.amount.currency) for item in order.items),
        opened_at=rfc3339(order.opened_ms),
        paid_at=rfc3339(order.confirmed_ms) if order.confirmed_ms else None,
        captured=Money(order.captured_minor, order.amount.currency).text,
        refunded=Money(order.refunded_minor, order.amount.currency).text,
        wish=order.wish,
        wish_because=order.wish_because,
        verdict_due_in_s=_due_in_s(order, rules, now_ns) if word is Verdict.WORKING else None,
        seq=seq,
    )


_ACTIONS = {
    Verdict.WAITING: "show_code",
    Verdict.WORKING: "wait",
    Verdict.PAID: "hand_over",
    Verdict.PAID_LATE: "keep_or_reverse",
    Verdict.NOT_CONFIRMED: "wait_or_supervisor",
    Verdict.CALL_SUPERVISOR: "supervisor",
    Verdict.AUTHORIZED: "capture_or_void",
    Verdict.VOIDED: "new_sale",
    Verdict.REFUNDED: "new_sale",
    Verdict.REFUND_OWED: "wait_or_supervisor",
}
_NOT_PAID_ACTIONS = {
    "cashier": "new_sale",
    "no_key": "new_sale",
    "restart": "new_sale",
    "gateway": "technician",
    "absent": "new_code",
    "cancelled": "new_code",
    "failed": "new_code",
    "expired": "new_code",
}


def next_action(order: Order, action: Callable[[str], str]) -> str:
    """What the cashier does next, as a stable code."""
    word = verdict(order)
    if word is not Verdict.NOT_PAID:
        return _ACTIONS[word]
    if order.because == "declined":
        return action(order.code)
    return _NOT_PAID_ACTIONS.get(order.because, "new_code")


def _item(item: SoldItem, currency: str) -> ItemView:
    return ItemView(item.name, item.quantity, Money(item.price_minor, currency).text)


def _due_in_s(order: Order, rules: Rules, now_ns: int) -> float | None:
    if order.scan_ns is None or order.money is MoneyState.ARMED:
        return None
    left_ns = order.scan_ns + rules.waits.verdict_ns - now_ns
    return round(max(0, left_ns) / 1e9, 3)


def rfc3339(wall_ms: int) -> str:
    """UTC with milliseconds, as `2026-11-24T05:42:54.123Z`."""
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
