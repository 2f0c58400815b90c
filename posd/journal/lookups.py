"""The questions that the writer and the readers both ask; each is one short transaction.

Rule: every answer comes from an index of `record` itself (a test reads the query plans), so it is
as true as the records and takes the same time after a million of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import apsw

from posd.core.records import Record
from posd.journal.chain import Entry, Epoch, Head, epoch_head
from posd.journal.codec import decode
from posd.journal.errors import JournalDamaged, damaged, translated
from posd.journal.identity import LaneIdentity

# What only the sent log knew counts as well: OrderRecovered.
BY_KEY = """
  SELECT order_id FROM record WHERE kind = 'PaySent' AND body ->> 'fingerprint' = ?1
  UNION ALL
  SELECT order_id FROM record WHERE kind = 'OrderRecovered' AND body ->> 'fingerprint' = ?1"""
BY_IDEMPOTENCY_KEY = """
  SELECT order_id, body ->> 'body_sha256' FROM record
  WHERE kind = 'SaleOpened' AND body ->> 'idempotency_key' <> ''
    AND body ->> 'idempotency_key' = ?"""
BY_REFERENCE = """
  SELECT order_id FROM record
  WHERE kind = 'SaleOpened' AND body ->> 'reference' = ? ORDER BY seq"""
BY_SALE = "SELECT order_id FROM record WHERE kind = 'SaleOpened' AND body ->> 'sale_id' = ?"
BY_TRANSACTION = """
  SELECT order_id FROM record
  WHERE kind IN ('PaymentConfirmed', 'PaymentAuthorized')
    AND body ->> 'transaction_id' <> '' AND body ->> 'transaction_id' = ?"""
BY_ACT = """
  SELECT order_id, body ->> 'body_sha256' FROM record
  WHERE kind IN ('SaleAbandoned', 'SaleAccepted', 'CaptureSent', 'ReversalSent',
      'PaymentReversed', 'PaymentPartlyRefunded', 'ReversalGivenUp', 'VoidGivenUp',
      'SaleCancelled', 'PaymentKept', 'PrintStarted')
    AND body ->> 'idempotency_key' <> '' AND body ->> 'idempotency_key' = ?"""
MISMATCHES = "SELECT count(*) FROM record WHERE kind = 'MismatchProved'"
BY_RECEIPT = """
  SELECT order_id FROM record WHERE kind = 'SaleOpened' AND body ->> 'receipt_number' = ?1
  UNION ALL
  SELECT order_id FROM record WHERE kind = 'OrderRecovered' AND body ->> 'receipt_number' = ?1"""
OF_ORDER = "SELECT seq, kind, version, body FROM record WHERE order_id = ? ORDER BY seq"
RECENT = "SELECT order_id FROM record WHERE kind = 'SaleOpened' ORDER BY seq DESC LIMIT ?"
OPENINGS = """
  SELECT seq, order_id FROM record
  WHERE kind = 'SaleOpened' AND seq < ? ORDER BY seq DESC LIMIT ?"""
# The plus keeps SQLite from walking back through every later sale to reach an old day.
OPENINGS_OF_TIME = """
  SELECT seq, order_id FROM record
  WHERE kind = 'SaleOpened' AND wall_utc >= ? AND wall_utc < ? AND +seq < ?
  ORDER BY +seq DESC LIMIT ?"""
OPENINGS_OF_REFERENCE = """
  SELECT seq, order_id FROM record
  WHERE kind = 'SaleOpened' AND body ->> 'reference' = ?
    AND +wall_utc >= ? AND +wall_utc < ? AND seq < ? ORDER BY seq DESC LIMIT ?"""
CHANGED = """
  SELECT seq, order_id FROM record AS newest
  WHERE seq > ? AND order_id IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM record WHERE order_id = newest.order_id AND seq > newest.seq)
  ORDER BY seq LIMIT ?"""
_COLUMNS = ", ".join(Entry._fields)
ROWS_OF_ORDER = f"SELECT {_COLUMNS} FROM record WHERE order_id = ? ORDER BY seq"
AFTER = f"SELECT {_COLUMNS} FROM record WHERE seq > ? ORDER BY seq LIMIT ?"
# The starts since the oldest unfinished order, and the one before it: without them a replay could
# not tell under which boot an order's times were taken.
UNFINISHED = """
  SELECT seq, kind, version, body FROM record
  WHERE kind = 'LaneStarted' AND seq >= coalesce(
    (SELECT max(seq) FROM record WHERE kind = 'LaneStarted'
       AND seq < (SELECT min(seq) FROM unfinished CROSS JOIN record USING (order_id))),
    (SELECT 0 FROM unfinished LIMIT 1),
    (SELECT max(seq) FROM record WHERE kind = 'LaneStarted'))
  UNION ALL
  SELECT seq, kind, version, body FROM unfinished CROSS JOIN record USING (order_id)
  ORDER BY seq"""
REBUILD_UNFINISHED = """
  DELETE FROM unfinished;
  INSERT INTO unfinished SELECT order_id FROM record
  WHERE kind <> 'OrderSettled'
    AND seq IN (SELECT max(seq) FROM record WHERE order_id IS NOT NULL GROUP BY order_id)"""
NEWEST = "SELECT epoch, seq, hash FROM record ORDER BY seq DESC LIMIT 1"
EPOCHS = f"SELECT {', '.join(Epoch._fields)} FROM epoch ORDER BY epoch"
NEWEST_EPOCH = f"{EPOCHS} DESC LIMIT 1"
# As one statement, for start asks about thousands of orders.
UNKNOWN = """
  SELECT value FROM json_each(?)
  WHERE NOT EXISTS (SELECT 1 FROM record WHERE order_id = value)"""
UNSENT = """
  SELECT value FROM json_each(?)
  WHERE NOT EXISTS (SELECT 1 FROM record
    WHERE order_id = value AND kind IN ('PaySent', 'OrderRecovered'))"""


_EVER_MS = (-(2**62), 2**62)


class Lookups:
    """Answers from one connection to the journal at `path`; for one thread at a time."""

    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self._path = path
        self._connection = connection

    def order(self, order_id: str) -> list[tuple[int, Record]]:
        """Every record of the order, finished or not, with its seq; empty if there is none."""
        return self._records(OF_ORDER, order_id)

    def unfinished(self) -> list[tuple[int, Record]]:
        """All that start loads: every record of unfinished orders, and the starts since then.

        With the start before the oldest of them, or the newest start where nothing is unfinished.
        In the order of their seq. An order is unfinished from its first record to OrderSettled,
        and again from any later record on.
        """
        return self._records(UNFINISHED)

    def recent_orders(self, limit: int) -> list[str]:
        """The order ids opened last, newest first."""
        return [str(row[0]) for row in self._rows(RECENT, limit)]

    def openings(
        self,
        *,
        before_seq: int,
        limit: int,
        span_ms: tuple[int, int] | None = None,
        reference: str = "",
    ) -> list[tuple[int, str]]:
        """At most `limit` openings before `before_seq`, newest first: the seq and the order.

        Where they are given, those of this reference, and those whose wall clock said a time
        from the first to before the second of `span_ms`.
        """
        which: tuple[int | str, ...] = span_ms or ()
        sql = OPENINGS_OF_TIME if span_ms else OPENINGS
        if reference:
            sql, which = OPENINGS_OF_REFERENCE, (reference, *(span_ms or _EVER_MS))
        return [(int(seq), str(name)) for seq, name in self._rows(sql, *which, before_seq, limit)]

    def changed_orders(self, after_seq: int, limit: int) -> list[tuple[int, str]]:
        """At most `limit` orders with records above `after_seq`, in the order of their last one.

        With the seq of that record.
        """
        return [(int(seq), str(name)) for seq, name in self._rows(CHANGED, after_seq, limit)]

    def order_of_key(self, fingerprint: str) -> str | None:
        """The order that was sent with this one-time key, however long ago."""
        return self._order(BY_KEY, fingerprint)

    def order_of_idempotency_key(self, key: str) -> tuple[str, str] | None:
        """The order that this Idempotency-Key opened, and the SHA-256 of the body it came with."""
        rows = self._rows(BY_IDEMPOTENCY_KEY, key)
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def order_of_act(self, key: str) -> tuple[str, str] | None:
        """The order that this Idempotency-Key acted on, and the SHA-256 of its body."""
        rows = self._rows(BY_ACT, key)
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def mismatches(self) -> int:
        """How many payments of another amount than asked were ever proved."""
        return int(self._rows(MISMATCHES)[0][0])

    def orders_of_reference(self, reference: str) -> list[str]:
        """Every order of the till's reference, oldest first."""
        return [str(row[0]) for row in self._rows(BY_REFERENCE, reference)]

    def order_of_sale(self, sale_id: str) -> str | None:
        """The order of this sale."""
        return self._order(BY_SALE, sale_id)

    def order_of_transaction(self, transaction_id: str) -> str | None:
        """The order that LINE Pay gave this transaction id."""
        return self._order(BY_TRANSACTION, transaction_id)

    def order_of_receipt(self, receipt_number: str) -> str | None:
        """The order that this number on a receipt stands for."""
        return self._order(BY_RECEIPT, receipt_number)

    def head(self) -> Head:
        """The newest record's seq and hash; those of the epoch's beginning while it is empty."""
        epoch = self.epoch()
        rows = self._rows(NEWEST)
        return Head(*rows[0][1:]) if rows and rows[0][0] == epoch.epoch else epoch_head(epoch)

    def unknown_orders(self, order_ids: Sequence[str]) -> list[str]:
        """Those of the orders that no record is about, in their order."""
        return [str(row[0]) for row in self._rows(UNKNOWN, json.dumps(order_ids))]

    def unsent_orders(self, order_ids: Sequence[str]) -> list[str]:
        """Those of the orders for which no payment request was recorded, in their order."""
        return [str(row[0]) for row in self._rows(UNSENT, json.dumps(order_ids))]

    def epoch(self) -> Epoch:
        """The history that is being written."""
        rows = self._rows(NEWEST_EPOCH)
        if not rows:
            raise damaged(self._path, "it has no epoch")
        return Epoch(*rows[0])

    def identity(self) -> LaneIdentity:
        """Whose history is being written."""
        return self.epoch().identity

    def epochs(self) -> list[Epoch]:
        """Every history in this file, oldest first."""
        return [Epoch(*row) for row in self._rows(EPOCHS)]

    def entries(self, after_seq: int, limit: int) -> list[Entry]:
        """At most `limit` rows with a seq above `after_seq`, in order, every column."""
        return [Entry(*row) for row in self._rows(AFTER, after_seq, limit)]

    def entries_of(self, order_id: str) -> list[Entry]:
        """The rows of one order, in order, every column."""
        return [Entry(*row) for row in self._rows(ROWS_OF_ORDER, order_id)]

    def _order(self, sql: str, value: str) -> str | None:
        rows = self._rows(sql, value)
        return str(rows[0][0]) if rows else None

    def _records(self, sql: str, *values: str) -> list[tuple[int, Record]]:
        return list(self._decoded(self._rows(sql, *values)))

    def _decoded(self, rows: list[tuple[Any, ...]]) -> Iterable[tuple[int, Record]]:
        for seq, kind, version, body in rows:
            try:
                yield seq, decode(kind, version, body)
            except JournalDamaged as error:
                raise damaged(self._path, f"record {seq}: {error}") from error

    def _rows(self, sql: str, *values: int | str) -> list[tuple[Any, ...]]:
        # Fetched to the end: a cursor left open would keep its transaction open.
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()
