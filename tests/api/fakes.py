"""A lane in memory behind the real Door: the core decides, nothing is written, nothing is sent.

`scan` and the `pay_*` methods play the world; the printer takes every job at once.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from decimal import Decimal

from devices.values import PrintProof, ReceiptDocument
from posd.core import lane
from posd.core.commands import AccountName, PrintReceipt
from posd.core.errors import NotAllowed
from posd.core.events import (
    CheckAnswered,
    CodeScanned,
    Event,
    GatewayUnreachable,
    PayAnswered,
    PayUnanswered,
    PrintSucceeded,
    SaleRequested,
    TimePassed,
)
from posd.core.evidence import Evidence, PaidPart, Proof
from posd.core.instant import Instant
from posd.core.keys import KEY
from posd.core.order import Order
from posd.core.receipt import receipt
from posd.core.rules import SECOND, ReceiptRules, Rules
from posd.door import (
    Ask,
    HistoryView,
    MoneyAsk,
    OpenSale,
    Refusal,
    Reply,
    SalesView,
    SalesWanted,
)
from posd.inquiry import InquiryView, Told, compared
from posd.intake import event_of
from posd.snapshot import DeviceView, GatewayView, LaneView, NoticeView, SaleView, sale_view
from posd.words import catalogue

RULES = Rules(
    store_id="S001",
    lane_id="L01",
    country="TW",
    currency="TWD",
    account=AccountName("127.0.0.1", "1650000000", "v4"),
    test=True,
    receipt=ReceiptRules(words=catalogue("en"), store_name="Corner Tea"),
)


class FakeDoor:
    """Implements posd.door.Door; every public method may be called from any thread."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.drawer_says = ""
        self.kicks = 0
        self.silent = False  # asks are taken and never answered
        self.hindrances: tuple[str, ...] = ()
        self.printer = DeviceView("printer", "escpos", "ready", ready=True)
        self.lives: dict[str, bool] = {"engine": True, "journal": True}
        self.told: tuple[Told, ...] = ()  # what LINE Pay answers an inquiry
        self.asked: list[Ask] = []
        self.unanswered: list[Future[Reply]] = []
        self._rules = rules
        self._state = lane.LaneState(rules)
        self._orders: dict[str, Order] = {}
        self._keys: dict[str, tuple[str, str]] = {}
        self._acts: dict[str, tuple[str, str]] = {}
        self._now = Instant(1_795_500_000_000, 1_000 * SECOND)
        self._numbers = itertools.count(1)
        self._seq = 0
        self._opened_at: dict[str, int] = {}
        self._changed_at: dict[str, int] = {}
        self._notice: NoticeView | None = None
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.RLock()
        self._view = self._look()

    # ---- the Door ---------------------------------------------------------------------------

    def ask(self, ask: Ask) -> Future[Reply]:
        future: Future[Reply] = Future()
        with self._lock:
            self.asked.append(ask)
            if self.silent:
                self.unanswered.append(future)
            else:
                future.set_result(self._answer(ask))
        return future

    def lane(self) -> LaneView:
        return self._view

    def sale(self, sale_id: str) -> SaleView | None:
        with self._lock:
            order = self._find(sale_id)
            return self._told(order) if order else None

    def sales(self, wanted: SalesWanted) -> SalesView:
        with self._lock:
            told = [self._told(order) for order in self._orders.values()][::-1]
            fits = [s for s in told if wanted.reference in ("", s.reference)]
            fits = [s for s in fits if wanted.verdict in ("", s.verdict)]
            older = [s for s in fits if self._opened_at[s.order_id] < wanted.before_seq]
            page = tuple(older[: wanted.limit])
            more = len(older) > len(page)
            return SalesView(page, self._opened_at[page[-1].order_id] if more else None)

    def changed(self, after_seq: int, limit: int) -> HistoryView:
        with self._lock:
            told = sorted(map(self._told, self._orders.values()), key=lambda sale: sale.seq)
            newer = [sale for sale in told if sale.seq > after_seq]
            page = tuple(newer[:limit])
            last_seq = page[-1].seq if page else after_seq
            return HistoryView(page, last_seq, len(newer) > limit)

    def receipt(self, sale_id: str) -> ReceiptDocument | None:
        with self._lock:
            order = self._find(sale_id)
            paid = order is not None and order.money == "CONFIRMED"
            return receipt(order, self._rules, copy=order.copy) if paid and order else None

    def inquire(self, sale_id: str) -> InquiryView | None:
        sale = self.sale(sale_id)
        return None if sale is None else compared(sale, self.told)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def open_drawer(self) -> Future[str]:
        told: Future[str] = Future()
        self.kicks += 1
        if not self.silent:
            told.set_result(self.drawer_says)
        return told

    def alive(self) -> Mapping[str, bool]:
        return self.lives

    # ---- the world --------------------------------------------------------------------------

    def scan(self, fingerprint: str = "") -> None:
        name = fingerprint or f"fingerprint-{next(self._numbers)}"
        with self._lock:
            self._pass(SECOND)
            at = self._now
            self._do(CodeScanned(at, KEY, name, at.boot_ns, at.boot_ns, 18, None))

    def pay_succeeds(self) -> None:
        with self._lock:
            order = self._state.orders[self._state.selling or ""]
            part = PaidPart("BALANCE", Decimal(order.amount.text))
            evidence = Evidence(
                Proof.SUCCESS,
                "0000",
                order_id=order.order_id,
                transaction_id="2026112400000000001",
                parts=(part,),
            )
            self._do(PayAnswered(self._now, order.order_id, evidence))

    def pay_is_lost(self) -> None:
        with self._lock:
            order_id = self._state.selling or ""
            self._do(PayUnanswered(self._now, order_id, "timeout"))

    def lost_payment_succeeds(self, order_id: str) -> None:
        with self._lock:
            part = PaidPart("BALANCE", Decimal(self._state.orders[order_id].amount.text))
            evidence = Evidence(Proof.SUCCESS, "0000", order_id=order_id, parts=(part,))
            self._do(PayAnswered(self._now, order_id, evidence))

    def gateway_is_away(self) -> None:
        with self._lock:
            self._do(GatewayUnreachable(self._now, "refused"))

    def pass_s(self, seconds: int) -> None:
        with self._lock:
            self._pass(seconds * SECOND)
            self._do(TimePassed(self._now))

    def publish(self) -> None:
        """A new snapshot although nothing was recorded (a device changed)."""
        with self._lock:
            self._view = self._look()
            for listener in list(self._listeners):
                listener()

    # ---- the machine ------------------------------------------------------------------------

    def _answer(self, ask: Ask) -> Reply:
        try:
            return self._told(self._orders[self._asked(ask)])
        except NotAllowed as refusal:
            order = self._orders.get(refusal.details.get("order_id", ""))
            sale = self._told(order) if order else None
            return Refusal(refusal.code, refusal.details, sale)

    def _asked(self, ask: Ask) -> str:
        if isinstance(ask, OpenSale):
            return self._opened(ask)
        order = self._find(ask.sale_id)
        if order is None:
            raise NotAllowed("no_such_sale")
        self._state = lane.recalled(self._state, order)
        asking = ask.asking if isinstance(ask, MoneyAsk) else ask
        key, meant = asking.idempotency_key, (order.order_id, asking.body_sha256)
        if self._acts.get(key, meant) != meant:
            raise NotAllowed("idempotency_conflict", order_id=self._acts[key][0])
        if key in self._acts:
            return order.order_id
        if ask.based_on not in (None, self._told(order).seq):
            raise NotAllowed("sale_changed", order_id=order.order_id)
        before = self._seq
        self._do(event_of(ask, order.order_id, self._now))
        if self._seq > before:
            self._acts[key] = meant
        return order.order_id

    def _opened(self, ask: OpenSale) -> str:
        number = next(self._numbers)
        known = self._keys.get(ask.idempotency_key)
        held = [o for o in self._orders.values() if o.reference == ask.reference]
        live = [o.order_id for o in held if o.money != "NOT_PAID"]
        event = SaleRequested(
            at=self._now,
            order_id=f"S001-L01-{number:026d}",
            sale_id=f"sale-{number}",
            receipt_number=f"R{number:06d}",
            reference=ask.reference,
            idempotency_key=ask.idempotency_key,
            body_sha256=ask.body_sha256,
            amount=ask.amount,
            items=ask.items,
            cashier=ask.cashier,
            another_customer=ask.another_customer,
            repeat_of=known[0] if known else None,
            same_body=known is None or known[1] == ask.body_sha256,
            reference_held_by=live[0] if live else None,
            hindrances=self.hindrances,
        )
        order_id = self._do(event) or ""
        self._keys.setdefault(ask.idempotency_key, (order_id, ask.body_sha256))
        return order_id

    def _do(self, event: Event) -> str | None:
        try:
            decision = lane.step(self._state, event)
        except NotAllowed as refusal:
            if isinstance(event, CodeScanned):
                self._notice = NoticeView(next(self._numbers), refusal.code, refusal.details)
                self.publish()
            raise
        for record in decision.records:
            self._state = lane.apply(self._state, record)
            self._seq += 1
            self._opened_at.setdefault(record.order_id, self._seq)
            self._changed_at[record.order_id] = self._seq
        self._orders.update(self._state.orders)
        self._state = lane.without_settled(self._state)
        self.publish()
        for command in decision.commands:
            if isinstance(command, PrintReceipt):
                proof = PrintProof.PROVED
                self._do(PrintSucceeded(self._now, command.order_id, command.copy, proof))
        return decision.subject

    def _pass(self, nanoseconds: int) -> None:
        at = self._now
        self._now = Instant(at.wall_ms + nanoseconds // 1_000_000, at.boot_ns + nanoseconds)

    def _find(self, name: str) -> Order | None:
        for order in self._orders.values():
            if name in (order.sale_id, order.order_id, order.receipt_number):
                return order
        return None

    def _told(self, order: Order) -> SaleView:
        return sale_view(
            order,
            self._rules,
            seq=self._changed_at[order.order_id],
            now_ns=self._now.boot_ns,
            action=lambda code: "other_tender" if code == "1142" else "new_code",
        )

    def _look(self) -> LaneView:
        orders = list(self._orders.values())[::-1]
        selling = self._state.selling
        recent = [self._told(order) for order in orders if order.order_id != selling][:10]
        return LaneView(
            seq=self._seq,
            version="0.0.0",
            test=self._rules.test,
            store=self._rules.store_id,
            store_name=self._rules.receipt.store_name,
            lane=self._rules.lane_id,
            country=self._rules.country,
            currency=self._rules.currency,
            language="en",
            hindrances=self.hindrances,
            selling=self._told(self._orders[selling]) if selling else None,
            last=recent[0] if recent else None,
            unfinished=tuple(
                self._told(o) for o in self._state.orders.values() if o.order_id != selling
            ),
            recent=tuple(recent),
            scanner=DeviceView("scanner", "serial", "connected", ready=True),
            printer=self.printer,
            gateway=GatewayView("reachable"),
            notice=self._notice,
            waits_s={"key": 120.0, "verdict": 60.0},
        )


class DecliningDoor(FakeDoor):
    """LINE Pay declines the payment and confirms that when it is asked."""

    def pay_declined(self, code: str = "1142") -> None:
        with self._lock:
            order_id = self._state.selling or ""
            evidence = Evidence(Proof.NO_MONEY_MOVED, code, "declined")
            self._do(PayAnswered(self._now, order_id, evidence))
            self._do(TimePassed(self._now))
            number = self._state.orders[order_id].checks.number
            absent = Evidence(Proof.NO_SUCH_TRANSACTION, "1150")
            self._do(CheckAnswered(self._now, order_id, number, absent))
