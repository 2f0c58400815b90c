"""The printer's worker: prints one job at a time and says how the printer is.

Rule: a failed job is told as what is known of it (no byte sent, or unknown) and never sent again
from here; the core decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from devices.errors import DeviceError, NoAnswer, Refused
from devices.interfaces import CashDrawer, Printer
from devices.values import DrawerState, PrinterCondition, PrinterStatus, ReceiptDocument, Text
from posd import clock
from posd.core.commands import PrepareReceipt
from posd.core.events import PrinterReady
from posd.inbox import DeviceSeen, Inbox
from posd.logs import log
from posd.snapshot import DeviceView
from posd.workers.print_jobs import PrintJob, not_started, printed, unanswered
from posd.workers.worker import Worker

STATUS_S = 0.4
KICK_S = 2.0
PRINT_S = 20.0
POLL_S = 10.0
RECOVER_S = 0.5  # while the printer takes no jobs


# One line of each script: loads the fonts, so that the first receipt does not wait for them.
_FIRST = ReceiptDocument((Text("posd"), Text("收據"), Text("ใบเสร็จ")))


@dataclass(frozen=True, slots=True)
class KickDrawer:
    """Open the cash drawer; `told` takes "" or why it was not done."""

    told: Future[str]


Task = PrintJob | PrepareReceipt | KickDrawer


class PrinterWorker(Worker[Task]):
    """One thread, one printer. `busy` says that a sale is on: then the status is not asked."""

    def __init__(
        self, inbox: Inbox, printer: Printer, driver: str, busy: Callable[[], bool]
    ) -> None:
        super().__init__("printer", inbox)
        self._printer = printer
        self._driver = driver
        self._busy = busy
        self._printing: PrintJob | None = None
        self._takes_jobs = False
        self._turned_away = False
        self._said: DeviceView | None = None
        self._said_drawer: DeviceView | None = None

    def give(self, command: Task) -> bool:
        """Queue a command; a receipt that finds no room is called for when there is some."""
        taken = super().give(command)
        self._turned_away = self._turned_away or not taken
        return taken

    def open_drawer(self) -> Future[str]:
        """Kick the drawer when its turn comes; any thread may call it."""
        told: Future[str] = Future()
        if not self.give(KickDrawer(told)):
            told.set_result("the printer is busy, or disabled")
        return told

    def work(self) -> None:
        """One job, or one look at the printer."""
        if self._said is None:
            self._prepare(PrepareReceipt(_FIRST))
            self._look()
        command = self.next_command(POLL_S if self._takes_jobs else RECOVER_S)
        if isinstance(command, PrepareReceipt):
            self._prepare(command)
        elif isinstance(command, KickDrawer):
            self._kick(command)
        elif command is not None:
            self._print(command)
        elif not self.stopping and not (self._takes_jobs and self._busy()):
            self._look()
        if command is None and self._turned_away and self._takes_jobs:
            self._turned_away = False
            self.inbox.put(PrinterReady(clock.now()))

    def mourn(self, reason: str) -> None:
        """Bytes of the running job may have gone."""
        printing, self._printing = self._printing, None
        if printing is not None:
            self._unknown(printing, reason)

    def refuse(self, command: Task) -> None:
        """No byte of it was sent."""
        if isinstance(command, KickDrawer):
            command.told.set_result("the printer is disabled")
        elif not isinstance(command, PrepareReceipt):
            self.inbox.put(not_started(command, "disabled"))

    def _prepare(self, command: PrepareReceipt) -> None:
        try:
            self._printer.prepare(command.document)
        except DeviceError as failure:  # printing will fail alike, and be told there
            log("prepare_failed", severity=logging.WARNING, device=self.name, reason=str(failure))

    def _look(self) -> None:
        self._say(self._printer.status(STATUS_S))
        if isinstance(self._printer, CashDrawer) and self._takes_jobs:
            self._say_drawer(self._printer.drawer(STATUS_S))

    def _kick(self, command: KickDrawer) -> None:
        told = f"the printer driver {self._driver} drives no drawer"
        try:
            if isinstance(self._printer, CashDrawer):
                told = "the printer's driver failed"
                self._printer.kick(KICK_S)
                told = ""
        except DeviceError as failure:
            told = str(failure)
        finally:
            log("drawer_opened" if not told else "drawer_not_opened", reason=told)
            command.told.set_result(told)

    def _say_drawer(self, state: DrawerState) -> None:
        seen = DeviceView("drawer", self._driver, state, "", ready=True)
        known = self._said_drawer is not None or state is not DrawerState.UNKNOWN
        if known and seen != self._said_drawer:
            self._said_drawer = seen
            self.inbox.put(DeviceSeen(seen))

    def _print(self, command: PrintJob) -> None:
        self._printing = command
        try:
            proof = self._printer.print(command.document, PRINT_S)
        except NoAnswer as failure:
            self._unknown(command, str(failure))
            self._look()
        except Refused as refusal:
            self._not_started(command, refusal.status)
        except DeviceError as failure:
            status = PrinterStatus(PrinterCondition.UNREACHABLE, str(failure))
            self._not_started(command, status)
        else:
            self.inbox.put(printed(command, proof))
            proof_s = getattr(self._printer, "last_proof_s", None)
            log("printed", order_id=command.order_id, proof=proof, proof_s=proof_s)
        self._printing = None

    def _unknown(self, command: PrintJob, reason: str) -> None:
        self.inbox.put(unanswered(command, reason))

    def _not_started(self, command: PrintJob, status: PrinterStatus) -> None:
        self._takes_jobs = False
        self.inbox.put(not_started(command, str(status.condition)))
        self._say(status)

    def _say(self, status: PrinterStatus) -> None:
        ready = status.condition.accepts_jobs
        seen = DeviceView("printer", self._driver, status.condition, status.detail, ready)
        if seen != self._said:
            self._said = seen
            self.inbox.put(DeviceSeen(seen))
        if ready and not self._takes_jobs:
            self.inbox.put(PrinterReady(clock.now()))
        self._takes_jobs = ready
