"""The lane's state as the engine holds it: what is unfinished, and what was called back.

Rule: state changes by `lane.apply` over durable records, and by nothing else. A finished order
leaves, and comes back from its own records for as long as an event names it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posd import history
from posd.board import Board
from posd.core import lane
from posd.core.instant import Instant
from posd.core.order import Order
from posd.core.records import Record, SaleOpened
from posd.outlets import EngineJournal
from posd.snapshot import SaleView

SHOWN_AT_START = 10


class Memory:
    """The state, the sequence of each order's last record, and the board's copy of both."""

    def __init__(self, journal: EngineJournal, board: Board, now: Callable[[], Instant]) -> None:
        self._now = now
        self._journal = journal
        self._board = board
        self._seqs: dict[str, int] = {}
        self._drawn: dict[str, tuple[Order, int, SaleView]] = {}  # what was shown last, of what
        self._timed: tuple[lane.LaneState | None, int | None] = (None, None)
        self.state: lane.LaneState
        self.seq = 0

    def load(self, empty: lane.LaneState) -> None:
        """Take in what is unfinished, and show it with the newest of the finished ones."""
        rows = self._journal.unfinished()
        self.state = lane.replay(empty, (record for _, record in rows))
        for seq, record in rows:
            self._note(seq, record)
        newest = self._journal.recent_orders(SHOWN_AT_START)[::-1]
        for order_id in (*(name for name in self.state.orders if name not in newest), *newest):
            self.show(order_id)

    def take_in(self, records: Sequence[Record], last_seq: int) -> None:
        """Apply records that are durable; the last one has `last_seq`."""
        self.state = lane.replay(self.state, records)
        for seq, record in enumerate(records, last_seq - len(records) + 1):
            self._note(seq, record)
            if isinstance(record, SaleOpened):
                self.show(record.order_id)

    def recall(self, order_id: str) -> None:
        """Bring a finished order back from the journal for the event that names it."""
        if order_id in self.state.orders:
            return
        rebuilt = history.rebuild(self.state.rules, self._journal.order(order_id))
        if rebuilt is not None:
            order, self._seqs[order_id] = rebuilt
            self.state = lane.recalled(self.state, order)

    def forget_settled(self) -> None:
        """Let go of the orders that are finished."""
        for order_id, order in self.state.orders.items():
            if order.settled:
                self._board.refresh(order, self._seqs.pop(order_id), 0)
                self._drawn.pop(order_id, None)
        self.state = lane.without_settled(self.state)

    def seq_of(self, order_id: str) -> int:
        """The sequence of the last record of an order in memory."""
        return self._seqs[order_id]

    def deadline_ns(self) -> int | None:
        """`lane.next_deadline_ns`, worked out once for each state."""
        if self._timed[0] is not self.state:
            self._timed = (self.state, lane.next_deadline_ns(self.state))
        return self._timed[1]

    def view(self, order_id: str) -> SaleView:
        """One order as it is now, whether in memory or not."""
        self.recall(order_id)
        order = self.state.orders[order_id]
        view = self._board.look(order, self._seqs[order_id], self._now().boot_ns)
        self.forget_settled()
        return view

    def views(self) -> dict[str, SaleView]:
        """All orders in memory as they are now, by order id."""
        self.forget_settled()  # a recalled order that nothing happened to goes again
        now_ns = self._now().boot_ns
        return {
            order_id: self._view_of(order, self._seqs[order_id], now_ns)
            for order_id, order in self.state.orders.items()
        }

    def _view_of(self, order: Order, seq: int, now_ns: int) -> SaleView:
        """Drawn anew only if something happened to it: hundreds of denials may wait for a sweep."""
        before, at_seq, view = self._drawn.get(order.order_id, (None, 0, None))
        if (
            view is None
            or before is not order
            or at_seq != seq
            or view.verdict_due_in_s is not None
        ):
            view = self._board.refresh(order, seq, now_ns)
            self._drawn[order.order_id] = (order, seq, view)
        return view

    def show(self, order_id: str) -> None:
        """Put a sale before all others on the board."""
        self.recall(order_id)
        self._board.remember(self.state.orders[order_id], self._seqs[order_id], 0)
        self.forget_settled()

    def _note(self, seq: int, record: Record) -> None:
        self.seq = seq
        order_id = getattr(record, "order_id", None)
        if order_id is not None:
            self._seqs[order_id] = seq
