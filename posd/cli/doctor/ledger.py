"""The journal: whose it is, its histories, its newest records, and what the second copy names.

The one rule: a journal that lies still is read without so much as a file beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import apsw

from posd.cli.doctor.case import Case
from posd.cli.doctor.findings import Finding, broken, doubtful, fine
from posd.journal.admission import check_identity, check_known, check_present
from posd.journal.chain import BEFORE_THE_FIRST, Head, Walk
from posd.journal.codec import decode
from posd.journal.database import CHECKPOINT_EVERY, DATABASE_NAME, open_reader
from posd.journal.errors import JournalError, damaged, translated
from posd.journal.identity import LaneIdentity, owned, this_machine
from posd.journal.lookups import Lookups
from posd.journal.sent_log import SentLog

TOPIC: Final = "journal"
_WHOLE: Final = "posd journal verify judges all of it, at leisure"
_CLOCK_SLACK_MS: Final = 60_000


def examine(case: Case) -> Iterator[Finding]:
    """What stands in the file; one finding if it cannot be read."""
    path = case.folder / DATABASE_NAME
    lay_still = _lies_still(path)
    findings = list(_looked_at(case, path))
    if lay_still and not _lies_still(path):
        findings = list(_looked_at(case, path))  # a posd that started meanwhile wrote under us
    yield from findings


def _looked_at(case: Case, path: Path) -> Iterator[Finding]:
    identity = LaneIdentity(case.config.store.id, case.config.lane.id, this_machine())
    try:
        sent = owned([identity], [line.order_id for line in _sent_log(case).lines()])
        check_present(path, sent)
        if not path.exists():
            yield doubtful(TOPIC, f"there is none at {path} yet", then="start posd: it makes one")
            return
        with closing(open_quietly(path)) as connection:
            journal = Lookups(path, connection)
            check_identity(path, journal.identity(), identity)
            check_known(path, journal, sent)
            yield _newest(path, journal)
            yield _epochs(journal)
            yield from _times(journal, case)
            yield _unfinished(journal)
    except JournalError as error:
        yield broken(TOPIC, str(error), then="see docs/how-to/recover.md before anything else")


def open_quietly(path: Path) -> apsw.Connection:
    """A connection to read with; beside a journal without a WAL SQLite makes no files of its own.

    Raises JournalError.
    """
    if not _lies_still(path):
        return open_reader(path)
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    with translated(path):
        return apsw.Connection(f"{path.resolve().as_uri()}?immutable=1", flags=flags)


def _lies_still(path: Path) -> bool:
    """Whether nobody has written since the last clean end."""
    return not path.with_name(f"{path.name}-wal").exists()


def _sent_log(case: Case) -> SentLog:
    return SentLog(case.folder / "sent.log")


def _newest(path: Path, journal: Lookups) -> Finding:
    """The chain over the records since the last checkpoint, and a few before it."""
    last = journal.head().seq
    first = max(last - CHECKPOINT_EVERY, 0)
    entries = journal.entries(first, -1)
    walk = Walk(journal.epochs())
    if first and entries:
        opening = entries.pop(0)
        walk = Walk(journal.epochs(), opening.epoch, Head(opening.seq, opening.hash))
    for entry in entries:
        if what := walk.follow(entry):
            raise damaged(path, f"record {entry.seq}: {what}")
        decode(entry.kind, entry.version, entry.body)
    assert walk.head.seq >= last or walk.head == BEFORE_THE_FIRST
    return fine(TOPIC, f"{last} records, the newest {len(entries)} are sound; {_WHOLE}")


def _epochs(journal: Lookups) -> Finding:
    epochs = journal.epochs()
    newest = epochs[-1]
    if len(epochs) == 1:
        return fine("epochs", f"one history: {newest.identity}")
    reason = newest.reason or "no reason was given"
    return fine(
        "epochs", f"{len(epochs)} histories, the newest after {newest.parent_seq}: {reason}"
    )


def _times(journal: Lookups, case: Case) -> Iterator[Finding]:
    head = journal.head().seq
    for entry in journal.entries(head - 1, 1) if head else ():
        ahead_ms = entry.wall_utc - case.machine.now().wall_ms
        if ahead_ms > _CLOCK_SLACK_MS:
            words = f"the newest record was written {ahead_ms // 1000} s from now"
            yield broken("clock", words, then="set the clock of this machine; it went back")


def _unfinished(journal: Lookups) -> Finding:
    orders = {order for _, record in journal.unfinished() if (order := _order_of(record))}
    if not orders:
        return fine("unfinished", "every order has come to its end")
    words = f"{len(orders)} order(s) not at their end: {', '.join(sorted(orders)[:3])}"
    then = "posd status tells each; leave posd running, it asks LINE Pay by itself"
    return doubtful("unfinished", words, then=then)


def _order_of(record: object) -> str:
    return str(getattr(record, "order_id", None) or "")
