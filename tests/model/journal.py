"""A journal that outlives crashes: what `append` returned from is kept, through the real codec.

Rule: it holds what the database's UNIQUE indexes hold only where the model says so (`walls`): the
code must keep its promises by itself, the second wall is the journal's own tests' business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from posd.core.instant import Instant
from posd.core.records import (
    LaneStarted,
    MismatchProved,
    OrderSettled,
    PaymentConfirmed,
    PaySent,
    Record,
    SaleOpened,
)
from posd.journal.codec import decode, encode


class Crash(Exception):  # noqa: N818
    """The machine is gone at this point."""


class DurableJournal:
    """Keeps posd.outlets.EngineJournal; `before` and `after` are called round each commit."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.when: list[tuple[str, int]] = []  # of each record: its boot, and the boot clock
        self.bodies: list[bytes] = []  # as they are written
        self.starts: list[tuple[int, LaneStarted]] = []
        self._of_kind: dict[type, list[Any]] = defaultdict(list)
        self._of: dict[str, list[tuple[int, Record]]] = defaultdict(list)
        self._named: dict[tuple[str, str], Any] = {}
        self._references: dict[str, list[str]] = defaultdict(list)
        self.before: Any = lambda: None
        self.after: Any = lambda: None

    def append(
        self, records: Sequence[Record], *, at: Instant, boot_id: str, actor: str = ""
    ) -> int:
        self.before()
        for record in records:
            kind, version, body = encode(record)
            read = decode(kind, version, body)
            assert read == record, "invariant 9: a record reads back as it was written"
            self.bodies.append(body)
            self.when.append((boot_id, at.boot_ns))
            self._keep(read)
        self.after()
        return len(self.records)

    def _keep(self, record: Record) -> None:
        self.records.append(record)
        self._of_kind[type(record)].append(record)
        if isinstance(record, LaneStarted):
            self.starts.append((len(self.records), record))
        order_id = getattr(record, "order_id", None)
        if order_id is not None:
            self._of[order_id].append((len(self.records), record))
        if isinstance(record, SaleOpened):
            self._references[record.reference].append(record.order_id)
            self._named["sale", record.sale_id] = record.order_id
            self._named["receipt", record.receipt_number] = record.order_id
            opened = (record.order_id, record.body_sha256)
            self._named["opening", record.idempotency_key] = opened
        elif getattr(record, "idempotency_key", ""):
            did = (record.order_id, record.body_sha256)
            self._named.setdefault(("act", record.idempotency_key), did)
        if isinstance(record, PaySent):
            self._named.setdefault(("key", record.fingerprint), record.order_id)
        if isinstance(record, PaymentConfirmed):
            self._named["transaction", record.transaction_id] = record.order_id

    def all_of(self, kind: type) -> list[Any]:
        """All records of this kind, in order."""
        return self._of_kind[kind]

    def order(self, order_id: str) -> list[tuple[int, Record]]:
        return list(self._of.get(order_id, ()))

    def orders(self) -> list[str]:
        return list(self._of)

    def unfinished(self) -> list[tuple[int, Record]]:
        done = {name for name, rows in self._of.items() if isinstance(rows[-1][1], OrderSettled)}
        rows = enumerate(self.records, 1)
        return [
            (seq, record)
            for seq, record in rows
            if isinstance(record, LaneStarted) or record.order_id not in done
        ]

    def recent_orders(self, limit: int) -> list[str]:
        return list(self._of)[: -limit - 1 : -1]

    def maintain(self) -> None:
        """Nothing to tidy."""

    def order_of_sale(self, sale_id: str) -> str | None:
        return self._named.get(("sale", sale_id))

    def order_of_receipt(self, receipt_number: str) -> str | None:
        return self._named.get(("receipt", receipt_number))

    def order_of_transaction(self, transaction_id: str) -> str | None:
        return self._named.get(("transaction", transaction_id))

    def orders_of_reference(self, reference: str) -> list[str]:
        return self._references.get(reference, [])

    def order_of_idempotency_key(self, key: str) -> tuple[str, str] | None:
        return self._named.get(("opening", key))

    def order_of_act(self, key: str) -> tuple[str, str] | None:
        return self._named.get(("act", key)) if key else None

    def order_of_key(self, fingerprint: str) -> str | None:
        return self._named.get(("key", fingerprint))

    def mismatches(self) -> int:
        return len(self.all_of(MismatchProved))
