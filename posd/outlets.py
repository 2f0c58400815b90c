"""What the engine reaches outside itself: the journal, the workers, and whoever watches it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from posd import clock
from posd.core.commands import Command
from posd.core.instant import Instant
from posd.core.records import PaySent, Record
from posd.intake import JournalLookups


class EngineJournal(JournalLookups, Protocol):
    """What the engine needs of the journal."""

    def append(
        self, records: Sequence[Record], *, at: Instant, boot_id: str, actor: str = ""
    ) -> int:
        """Make records durable in one transaction; returns the last sequence number."""

    def unfinished(self) -> list[tuple[int, Record]]:
        """The records of all unfinished orders, and the starts among them."""

    def recent_orders(self, limit: int) -> list[str]:
        """The newest orders, newest first."""

    def maintain(self) -> None:
        """Do what can wait for an idle moment."""


class FatalWorker(Exception):  # noqa: N818
    """A worker without which no payment can be told from its outcome has died."""


@dataclass(frozen=True, slots=True)
class Outlets:
    """What the engine reaches outside itself.

    `carry_out` hands a command to its worker (False: its queue is full, nothing was done);
    `second_copy` begins to keep a PaySent outside the journal and gives the function that waits
    until it is flushed; `beat` is told after each round of the loop; `hindrances` are the reasons
    for which no sale may be taken now, worst first; `now` and `boot_id` are the clocks.
    """

    carry_out: Callable[[Command], bool]
    second_copy: Callable[[PaySent, Instant], Callable[[], None]]
    beat: Callable[[], None]
    hindrances: Callable[[], tuple[str, ...]]
    now: Callable[[], Instant] = clock.now
    boot_id: Callable[[], str] = clock.boot_id
