"""The composition root: the one file that knows all the others.

`Daemon` builds the lane from its configuration, starts its threads, runs the engine on the
calling thread and ends in order: API, engine, workers, journal.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from starlette.routing import Route

from devices.registry import build_display, build_printer, build_scanner
from posd import __version__, assembly, clock, secrets
from posd.api.server import ApiServer
from posd.board import Board
from posd.config import Config
from posd.core.commands import (
    Command,
    PrepareReceipt,
    PrintReceipt,
    PrintSlip,
    SendCapture,
    SendCheck,
    SendPay,
    SendReversal,
    WarmConnection,
)
from posd.core.instant import Instant
from posd.core.lane import LaneState
from posd.core.records import PaySent
from posd.engine import Engine
from posd.front_door import FrontDoor, Reach
from posd.inbox import Inbox, StopRequested
from posd.intake import Intake
from posd.journal.adopt import lost_lines, recovered
from posd.journal.errors import SentLogFailed
from posd.journal.journal import Journal
from posd.journal.sent_log import SentLog
from posd.journal.space import FLOOR_BYTES, free_bytes
from posd.lane_rules import lane_rules
from posd.linepay.client import Client
from posd.linepay.result_codes import entry
from posd.logs import add_secret, log
from posd.notify import Notifier, watchdog_interval_s
from posd.outlets import Outlets
from posd.printer_share import Sharing
from posd.vault import Vault
from posd.workers.display import DisplayWorker
from posd.workers.gateway import CheckWorker, PayWorker, ShopNames
from posd.workers.inquirer import Inquirer
from posd.workers.printer import PrinterWorker
from posd.workers.reversal import ReversalWorker
from posd.workers.scanner import ScannerWorker
from posd.workers.worker import Worker

PAY_GRACE_S = 5.0  # the total deadline beyond the read timeout
FIRST_TRY_S = 0.3  # how long READY waits for the first word of each device
ALIVE_WITHIN_S = 15.0
CLOCK_KNOWN_MS = 1_735_689_600_000  # 2025-01-01: an earlier wall clock was never set


class Daemon:
    """One lane, from configuration to end. `run` blocks; `stop` may be called by any thread."""

    def __init__(
        self,
        config: Config,
        *,
        environ: Mapping[str, str],
        extra_routes: Sequence[Route] = (),
        on_ready: Callable[[str], None] = lambda _address: None,
        open_journal: Callable[..., Journal] = Journal.open,
    ) -> None:
        """Open the journal and build everything; raises JournalError and SecretError.

        `on_ready` is called once with the API's address, when sales can be taken. `open_journal`
        opens the journal as Journal.open does.
        """
        self._config = config
        self._on_ready = on_ready
        self._inbox = Inbox()
        self._state_dir = Path(config.state_dir)
        self._notifier = Notifier(environ)
        self._ping_every_s = watchdog_interval_s(environ)
        self._beat_at = time.monotonic()
        self._pinged_at = 0.0
        self.rules = lane_rules(config)
        secret = secrets.channel_secret(config.linepay.channel_secret_file, environ=environ)
        add_secret(secret)
        self._sent_log = SentLog(self._state_dir / "sent.log")
        self._sent = assembly.sent_lines(self._sent_log)
        named = [line.order_id for line in self._sent]
        self._journal = open_journal(self._state_dir, assembly.identity(config), sent=named)
        self._copier = ThreadPoolExecutor(1, "sent-log")
        self.board = Board(self.rules, action=lambda code: entry(code).next_action)
        vault = Vault()
        self._engine = Engine(
            journal=self._journal,
            intake=self._intake(),
            board=self.board,
            outlets=Outlets(self._carry_out, self._second_copy, self._beat, self._hindrances),
            vault=vault,
        )
        self._workers = self._build_workers(secret, vault)
        self.door = FrontDoor(
            inbox=self._inbox,
            board=self.board,
            journal_directory=self._state_dir,
            reach=Reach(self._inquirer, self.alive, self._print.open_drawer),
        )
        self._api = self._build_api(extra_routes)

    # ---- building --------------------------------------------------------------------------

    def _intake(self) -> Intake:
        return Intake(
            rules=self.rules,
            journal=self._journal,
            fingerprint_key=secrets.fingerprint_key(self._config.state_dir),
            hindrances=self._hindrances,
        )

    def _build_workers(self, secret: str, vault: Vault) -> tuple[Worker[Any], ...]:
        config, inbox = self._config, self._inbox
        account = assembly.account(config, secret)
        timeouts = assembly.timeouts(config)
        shop = ShopNames(
            product_name=config.store.name,
            branch_id=config.store.id,
            branch_name=config.store.branch,
        )
        scanner = build_scanner(config.scanner.driver, config.scanner.options)
        printer = build_printer(config.printer.driver, config.printer.options)
        self._sharing = Sharing(printer, config)
        self._pay = PayWorker(inbox, Client(account, timeouts), vault, shop)
        self._check = CheckWorker(inbox, Client(account, timeouts), account)
        self._reversal = ReversalWorker(inbox, Client(account, timeouts), account)
        self._inquirer = Inquirer(Client(account, timeouts), account)
        self._scanner = ScannerWorker(inbox, scanner, config.scanner.driver)
        self.board.subscribe(lambda: self._scanner.watch(self.board.view))
        self._print = PrinterWorker(
            inbox, self._sharing.printer, config.printer.driver, lambda: self._engine.selling
        )
        needed = (self._pay, self._check, self._reversal, self._scanner, self._print)
        return (*needed, *self._display_workers())

    def _display_workers(self) -> tuple[Worker[Any], ...]:
        """The customer's display, where the lane has one: it follows the board."""
        device = self._config.display
        if device is None:
            return ()
        display = build_display(device.driver, device.options)
        worker = DisplayWorker(self._inbox, display, device.driver)

        def follow() -> None:
            worker.give(self.board.view)

        self.board.subscribe(follow)
        return (worker,)

    def _build_api(self, extra_routes: Sequence[Route]) -> ApiServer:
        return assembly.api_server(self._config, self.door, extra_routes)

    # ---- life ------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve until told to stop; raises ApiUnavailable, JournalFailed, FatalWorker."""
        try:
            self._start()
            self._engine.run(self._inbox)
        finally:
            self._end()

    def stop(self, reason: str) -> None:
        """Ask for the end; safe in a signal handler and on any thread."""
        self._inbox.put(StopRequested(reason))

    def alive(self) -> Mapping[str, bool]:
        """Whether the loop has lately gone round, and each worker's thread runs."""
        beating = time.monotonic() - self._beat_at < ALIVE_WITHIN_S
        return {"engine": beating} | {worker.name: worker.alive for worker in self._workers}

    def _start(self) -> None:
        sent = [recovered(line) for line in lost_lines(self._journal, self._sent)]
        self._engine.recover(LaneState(self.rules), program=__version__, sent=sent)
        for worker in self._workers:
            worker.start()
        self.address = self._api.start()
        self._sharing.start()
        self._engine.meet_devices(self._inbox, FIRST_TRY_S)
        log("ready", listen=self.address, lane=self.rules.lane_id, version=__version__)
        self._notifier.ready(self._status())
        self._on_ready(self.address)

    def _end(self) -> None:
        self._notifier.stopping("finishing")
        self._api.stop(2.0)
        self._sharing.stop()
        # A running pay call is waited for: its answer is logged even if it cannot be kept.
        call_s = assembly.timeouts(self._config).pay_total_s
        for worker in self._workers:
            worker.stop(call_s if worker in (self._pay, self._reversal) else 2.0)
        self._copier.shutdown()
        self._journal.close()
        log("stopped")

    # ---- the engine's outlets --------------------------------------------------------------

    def _carry_out(self, command: Command) -> bool:
        match command:
            case SendPay() | WarmConnection():
                return self._pay.give(command)
            case SendCheck():
                return self._check.give(command)
            case SendCapture() | SendReversal():
                return self._reversal.give(command)
            case PrintReceipt() | PrepareReceipt() | PrintSlip():
                return self._print.give(command)

    def _second_copy(self, sent: PaySent, at: Instant) -> Callable[[], None]:
        return self._copier.submit(self._keep_copy, sent, at).result

    def _keep_copy(self, sent: PaySent, at: Instant) -> None:
        try:
            self._sent_log.append(sent, at)
        except SentLogFailed as failure:  # the journal holds; the shop should know
            log("sent_log_failed", severity=logging.WARNING, reason=str(failure))

    def _beat(self) -> None:
        now = time.monotonic()
        self._beat_at = now
        self._api.revive()
        due = self._ping_every_s is not None and now - self._pinged_at >= self._ping_every_s / 2
        if due and self._proved_alive():
            self._pinged_at = now
            self._notifier.watchdog()
            self._notifier.status(self._status())

    def _proved_alive(self) -> bool:
        """A device that was given up is no reason to restart; what payments need is."""
        needed = all(worker.alive for worker in (self._pay, self._check, self._reversal))
        return needed and self._api.alive()

    def _hindrances(self) -> tuple[str, ...]:
        found = []
        if self._engine.stopping:
            found.append("stopping")
        if self.board.view.gateway.condition == "unreachable":
            found.append("gateway_unreachable")
        if free_bytes(self._state_dir) < FLOOR_BYTES:
            found.append("disk_low")
        if clock.now().wall_ms < CLOCK_KNOWN_MS:
            found.append("clock_unknown")
        return tuple(found)

    def _status(self) -> str:
        view = self.board.view
        test = "TEST " if view.test else ""
        return (
            f"{test}lane {view.lane}: scanner {view.scanner.condition},"
            f" printer {view.printer.condition}, LINE Pay {view.gateway.condition},"
            f" {len(view.unfinished)} unfinished"
        )
