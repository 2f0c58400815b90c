"""Power cuts by the thousand: `python -m tests.journal.power_cuts --cuts 5000 --seed 1`.

A lane sells, rests, restarts, begins epochs and fills its disk until, at an arbitrary write, flush
or removal, the power fails; of what was not flushed an arbitrary part is on the disk, whole or
torn. What append returned from must be there, to the hash, and what the sent log took.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import apsw

from posd.core.records import OrderSettled
from posd.journal.chain import BEFORE_THE_FIRST, Head, epoch_head
from posd.journal.errors import JournalError
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.sent_log import SentLog
from posd.journal.verify import verify

from .disks import UnpluggedDisk, end
from .samples import AT, BOOT, LANE, names, opened, order_id, paid, sent, started, write

FULL, NORMAL = 2, 1
_MEMORY = Path("/dev/shm")  # noqa: S108 - the flushes are counted, not waited for
MOST_STEPS = 160  # writes, flushes and removals until the power fails


@dataclass
class Tally:
    """What became of many cuts; `broken` are sentences with the seed that shows them again."""

    cuts: int = 0
    records: int = 0
    epochs: int = 0
    ballasts: int = 0
    lost_records: int = 0
    cuts_with_loss: int = 0
    broken: list[str] = field(default_factory=list)


class Lane:
    """A journal and its sent log under the weather; knows what it was told is durable."""

    def __init__(self, directory: Path, disk: UnpluggedDisk, synchronous: int, head: Head) -> None:
        self._directory = directory
        self._disk = disk
        self._synchronous = synchronous
        self._chance = disk.chance
        self._numbers = count(1)
        self.sent_log = SentLog(directory / "sent.log")
        self.head = head
        self.epochs = 1
        self.sent: list[str] = []
        self.ballasts = 0
        self._journal: Journal | None = None

    def live(self) -> None:
        """Do this and that until the power fails."""
        acts = (self._sell, self._sell, self._sell, self._rest, self._rest)
        rare = (self._restart, self._begin_epoch, self._fill_the_disk)
        try:
            self._open()
            while True:
                self._chance.choice(acts if self._chance.random() < 0.85 else rare)()
        except (JournalError, apsw.IOError):
            if self._journal is not None:
                end(self._journal)

    def _open(self) -> None:
        self._journal = Journal.open(self._directory, LANE, sent=names(self.sent_log.lines()))
        self._journal._connection.pragma("synchronous", self._synchronous)

    def _sell(self) -> None:
        number = next(self._numbers)
        self._append(opened(number))
        line = sent(number)
        self._copy(number)
        self._append(line)
        self._append(*paid(number)[2:-1])
        if self._chance.random() < 0.8:
            self._append(OrderSettled(order_id(number)))

    def _append(self, *records: object) -> None:
        held = (self._directory / "journal.ballast").exists()
        self._journal.append(records, at=AT, boot_id=BOOT)
        self.head = self._journal._head
        self.ballasts += held and not (self._directory / "journal.ballast").exists()

    def _copy(self, number: int) -> None:
        try:
            self._disk.strike()
        except apsw.IOError:
            self._tear(number)
            raise
        self.sent_log.append(sent(number), AT)
        self.sent.append(order_id(number))
        self._disk.strike()

    def _tear(self, number: int) -> None:
        """Leave a part of the line that was being written."""
        path = self._directory / "sent.log"
        before = path.read_bytes() if path.exists() else b""
        self.sent_log.append(sent(number), AT)
        torn = path.read_bytes()
        path.write_bytes(torn[: self._chance.randrange(len(before), len(torn) + 1)])

    def _rest(self) -> None:
        self._journal.maintain()

    def _restart(self) -> None:
        self._journal.close()
        self._open()

    def _begin_epoch(self) -> None:
        self._journal.begin_epoch(LANE, "restored")
        self.head = self._journal._head
        self.epochs += 1

    def _fill_the_disk(self) -> None:
        self._disk.run_full(1)


def cut(directory: Path, seed: int, tally: Tally, *, synchronous: int = FULL) -> None:
    """One lane, one power cut; what it left behind goes into `tally`."""
    chance = random.Random(seed)
    head = _baseline(directory) if chance.random() < 0.9 else BEFORE_THE_FIRST
    steps, last = count(), chance.randrange(MOST_STEPS)
    with UnpluggedDisk(chance) as disk:
        disk.when = lambda: next(steps) >= last
        lane = Lane(directory, disk, synchronous, head)
        lane.live()
        disk.cut()
    tally.cuts += 1
    tally.records += lane.head.seq
    tally.epochs += lane.epochs - 1
    tally.ballasts += lane.ballasts
    tally.broken += (f"seed {seed}: {what}" for what in _judged(directory, lane, tally))


def _baseline(directory: Path) -> Head:
    write(directory, [started()])
    with JournalReader(directory) as reader:
        return reader.head()


def _judged(directory: Path, lane: Lane, tally: Tally) -> Iterator[str]:
    if missing := set(lane.sent) - set(names(lane.sent_log.lines())):
        yield f"the sent log lost {sorted(missing)}"
    if not (directory / "journal.db").exists():
        if lane.head.seq:
            yield "the journal is gone"
        return
    yield from (f"{finding.seq}: {finding.what}" for finding in verify(directory))
    with JournalReader(directory) as reader:
        missing_records = lane.head.seq - reader.head().seq
        if missing_records > 0:
            tally.cuts_with_loss += 1
            tally.lost_records += missing_records
            return
        if not _remembers(reader, lane):
            yield "what was acknowledged is there with another hash"
    yield from _goes_on(directory, lane)


def _remembers(reader: JournalReader, lane: Lane) -> bool:
    written = [Head(entry.seq, entry.hash) for entry in reader.entries(lane.head.seq - 1, 1)]
    begun = [epoch_head(epoch) for epoch in reader.epochs()]
    return lane.head in [BEFORE_THE_FIRST, *written, *begun]


def _goes_on(directory: Path, lane: Lane) -> Iterator[str]:
    try:
        journal = Journal.open(directory, LANE, sent=names(lane.sent_log.lines()))
        journal.append(paid(99_999), at=AT, boot_id=BOOT)
        journal.close()
    except JournalError as error:
        yield f"it does not go on: {error}"


def main(words: Iterable[str]) -> int:
    parser = argparse.ArgumentParser("python -m tests.journal.power_cuts", description=__doc__)
    parser.add_argument("--cuts", type=int, default=300, help="how many (300)")
    parser.add_argument("--seed", type=int, default=1, help="of the first cut; each adds 1")
    parser.add_argument(
        "--synchronous",
        choices=["full", "normal"],
        default="full",
        help="normal: the weaker mode, which must lose records",
    )
    args = parser.parse_args(list(words))
    place = _MEMORY if _MEMORY.is_dir() else None
    mode, began, tally = (
        {"full": FULL, "normal": NORMAL}[args.synchronous],
        time.monotonic(),
        Tally(),
    )
    for seed in range(args.seed, args.seed + args.cuts):
        with tempfile.TemporaryDirectory(prefix="power-cut-", dir=place) as directory:
            cut(Path(directory), seed, tally, synchronous=mode)
        if tally.cuts % 100 == 0:
            print(f"\r{tally.cuts} of {args.cuts}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for sentence in tally.broken:
        print(sentence, file=sys.stderr)
    print(json.dumps(_figures(tally, time.monotonic() - began)))
    return 1 if tally.broken or tally.lost_records else 0


def _figures(tally: Tally, seconds: float) -> dict[str, float]:
    figures = {name: value for name, value in vars(tally).items() if name != "broken"}
    return {**figures, "broken": len(tally.broken), "seconds": round(seconds, 1)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
