"""The engine's side of the door: puts asks into the inbox, answers reads from board and journal.

Rule: reading never touches the engine's state; it takes the newest whole view, or rebuilds an
order from the journal through a read-only connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Final

from devices.values import ReceiptDocument
from posd import clock, history
from posd.board import Board
from posd.core.order import MoneyState, Order
from posd.core.receipt import receipt
from posd.door import Ask, HistoryView, Reply, SalesView, SalesWanted
from posd.inbox import Asked, Inbox
from posd.inquiry import InquiryView, compared
from posd.journal.reader import JournalReader
from posd.snapshot import LaneView, SaleView
from posd.workers.inquirer import Inquirer

LOOKED_AT: Final = 200  # sales that one answer rebuilds at most, so that a payment is not delayed
DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Reach:
    """What the door reaches besides the engine and the journal."""

    inquirer: Inquirer
    alive: Callable[[], Mapping[str, bool]]
    open_drawer: Callable[[], Future[str]]


class FrontDoor:
    """Keeps `posd.door.Door`."""

    def __init__(
        self, *, inbox: Inbox, board: Board, journal_directory: Path, reach: Reach
    ) -> None:
        self._inbox = inbox
        self._board = board
        self._rules = board.rules
        self._directory = journal_directory
        self._inquirer = reach.inquirer
        self.alive = reach.alive
        self.open_drawer = reach.open_drawer

    def ask(self, ask: Ask) -> Future[Reply]:
        """Put the ask into the inbox; the future ends after the records are durable."""
        reply: Future[Reply] = Future()
        self._inbox.put(Asked(ask, reply))
        return reply

    def lane(self) -> LaneView:
        """The newest snapshot."""
        return self._board.view

    def sale(self, sale_id: str) -> SaleView | None:
        """From the recent ones, else rebuilt from its records."""
        view = self._board.view
        for sale in (*view.recent, *view.unfinished):
            if sale_id in (sale.id, sale.order_id, sale.receipt_number):
                return sale
        rebuilt = self._rebuilt(sale_id)
        if rebuilt is None:
            return None
        order, seq = rebuilt
        return self._board.look(order, seq, clock.now().boot_ns)

    def sales(self, wanted: SalesWanted) -> SalesView:
        """By their opening, newest first; for a verdict at most LOOKED_AT are looked at."""
        most = LOOKED_AT if wanted.verdict else wanted.limit
        found: list[SaleView] = []
        seen = 0
        with JournalReader(self._directory) as reader:
            rows = reader.openings(
                before_seq=wanted.before_seq,
                limit=most + 1,
                span_ms=self._span_ms(wanted.day),
                reference=wanted.reference,
            )
            while seen < min(most, len(rows)) and len(found) < wanted.limit:
                sale = self._newest(reader, rows[seen])
                seen += 1
                if wanted.verdict in ("", sale.verdict):
                    found.append(sale)
        more = seen < len(rows)
        return SalesView(tuple(found), rows[seen - 1][0] if more else None)

    def changed(self, after_seq: int, limit: int) -> HistoryView:
        """By their newest record, which each view is at least as new as."""
        with JournalReader(self._directory) as reader:
            rows = reader.changed_orders(after_seq, limit + 1)
            sales = tuple(self._newest(reader, row) for row in rows[:limit])
        last_seq = rows[:limit][-1][0] if rows else after_seq
        return HistoryView(sales, last_seq, len(rows) > limit)

    def receipt(self, sale_id: str) -> ReceiptDocument | None:
        """The receipt as it was, or will be, printed; None while the payment is not confirmed."""
        rebuilt = self._rebuilt(sale_id)
        if rebuilt is None or rebuilt[0].money is not MoneyState.CONFIRMED:
            return None
        order = rebuilt[0]
        return receipt(order, self._rules, copy=order.copy)

    def inquire(self, sale_id: str) -> InquiryView | None:
        """The order as LINE Pay sees it now, beside the journal's view."""
        rebuilt = self._rebuilt(sale_id)
        if rebuilt is None:
            return None
        order, seq = rebuilt
        told = self._inquirer.ask(
            order.order_id, currency=order.amount.currency, account=order.account
        )
        return compared(self._board.look(order, seq, clock.now().boot_ns), told)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each new snapshot, on the engine's thread."""
        return self._board.subscribe(listener)

    def _newest(self, reader: JournalReader, row: tuple[int, str]) -> SaleView:
        """The view of an order that has the record with this seq, by the board or the journal."""
        seq, order_id = row
        for sale in (*self._board.view.recent, *self._board.view.unfinished):
            if sale.order_id == order_id and sale.seq >= seq:
                return sale
        rebuilt = history.rebuild(self._rules, reader.order(order_id))
        assert rebuilt is not None  # the row is one of its records
        return self._board.look(*rebuilt, clock.now().boot_ns)

    def _span_ms(self, day: date | None) -> tuple[int, int] | None:
        if day is None:
            return None
        zone = timezone(timedelta(minutes=self._rules.receipt.utc_offset_minutes))
        begin_ms = int(datetime.combine(day, time(), zone).timestamp()) * 1000
        return begin_ms, begin_ms + DAY_MS

    def _rebuilt(self, name: str) -> tuple[Order, int] | None:
        with JournalReader(self._directory) as reader:
            order_id = history.find(reader, name)
            return history.rebuild(self._rules, reader.order(order_id)) if order_id else None
