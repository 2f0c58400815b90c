"""A real engine and journal behind the real door; LINE Pay and the printer answer at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from devices.values import Scan
from posd import clock
from posd.board import Board
from posd.core.commands import Command, SendCheck, SendReversal
from posd.core.events import CheckUnanswered, Event
from posd.core.evidence import Evidence, Proof
from posd.core.lane import LaneState
from posd.core.records import Record
from posd.core.reversal_events import ReversalAnswered
from posd.engine import Engine
from posd.front_door import FrontDoor, Reach
from posd.inbox import Inbox, ScanArrived, StopRequested
from posd.intake import Intake
from posd.journal.codec import decode
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.outlets import Outlets
from posd.vault import Vault
from posd.workers.inquirer import Inquirer
from tests.engine_world import RULES, _answer
from tests.journal import samples
from tests.test_front_door import ACCOUNT

Kill = Callable[[str, Sequence[Record]], None]


class Killed(Exception):  # noqa: N818
    """The process ended here; what it had not written is lost."""


class LiveLane:
    """One life of a lane in `directory`; `door` is what the API gets.

    `kill` is told the records before they are written and after, and ends this life by raising
    Killed.
    """

    def __init__(self, directory: Path, kill: Kill = lambda _when, _records: None) -> None:
        self._directory = directory
        self._journal = Journal.open(directory, samples.LANE)
        self._inbox = Inbox()
        board = Board(RULES, action=lambda _code: "new_code")
        self._engine = Engine(
            journal=_Mortal(self._journal, kill),  # type: ignore[arg-type]
            intake=Intake(
                rules=RULES,
                journal=self._journal,
                fingerprint_key=b"k" * 32,
                hindrances=lambda: (),
            ),
            board=board,
            outlets=Outlets(self._carry_out, lambda _sent, _at: lambda: None, _rest, lambda: ()),
            vault=Vault(),
        )
        self._engine.recover(LaneState(RULES), "posd 1")
        self._thread = threading.Thread(target=self._live)
        self._thread.start()
        self.door = FrontDoor(
            inbox=self._inbox,
            board=board,
            journal_directory=directory,
            reach=Reach(Inquirer(None, ACCOUNT), lambda: {"engine": True}, _drawer),  # type: ignore[arg-type]
        )

    def _live(self) -> None:
        with suppress(Killed):
            self._engine.run(self._inbox)

    def scan(self, number: int) -> None:
        """A customer shows code `number`."""
        now_ns = clock.now().boot_ns
        self._inbox.put(ScanArrived(Scan(f"38{number:016d}", "", now_ns, now_ns)))

    def serve_customers(self) -> None:
        """From now on a customer shows a code as soon as a sale waits for one."""
        served: set[str] = set()

        def look() -> None:
            selling = self.door.lane().selling
            if selling and selling.id not in served:
                served.add(selling.id)
                self.scan(1000 + len(served))

        self.door.subscribe(look)

    def stop(self) -> None:
        """End this life; what the journal has is what the next one begins with."""
        self._inbox.put(StopRequested("the test is over"))
        self._thread.join(30)
        self._journal.close()

    def records(self) -> Sequence[Record]:
        """All that was written so far."""
        with JournalReader(self._directory) as reader:
            return [decode(row.kind, row.version, row.body) for row in reader.entries(0, -1)]

    def _carry_out(self, command: Command) -> bool:
        answer = _said(command)
        if answer is not None:
            self._inbox.put(answer)
        return True


class _Mortal:
    """The journal, with a moment before and after each write."""

    def __init__(self, journal: Journal, kill: Kill) -> None:
        self._journal = journal
        self._kill = kill

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def append(self, records: Sequence[Record], **about: Any) -> int:
        self._kill("before", records)
        seq = self._journal.append(records, **about)
        self._kill("after", records)
        return seq


def _said(command: Command) -> Event | None:
    """Payments, refunds and papers succeed; a question is not answered."""
    match command:
        case SendReversal():
            said = Evidence(Proof.SUCCESS, "0000", transaction_id="99")
            return ReversalAnswered(clock.now(), command.order_id, command.number, said)
        case SendCheck():
            return CheckUnanswered(clock.now(), command.order_id, command.number, "timeout")
    return _answer(command)


def _drawer() -> Future[str]:
    opened: Future[str] = Future()
    opened.set_result("")
    return opened


def _rest() -> None:
    """No watchdog is waiting."""
