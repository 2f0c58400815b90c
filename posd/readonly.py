"""The lane while its journal cannot be written: it sells nothing, prints nothing, and looks.

The one rule: what was never recorded is never called PAID. Open orders are asked about at LINE
Pay, and what is found goes to a supervisor as "not recorded"; the machine decides it when the
journal can be written again.
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from posd import __version__, assembly, clock, secrets
from posd.board import Board
from posd.config import Config
from posd.core import lane
from posd.core.order import MoneyState, Order
from posd.door import Refusal
from posd.front_door import FrontDoor, Reach
from posd.inbox import Asked, Inbox, StopRequested
from posd.inquiry import SUCCESS, Told
from posd.journal.adopt import lost_lines, recovered
from posd.journal.errors import JournalError, JournalUnwritable
from posd.journal.journal import Journal
from posd.journal.reader import JournalReader
from posd.journal.sent_log import SentLog
from posd.lane_rules import lane_rules
from posd.linepay.client import Client
from posd.linepay.result_codes import entry
from posd.logs import add_secret, log
from posd.notify import Notifier, watchdog_interval_s
from posd.snapshot import SaleView
from posd.workers.inquirer import Inquirer

WHY = "journal_unwritable"
NOT_RECORDED = "not_recorded"
PAID_NOT_RECORDED = "paid_not_recorded"
LOOK_EVERY_S = 10.0
ROUND_S = 0.5
_ASKED_ABOUT = (MoneyState.SENT, MoneyState.UNKNOWN, MoneyState.CAPTURING)


class ReadOnlyLane:
    """One lane in the dark. `run` blocks; `stop` may be called by any thread."""

    def __init__(
        self,
        config: Config,
        *,
        environ: Mapping[str, str],
        on_ready: Callable[[str], None] = lambda _address: None,
    ) -> None:
        """Read what the journal has; raises JournalError where it cannot even be read."""
        self._config = config
        self._on_ready = on_ready
        self._inbox = Inbox()
        self._state_dir = Path(config.state_dir)
        self._notifier = Notifier(environ)
        self._ping_every_s = watchdog_interval_s(environ)
        self._rules = lane_rules(config)
        secret = secrets.channel_secret(config.linepay.channel_secret_file, environ=environ)
        add_secret(secret)
        self._orders, self._seq = self._read()
        account = assembly.account(config, secret)
        timeouts = assembly.timeouts(config)
        self._inquirer = Inquirer(Client(account, timeouts), account)
        self._asker = ThreadPoolExecutor(1, "not-recorded")
        self._found: dict[str, tuple[Told, ...]] = {}
        self.board = Board(self._rules, action=lambda code: entry(code).next_action)
        self.door = FrontDoor(
            inbox=self._inbox,
            board=self.board,
            journal_directory=self._state_dir,
            reach=Reach(
                inquirer=Inquirer(Client(account, timeouts), account),
                alive=lambda: {"engine": True, "journal": False},
                open_drawer=_no_drawer,
            ),
        )
        self._api = assembly.api_server(config, self.door)

    def run(self) -> bool:
        """Look until told to stop (False) or until the journal can be written again (True)."""
        try:
            self._publish()
            address = self._api.start()
            log("read_only", severity=logging.ERROR, reason=WHY, listen=address)
            self._notifier.ready(_STATUS)
            self._on_ready(address)
            return self._look_on()
        finally:
            self._notifier.stopping("finishing")
            self._api.stop(2.0)
            self._asker.shutdown(wait=False, cancel_futures=True)

    def stop(self, reason: str) -> None:
        """Ask for the end; safe in a signal handler and on any thread."""
        self._inbox.put(StopRequested(reason))

    # ---- the loop --------------------------------------------------------------------------

    def _look_on(self) -> bool:
        asking: Future[None] | None = None
        looked_at = float("-inf")
        while self._serve():
            self._beat()
            if asking is not None and asking.done():
                asking = None
                self._publish()
            if asking is None and time.monotonic() - looked_at >= LOOK_EVERY_S:
                looked_at = time.monotonic()
                if self._can_write():
                    return True
                asking = self._asker.submit(self._ask_about_all)
        return False

    def _serve(self) -> bool:
        """Answer one asker, or wait a little; False when told to stop."""
        try:
            message = self._inbox.get(timeout=ROUND_S)
        except queue.Empty:
            return True
        if isinstance(message, Asked) and message.reply.set_running_or_notify_cancel():
            message.reply.set_result(Refusal(WHY))
        return not isinstance(message, StopRequested)

    def _beat(self) -> None:
        self._api.revive()
        if self._ping_every_s is not None:
            self._notifier.watchdog()

    def _can_write(self) -> bool:
        try:
            Journal.open(self._state_dir, assembly.identity(self._config)).close()
        except JournalUnwritable:
            return False
        except JournalError:  # something else is wrong with it: its own words are told by a start
            return True
        return True

    # ---- what it shows ---------------------------------------------------------------------

    def _read(self) -> tuple[dict[str, Order], int]:
        """The unfinished orders, and those that only the second copy knows as sent."""
        sent = assembly.sent_lines(SentLog(self._state_dir / "sent.log"))
        with JournalReader(self._state_dir) as reader:
            rows = reader.unfinished()
            records = [record for _, record in rows]
            records += [recovered(line) for line in lost_lines(reader, sent)]
        state = lane.replay(lane.LaneState(self._rules), records)
        return dict(state.orders), rows[-1][0] if rows else 0

    def _ask_about_all(self) -> None:
        for order in self._orders.values():
            if order.money in _ASKED_ABOUT:
                self._found[order.order_id] = self._inquirer.ask(
                    order.order_id, currency=order.amount.currency, account=order.account
                )

    def _publish(self) -> None:
        views = {name: self._view(order) for name, order in self._orders.items()}
        self.board.publish(views, selling=None, seq=self._seq, hindrances=(WHY,))

    def _view(self, order: Order) -> SaleView:
        view = self.board.look(order, self._seq, clock.now().boot_ns)
        if order.money not in (*_ASKED_ABOUT, MoneyState.ARMED):
            return view
        paid = _says_paid(self._found.get(order.order_id, ()), order)
        reason = PAID_NOT_RECORDED if paid else NOT_RECORDED
        return replace(
            view,
            verdict="CALL_SUPERVISOR",
            attention=(*view.attention, reason),
            next_action="supervisor",
            because=reason,
            verdict_due_in_s=None,
        )


def _no_drawer() -> Future[str]:
    told: Future[str] = Future()
    told.set_result("posd is read-only, and drives no device")
    return told


_STATUS = f"posd {__version__} READ-ONLY: the journal cannot be written, no sales"


def _says_paid(told: Iterable[Told], order: Order) -> bool:
    """Whether LINE Pay says that the order took money, and not merely that it may be taken."""
    words = ("COMPLETE", "CAPTURE") if order.captures else ("CAPTURE",)
    return any(answer.code == SUCCESS and answer.status in words for answer in told)
