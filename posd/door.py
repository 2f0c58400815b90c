"""The door between the daemon's inside and those who ask: what may be asked, what is answered.

The engine stands behind it; the API, and nobody else, in front. An ask is put into the engine's
inbox and answered through a future after its records are durable; nothing here blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from devices.values import ReceiptDocument
from posd.core.events import Item
from posd.core.money import Money
from posd.core.reversal_events import Asking
from posd.inquiry import InquiryView
from posd.snapshot import LaneView, SaleView


@dataclass(frozen=True, slots=True)
class OpenSale:
    """Open a sale; answered when the scanner is armed, or at once where it is a repeat."""

    reference: str
    amount: Money
    idempotency_key: str
    body_sha256: str
    items: tuple[Item, ...] = ()
    cashier: str = ""
    another_customer: bool = False


@dataclass(frozen=True, slots=True)
class CancelSale:
    """End a sale for which no key was sent.

    As with the next two: the asker's key, the hash of its ask, and the sequence that it saw.
    """

    sale_id: str
    idempotency_key: str = ""
    body_sha256: str = ""
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class KeepSale:
    """Keep a payment that was learned late; its receipt is printed."""

    sale_id: str
    idempotency_key: str = ""
    body_sha256: str = ""
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class PrintAgain:
    """Print a copy of the receipt (the original, if no byte of one was ever sent)."""

    sale_id: str
    idempotency_key: str = ""
    body_sha256: str = ""
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class AbandonSale:
    """Stop waiting for an uncertain payment, or give back one that came late.

    `because` is paid_otherwise, goods_kept or goods_gone. With each act on money: who asks, and
    `based_on`, the sequence that the asker saw (None: not told).
    """

    sale_id: str
    because: str
    asking: Asking
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class AcceptSale:
    """Hand over the goods although the payment is not confirmed."""

    sale_id: str
    asking: Asking
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class ReverseSale:
    """Give back the money, all that is left or `amount` of it: void before capture, else refund."""

    sale_id: str
    amount: Money | None
    asking: Asking
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class CaptureSale:
    """Take what was authorized, all of it or `amount`."""

    sale_id: str
    amount: Money | None
    asking: Asking
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class SettleRefund:
    """Say how an owed or unproved refund ended."""

    sale_id: str
    given_back: bool
    asking: Asking
    based_on: int | None = None


MoneyAsk = AbandonSale | AcceptSale | ReverseSale | CaptureSale | SettleRefund
PlainAsk = CancelSale | KeepSale | PrintAgain
Ask = OpenSale | PlainAsk | MoneyAsk


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing changed. `code` is stable, its words are `notice.<code>`; `sale` is what it names."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict)
    sale: SaleView | None = None


Reply = SaleView | Refusal


@dataclass(frozen=True, slots=True)
class SalesWanted:
    """Which sales to list, newest first: at most `limit` of those opened before `before_seq`.

    `day` is one of the lane's own calendar; None, and empty texts, leave the choice open.
    """

    limit: int
    before_seq: int
    day: date | None = None
    reference: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class SalesView:
    """Sales by their opening, newest first. `next_before` asks for more; null: there are none.

    A verdict is looked for in a bounded number of sales: there may be more although fewer than
    `limit` are told.
    """

    sales: tuple[SaleView, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Each sale that changed after a sequence, once, as it is now, by its newest record.

    `next_after` is the sequence to ask from next; `more` says that there are more already.
    """

    sales: tuple[SaleView, ...]
    next_after: int
    more: bool


class Door(Protocol):
    """What the API may ask of the daemon; every method may be called from any thread."""

    def ask(self, ask: Ask) -> Future[Reply]:
        """Put the ask into the inbox; the future ends after the records are durable."""

    def lane(self) -> LaneView:
        """The newest snapshot."""

    def sale(self, sale_id: str) -> SaleView | None:
        """One sale by its id, its order id or its receipt number, also long finished ones."""

    def sales(self, wanted: SalesWanted) -> SalesView:
        """Sales of the whole journal, newest first."""

    def changed(self, after_seq: int, limit: int) -> HistoryView:
        """At most `limit` of the sales that changed after `after_seq`, as they are now."""

    def receipt(self, sale_id: str) -> ReceiptDocument | None:
        """The receipt of a paid sale; None while there is none."""

    def inquire(self, sale_id: str) -> InquiryView | None:
        """Ask LINE Pay about a sale, for a person; waits for its answers, a minute at worst.

        One at a time. None for a sale that nobody knows.
        """

    def open_drawer(self) -> Future[str]:
        """Kick the cash drawer; the future has "" or, in a sentence, why it was not done."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` (on the engine's thread, it must not block) after each new snapshot.

        The returned function ends it.
        """

    def alive(self) -> Mapping[str, bool]:
        """Whether engine, journal, gateway worker and devices have lately proved alive."""
