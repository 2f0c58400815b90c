"""The hash chain: every record seals the one before it, the first one seals its epoch.

Rule: the hash is SHA-256 over a compact JSON array of all columns in the order of the table, in
UTF-8, bytes as lower-case hexadecimal. docs/reference/journal.md says it for strangers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import msgspec

from posd.journal.identity import LaneIdentity

HASH_BYTES = 32
_encode = msgspec.json.Encoder().encode


class Entry(NamedTuple):
    """A row of `record`, every column in its order; schema.sql has a sentence for each."""

    epoch: int
    seq: int
    order_id: str | None
    kind: str
    version: int
    body: str
    wall_utc: int
    boottime_ns: int
    boot_id: str
    clock_synced: int | None
    actor: str
    prev_hash: bytes
    hash: bytes


class Epoch(NamedTuple):
    """A row of `epoch`, every column in its order."""

    epoch: int
    id: str
    parent_seq: int
    parent_hash: bytes
    store_id: str
    lane_id: str
    machine_id: str
    wall_utc: int
    reason: str = ""

    @property
    def identity(self) -> LaneIdentity:
        """Whose history it is."""
        return LaneIdentity(self.store_id, self.lane_id, self.machine_id)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest sealed place: the next record has `seq` + 1 and this hash as its `prev_hash`."""

    seq: int
    hash: bytes


BEFORE_THE_FIRST = Head(0, b"")


def seal(columns: tuple[object, ...], prev_hash: bytes) -> bytes:
    """The hash of a record: `columns` are those from `epoch` to `actor`."""
    return sha256(_encode((*columns, prev_hash.hex()))).digest()


def epoch_head(epoch: Epoch) -> Head:
    """What the first record of the epoch seals."""
    columns = [column.hex() if isinstance(column, bytes) else column for column in epoch]
    return Head(epoch.parent_seq, sha256(_encode(columns)).digest())


class Walk:
    """The chain followed from a place on, across epochs; `head` is how far it has come.

    It begins after a record of the epoch `number`, or before the first epoch of all.
    """

    def __init__(
        self, epochs: Sequence[Epoch], number: int = 0, head: Head = BEFORE_THE_FIRST
    ) -> None:
        self._ahead = deque(epoch for epoch in epochs if epoch.epoch > number)
        self._number = number
        self.head = head

    def follow(self, entry: Entry) -> str | None:
        """Go on to `entry`; what is wrong with it in a few words, None if nothing."""
        what = self._enter(entry.epoch) or breach(entry, self.head)
        if what is None and entry.epoch != self._number:
            what = f"it belongs to epoch {entry.epoch}, and {self._number} has begun"
        self.head = Head(entry.seq, entry.hash)
        return what

    def finish(self) -> str | None:
        """Go on through epochs that have no record yet; what is wrong with them."""
        return self._enter(self._ahead[-1].epoch) if self._ahead else None

    def _enter(self, number: int) -> str | None:
        wrong = None
        while self._ahead and self._ahead[0].epoch <= number:
            epoch = self._ahead.popleft()
            if (epoch.parent_seq, epoch.parent_hash) != (self.head.seq, self.head.hash):
                wrong = wrong or f"epoch {epoch.epoch} does not begin where the one before it ends"
            self._number, self.head = epoch.epoch, epoch_head(epoch)
        return wrong


def breach(entry: Entry, head: Head) -> str | None:
    """What is wrong with `entry` as the successor of `head`, in a few words; None if nothing."""
    if entry.seq != head.seq + 1:
        return f"seq {entry.seq} follows {head.seq}"
    if entry.prev_hash != head.hash:
        return "it does not seal the record before it"
    if entry.hash != seal(entry[:11], entry.prev_hash):
        return "its hash does not match its content"
    return None
