"""From what arrived to a core event: looks up what the core cannot see.

Rule: every lookup is answered by the journal, so a key used 10,000 sales ago and a till's repeat
after a restart are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from devices.values import Scan
from posd import history, ids
from posd.core import keys
from posd.core.code_kinds import CodeKind
from posd.core.errors import NotAllowed
from posd.core.events import (
    CancelRequested,
    CheckAnswered,
    CodeScanned,
    Event,
    KeepRequested,
    ReprintRequested,
    SaleRequested,
)
from posd.core.instant import Instant
from posd.core.money import Money
from posd.core.order import Order, Verdict, holds_its_sale, verdict
from posd.core.records import Record
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
    CaptureRequested,
    ReversalRequested,
    SettlementRequested,
)
from posd.core.rules import Rules
from posd.door import (
    AbandonSale,
    AcceptSale,
    CancelSale,
    CaptureSale,
    KeepSale,
    MoneyAsk,
    OpenSale,
    PlainAsk,
    PrintAgain,
    ReverseSale,
    SettleRefund,
)

_PLAIN: dict[type, type[CancelRequested | KeepRequested | ReprintRequested]] = {
    CancelSale: CancelRequested,
    KeepSale: KeepRequested,
    PrintAgain: ReprintRequested,
}


def event_of(ask: PlainAsk | MoneyAsk, order_id: str, at: Instant) -> Event:
    """What an ask about an order says to the core; nothing is looked up."""
    if isinstance(ask, PlainAsk):
        return _PLAIN[type(ask)](at, order_id, ask.idempotency_key, ask.body_sha256)
    match ask:
        case AbandonSale():
            return AbandonRequested(at, order_id, ask.because, ask.asking)
        case AcceptSale():
            return AcceptRequested(at, order_id, ask.asking)
        case ReverseSale():
            return ReversalRequested(at, order_id, _minor(ask.amount), ask.asking)
        case CaptureSale():
            return CaptureRequested(at, order_id, _minor(ask.amount), ask.asking)
        case SettleRefund():
            return SettlementRequested(at, order_id, ask.given_back, ask.asking)


def _minor(amount: Money | None) -> int | None:
    return amount.minor if amount else None


class JournalLookups(history.Lookups, Protocol):
    """What intake asks of the journal."""

    def order_of_key(self, fingerprint: str) -> str | None:
        """The order that was paid with this key."""

    def order_of_idempotency_key(self, key: str) -> tuple[str, str] | None:
        """The order that this Idempotency-Key opened, and the hash of its body."""

    def orders_of_reference(self, reference: str) -> list[str]:
        """All orders of a till's reference."""

    def order_of_act(self, key: str) -> tuple[str, str] | None:
        """The order that this Idempotency-Key acted on, and the hash of its body."""

    def mismatches(self) -> int:
        """How many payments of another amount than asked were proved in this shift."""


class Intake:
    """Makes events; `hindrances` says why no sale may be taken now, worst first."""

    def __init__(
        self,
        *,
        rules: Rules,
        journal: JournalLookups,
        fingerprint_key: bytes,
        hindrances: Callable[[], tuple[str, ...]],
    ) -> None:
        self._rules = rules
        self._journal = journal
        self._fingerprint_key = fingerprint_key
        self._hindrances = hindrances

    def code(self, scan: Scan, at: Instant) -> CodeScanned:
        """The event of a scan; the code itself is not in it."""
        rules = self._rules
        finding = keys.classify(scan.text, aim_id=scan.aim_id, key_length=rules.key_length)
        fingerprint = ids.fingerprint(self._fingerprint_key, scan.text)
        used_by = self._journal.order_of_key(fingerprint)
        fresh = finding == keys.KEY and used_by is None
        return CodeScanned(
            at=at,
            finding=finding,
            fingerprint=fingerprint,
            first_byte_ns=scan.first_byte_ns,
            last_byte_ns=scan.last_byte_ns,
            length=len(scan.text),
            used_by=used_by,
            doubt=keys.doubt(scan.text, aim_id=scan.aim_id) if fresh else None,
        )

    def order_of_paper(self, scan: Scan) -> str | None:
        """The order whose receipt or slip was scanned, by its barcode or its QR code."""
        text = scan.text
        kind = keys.classify(text, aim_id=scan.aim_id, key_length=self._rules.key_length)
        if kind is CodeKind.RECEIPT_NUMBER:
            return self._journal.order_of_receipt(text)
        known = kind is CodeKind.ORDER_ID and self._journal.order(text)
        return text if known else None

    def sale(self, ask: OpenSale, at: Instant) -> SaleRequested:
        """The event of a wanted sale, with fresh ids."""
        sale_id = ids.ulid(at.wall_ms)
        before = self._journal.order_of_idempotency_key(ask.idempotency_key)
        return SaleRequested(
            at=at,
            order_id=ids.order_id(self._rules.store_id, self._rules.lane_id, sale_id),
            sale_id=sale_id,
            receipt_number=self._receipt_number(at.wall_ms),
            reference=ask.reference,
            idempotency_key=ask.idempotency_key,
            body_sha256=ask.body_sha256,
            amount=ask.amount,
            items=ask.items,
            cashier=ask.cashier,
            another_customer=ask.another_customer,
            repeat_of=before[0] if before else None,
            same_body=before is None or before[1] == ask.body_sha256,
            reference_held_by=None if before else self._holder(ask.reference),
            hindrances=self._hindrances(),
        )

    def act(self, ask: PlainAsk | MoneyAsk, order_id: str, at: Instant) -> Event:
        """The event of an ask about an order; raises NotAllowed for money of another currency."""
        amount = getattr(ask, "amount", None)
        if amount is not None and amount.currency != self._rules.currency:
            raise NotAllowed("currency", expected=self._rules.currency, got=amount.currency)
        return event_of(ask, order_id, at)

    def is_repeat(self, ask: PlainAsk | MoneyAsk, order_id: str) -> bool:
        """Whether this key has done this very thing before; raises NotAllowed for another."""
        asking = ask if isinstance(ask, PlainAsk) else ask.asking
        before = self._journal.order_of_act(asking.idempotency_key)
        if before is None:
            return False
        if before != (order_id, asking.body_sha256):
            raise NotAllowed("idempotency_conflict", order_id=before[0])
        return True

    def is_as_seen(self, ask: PlainAsk | MoneyAsk, order: Order, seq: int) -> bool:
        """Whether the order, now at `seq`, is what the asker saw, if it says what it saw.

        Questions and papers in between change nothing for the one who decides about money.
        """
        seen_seq = seq if ask.based_on is None else ask.based_on
        if seen_seq >= seq or isinstance(ask, PlainAsk):
            return seen_seq == seq
        rows = self._journal.order(order.order_id)
        seen = history.rebuild(self._rules, (row for row in rows if row[0] <= seen_seq))
        return seen is not None and _standing(seen[0]) == _standing(order)

    def checked(self, event: CheckAnswered) -> CheckAnswered:
        """The same, with the mismatches that the journal knows."""
        return replace(event, mismatches_before=self._journal.mismatches())

    def _receipt_number(self, wall_ms: int) -> str:
        while True:
            number = ids.receipt_number(wall_ms)
            if self._journal.order_of_receipt(number) is None:
                return number
            wall_ms += 10  # the next hundredth of a second

    def _holder(self, reference: str) -> str | None:
        """The order of this reference that is live or paid: at most one may be."""
        for order_id in self._journal.orders_of_reference(reference):
            if self._is_held(self._journal.order(order_id)):
                return order_id
        return None

    def _is_held(self, records: list[tuple[int, Record]]) -> bool:
        rebuilt = history.rebuild(self._rules, records)
        return rebuilt is not None and holds_its_sale(rebuilt[0])


def _standing(order: Order) -> tuple[Verdict, str, int, int, str]:
    """What a person decides by."""
    wish = f"{order.wish} {order.wish_because}"
    return verdict(order), order.money, order.captured_minor, order.refunded_minor, wish
