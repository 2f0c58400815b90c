"""A person's word that this file goes on as the journal of this lane: `posd journal adopt`.

Rule: a new epoch begins, and every payment that the sent log names and the journal does not know
as sent is opened again as UNKNOWN, so that LINE Pay is asked about it. No payment is forgotten
because it is inconvenient, and none is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from posd.core.instant import Instant
from posd.core.records import OrderRecovered
from posd.journal.admission import check_present
from posd.journal.chain import Epoch
from posd.journal.database import DATABASE_NAME
from posd.journal.identity import LaneIdentity, owned
from posd.journal.journal import Journal, lock_directory
from posd.journal.lookups import Lookups
from posd.journal.salvage import Salvage, salvage
from posd.journal.sent_log import SentLine


@dataclass(frozen=True, slots=True)
class Word:
    """Who says so, why, and when."""

    actor: str
    reason: str
    at: Instant
    boot_id: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was done: the history that begins, and the payments that will be asked about."""

    epoch: Epoch
    recovered: tuple[SentLine, ...]


def adopt(
    directory: Path, identity: LaneIdentity, word: Word, sent: Sequence[SentLine]
) -> Adoption:
    """Make the journal of `directory` that of this lane, from now on; a lost one is made anew.

    Raises JournalHeld while posd runs, and every other JournalError of opening but JournalForeign
    and JournalBehind, which this is the answer to. Repeating it does no harm.
    """
    lock = lock_directory(directory)
    try:
        check_present(directory / DATABASE_NAME, ())
        return _begin(Journal(directory, identity, lock), identity, word, sent)
    finally:
        lock.release()


def mend(
    directory: Path, identity: LaneIdentity, word: Word, sent: Sequence[SentLine]
) -> tuple[Salvage, Adoption]:
    """As `adopt`, of what still reads of a damaged journal; the damaged files are kept."""
    lock = lock_directory(directory)
    try:
        when = datetime.fromtimestamp(word.at.wall_ms / 1000, UTC)
        found = salvage(directory / DATABASE_NAME, f"{when:%Y%m%dT%H%M%S%fZ}")
        return found, _begin(Journal(directory, identity, lock), identity, word, sent)
    finally:
        lock.release()


def _begin(
    journal: Journal, identity: LaneIdentity, word: Word, sent: Sequence[SentLine]
) -> Adoption:
    try:
        epoch = journal.begin_epoch(identity, word.reason)
        lost = lost_lines(journal, sent)
        records = [recovered(line) for line in lost]
        journal.append(records, at=word.at, boot_id=word.boot_id, actor=word.actor)
        return Adoption(epoch, lost)
    finally:
        journal.close()


def lost_lines(journal: Lookups, sent: Sequence[SentLine]) -> tuple[SentLine, ...]:
    """The lines of this journal's lanes whose payment request it does not know."""
    # Not only what is unknown: a copy may have been made after SaleOpened and before PaySent.
    lines = {line.order_id: line for line in sent}
    lanes = [epoch.identity for epoch in journal.epochs()]
    return tuple(lines[name] for name in journal.unsent_orders(owned(lanes, list(lines))))


def recovered(line: SentLine) -> OrderRecovered:
    """What the journal then says of the order."""
    return OrderRecovered(
        order_id=line.order_id,
        receipt_number=line.receipt_number,
        amount_minor=line.amount_minor,
        currency=line.currency,
        fingerprint=line.fingerprint,
        host=line.host,
        channel_id=line.channel_id,
        dialect=line.dialect,
        capture=line.capture,
        sent_ms=line.wall_ms,
    )
