"""The judgement of a whole journal: pages, schema, chain, bodies, checkpoints, unfinished orders.

Rule: it only reads, so that it can run beside the daemon, and it goes on after a finding as far as
the file can be read. Its transactions are short but for the one that reads every page (seconds for
a million records), during which the WAL grows and nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posd.core.records import OrderSettled
from posd.journal.chain import Entry, Walk
from posd.journal.codec import decode
from posd.journal.database import DATABASE_NAME, open_reader, schema_faults
from posd.journal.errors import JournalDamaged, JournalTooNew, translated
from posd.journal.lookups import Lookups

CHUNK = 2000  # records in one transaction
MOST_FINDINGS = 100  # a file with more is not judged further

_CHECKPOINTS = """
  SELECT checkpoint.seq FROM checkpoint LEFT JOIN record USING (seq)
  WHERE record.hash IS NOT checkpoint.hash"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong; `seq` is the record's, or None where it is the file as a whole."""

    seq: int | None
    what: str


def verify(directory: Path, progress: Progress = lambda done, total: None) -> list[Finding]:
    """Everything wrong with the journal of `directory`, at most MOST_FINDINGS; empty if sound.

    `progress` hears the number of records judged and the number there were at the beginning.
    Raises JournalAbsent, JournalTooNew or JournalUnwritable if there is nothing to judge.
    """
    try:
        examination = _Examination(directory / DATABASE_NAME)
    except JournalDamaged as error:
        return [Finding(None, str(error))]
    try:
        examination.run(progress)
    except (JournalDamaged, _Enough) as error:
        examination.add(None, str(error))
    finally:
        examination.close()
    return examination.findings


class _Enough(Exception):  # noqa: N818
    """Stops an examination that has found too much."""


class _Examination(Lookups):
    def __init__(self, path: Path) -> None:
        super().__init__(path, open_reader(path))
        self.findings: list[Finding] = []
        self._unfinished: set[str] = set()

    def run(self, progress: Progress) -> None:
        with translated(self._path):
            faults = schema_faults(self._connection)
        for name in faults:
            self.add(None, f"{name} is missing or changed in the schema")
        for (what,) in self._rows("PRAGMA integrity_check"):
            if what != "ok":
                self.add(None, f"page: {what}")
        self._judge_records(progress)
        for (seq,) in self._rows(_CHECKPOINTS):
            self.add(seq, "the record is not the one of the checkpoint")

    def add(self, seq: int | None, what: str) -> None:
        self.findings.append(Finding(seq, what))

    def close(self) -> None:
        self._connection.close()

    def _judge_records(self, progress: Progress) -> None:
        total, walk = self.head().seq, Walk(self.epochs())
        while entries := self.entries(walk.head.seq, CHUNK):
            self._judge_all(entries, walk)
            progress(walk.head.seq, total)
        # What the daemon wrote meanwhile and the table that goes with it, in one transaction.
        with translated(self._path), self._connection:
            self._judge_all(self.entries(walk.head.seq, -1), walk)
            if what := walk.finish():
                self.add(None, what)
            listed = {str(row[0]) for row in self._rows("SELECT order_id FROM unfinished")}
        for order_id in sorted(listed ^ self._unfinished):
            self.add(None, f"the table of unfinished orders is wrong about {order_id}")

    def _judge_all(self, entries: list[Entry], walk: Walk) -> None:
        for entry in entries:
            if what := self._fault(entry, walk):
                self.add(entry.seq, what)
            if len(self.findings) >= MOST_FINDINGS:
                raise _Enough("there are more findings; they are not listed")
            self._note(entry)

    def _fault(self, entry: Entry, walk: Walk) -> str | None:
        # What the seal does not cover may be of any type: no look at the body then.
        if what := walk.follow(entry):
            return what
        try:
            record = decode(entry.kind, entry.version, entry.body)
        except (JournalDamaged, JournalTooNew) as error:
            return str(error)
        if getattr(record, "order_id", None) != entry.order_id:
            return f"its body is not about order {entry.order_id}"
        return None

    def _note(self, entry: Entry) -> None:
        if entry.order_id is None:
            return
        if entry.kind == OrderSettled.__name__:
            self._unfinished.discard(entry.order_id)
        else:
            self._unfinished.add(entry.order_id)
