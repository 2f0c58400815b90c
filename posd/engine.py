"""The loop that owns the state: event, decision, durable records, new state, commands, snapshot.

Rules kept here and nowhere else: a command is carried out only after its records are flushed; a
refused or impossible event changes nothing; a failed write ends the process, for the journal is
the truth and memory is not.
"""

from __future__ import annotations

import queue
from collections.abc import Sequence
from concurrent.futures import Future

from posd import clock, history
from posd.board import Board
from posd.core import lane
from posd.core.commands import Command, PrintReceipt, SendCheck, SendPay
from posd.core.decision import Decision
from posd.core.errors import NotAllowed
from posd.core.events import (
    CancelRequested,
    CheckUnanswered,
    Event,
    Instant,
    KeepRequested,
    PayNotSent,
    PrintNotStarted,
    ProcessStarted,
    ReprintRequested,
    SaleRequested,
    TimePassed,
)
from posd.core.order import MoneyState, PaperState, Verdict, verdict
from posd.core.records import PaySent, Record, SaleOpened
from posd.door import Ask, CancelSale, KeepSale, OpenSale, PrintAgain, Refusal, Reply
from posd.inbox import (
    Asked,
    DeviceSeen,
    GatewaySeen,
    Inbox,
    Message,
    ScanArrived,
    StopRequested,
    WorkerDied,
)
from posd.intake import Intake
from posd.logs import log
from posd.outlets import EngineJournal, FatalWorker, Outlets
from posd.snapshot import SaleView
from posd.vault import Vault

IDLE_S = 5.0  # the loop looks up at least this often, to prove that it lives


class Engine:
    """Owns the lane's state; `run` is its thread."""

    def __init__(
        self,
        *,
        journal: EngineJournal,
        intake: Intake,
        board: Board,
        outlets: Outlets,
        vault: Vault,
    ) -> None:
        self._journal = journal
        self._intake = intake
        self._board = board
        self._outlets = outlets
        self._vault = vault
        self._state: lane.LaneState
        self._boot_id = clock.boot_id()
        self._seqs: dict[str, int] = {}
        self._seq = 0
        self._armed_soon: list[tuple[int, Future[Reply], str]] = []
        self._key = ""  # of the scan that is being handled, and no longer
        self._stopping = False
        self._maintained_seq = 0

    @property
    def stopping(self) -> bool:
        """Whether no new sale is taken because posd ends."""
        return self._stopping

    @property
    def selling(self) -> bool:
        """Whether a sale is at the counter."""
        return self._state.selling is not None

    # ---- life ------------------------------------------------------------------------------

    def recover(self, state: lane.LaneState, program: str) -> None:
        """Load what is unfinished, then tell the lane that the process began."""
        rows = self._journal.unfinished()
        self._state = lane.replay(state, (record for _, record in rows))
        for seq, record in rows:
            self._remember(seq, record)
        newest = self._journal.recent_orders(10)[::-1]
        for order_id in (*(name for name in self._state.orders if name not in newest), *newest):
            self._show(order_id)
        self._decide(ProcessStarted(clock.now(), self._boot_id, program))
        self._publish()

    def run(self, inbox: Inbox) -> None:
        """Handle messages until a stop was asked for and nothing is in flight."""
        while not (self._stopping and self._at_rest()):
            message = self._next(inbox)
            if message is not None:
                self._handle(message)
            self._serve_deadlines()
            self._outlets.beat()
            if message is None and not self.selling and self._seq != self._maintained_seq:
                self._journal.maintain()
                self._maintained_seq = self._seq
        for _, reply, order_id in self._armed_soon:  # nobody is left waiting
            reply.set_result(self._view(order_id))

    def meet_devices(self, inbox: Inbox, timeout_s: float) -> None:
        """Take in what the workers say first; one that is silent for `timeout_s` is not awaited."""
        until_ns = clock.now().boot_ns + int(timeout_s * 1e9)
        while not self._board.met_devices and clock.now().boot_ns < until_ns:
            try:
                self._handle(inbox.get(timeout=(until_ns - clock.now().boot_ns) / 1e9))
            except queue.Empty:
                return

    def _next(self, inbox: Inbox) -> Message | None:
        try:
            return inbox.get(timeout=self._wait_s())
        except queue.Empty:
            return None

    def _wait_s(self) -> float:
        times = [due_ns for due_ns, _, _ in self._armed_soon]
        deadline_ns = lane.next_deadline_ns(self._state)
        if deadline_ns is not None:
            times.append(deadline_ns)
        if not times:
            return IDLE_S
        return min(max(0.0, (min(times) - clock.now().boot_ns) / 1e9), IDLE_S)

    def _serve_deadlines(self) -> None:
        now = clock.now()
        self._answer_armed(now.boot_ns)
        deadline_ns = lane.next_deadline_ns(self._state)
        if deadline_ns is not None and deadline_ns <= now.boot_ns:
            self._decide(TimePassed(now))
            self._publish()

    def _at_rest(self) -> bool:
        """Whether the process may end: no request is out and no receipt is on its way."""
        return not any(
            order.money is MoneyState.SENT or order.paper is PaperState.PRINTING
            for order in self._state.orders.values()
        )

    # ---- messages --------------------------------------------------------------------------

    def _handle(self, message: Message) -> None:
        match message:
            case ScanArrived():
                self._scan(message)
            case Asked():
                self._answer(message)
            case DeviceSeen():
                self._board.device(message.device)
            case GatewaySeen():
                self._board.gateway(message.gateway)
            case WorkerDied():
                self._bury(message)
            case StopRequested():
                self._stop(message)
            case _:
                self._try(message)
        self._publish()

    def _scan(self, message: ScanArrived) -> None:
        event = self._intake.code(message.scan, clock.now())
        if event.used_by is not None:
            self._recall(event.used_by)
        self._key = message.scan.text
        self._try(event)
        self._key = ""

    def _try(self, event: Event) -> None:
        """Decide; a refusal is told on the board, for nobody waits for an answer."""
        order_id = getattr(event, "order_id", None)
        if order_id is not None:
            self._recall(order_id)
        try:
            self._decide(event)
        except NotAllowed as refusal:
            self._board.notice(refusal.code, refusal.details)
            log("refused", kind=type(event).__name__, reason=refusal.code)

    def _answer(self, asked: Asked) -> None:
        if not asked.reply.set_running_or_notify_cancel():
            return
        try:
            reply = self._reply(asked)
        except NotAllowed as refusal:
            reply = self._refusal(refusal)
        self._publish()  # first: who reads right after the answer must not see an older view
        if reply is not None:
            asked.reply.set_result(reply)

    def _reply(self, asked: Asked) -> Reply | None:
        """The answer; None while the scanner is not armed yet."""
        event = self._event(asked.ask)
        decision = self._decide(event)
        order_id: str = decision.subject or str(getattr(event, "order_id", ""))
        if isinstance(event, SaleRequested) and decision.records:
            quiet_ns = self._state.rules.waits.quiet_ns
            self._armed_soon.append((event.at.boot_ns + quiet_ns, asked.reply, order_id))
            return None
        return self._view(order_id)

    def _event(self, ask: Ask) -> Event:
        now = clock.now()
        if isinstance(ask, OpenSale):
            return self._intake.sale(ask, now)
        order_id = history.find(self._journal, ask.sale_id)
        if order_id is None:
            raise NotAllowed("no_such_sale", sale_id=ask.sale_id[:64])
        self._recall(order_id)
        match ask:
            case CancelSale():
                return CancelRequested(now, order_id)
            case KeepSale():
                return KeepRequested(now, order_id)
            case PrintAgain():
                return ReprintRequested(now, order_id)

    def _refusal(self, refusal: NotAllowed) -> Refusal:
        order_id = refusal.details.get("order_id")
        if order_id is None:
            return Refusal(refusal.code, refusal.details)
        return Refusal(refusal.code, refusal.details, self._view(order_id))

    def _answer_armed(self, now_ns: int) -> None:
        due = [waiting for waiting in self._armed_soon if waiting[0] <= now_ns]
        self._armed_soon = [waiting for waiting in self._armed_soon if waiting[0] > now_ns]
        for _, reply, order_id in due:
            reply.set_result(self._view(order_id))

    def _bury(self, death: WorkerDied) -> None:
        if death.fatal:
            raise FatalWorker(f"{death.name}: {death.reason}")
        if death.disabled:
            self._board.disable(death.name)
        code = "worker_disabled" if death.disabled else "worker_died"
        self._board.notice(code, {"device": death.name, "reason": death.reason})

    def _stop(self, stop: StopRequested) -> None:
        log("stopping", reason=stop.reason)
        self._stopping = True
        selling = self._state.selling
        if selling and verdict(self._state.orders[selling]) is Verdict.WAITING:
            self._try(CancelRequested(clock.now(), selling))

    # ---- one decision ----------------------------------------------------------------------

    def _decide(self, event: Event) -> Decision:
        """Step, write and flush, apply, carry out; raises NotAllowed before anything changed."""
        decision = lane.step(self._state, event)
        if decision.records:
            self._commit(decision.records, event.at)
        for command in decision.commands:
            if isinstance(command, SendPay):
                self._vault.put(command.fingerprint, self._key)
            if not self._outlets.carry_out(command):
                self._undeliverable(command)
        for record in decision.records:  # after the commands: the customer does not wait for it
            log("record", kind=type(record).__name__, order_id=getattr(record, "order_id", None))
        self._forget_settled()
        return decision

    def _commit(self, records: Sequence[Record], at: Instant) -> None:
        last = self._journal.append(records, at=at, boot_id=self._boot_id)
        self._state = lane.replay(self._state, records)
        for seq, record in enumerate(records, last - len(records) + 1):
            self._remember(seq, record)
            if isinstance(record, SaleOpened):
                self._show(record.order_id)
            elif isinstance(record, PaySent):
                self._outlets.second_copy(record, at)

    def _remember(self, seq: int, record: Record) -> None:
        self._seq = seq
        order_id = getattr(record, "order_id", None)
        if order_id is not None:
            self._seqs[order_id] = seq

    def _undeliverable(self, command: Command) -> None:
        """A worker's queue is full, so nothing was done: say so as the worker would have."""
        now = clock.now()
        match command:
            case SendPay():
                self._vault.take(command.fingerprint)
                self._decide(PayNotSent(now, command.order_id, "queue_full"))
            case SendCheck():
                self._decide(CheckUnanswered(now, command.order_id, command.number, "queue_full"))
            case PrintReceipt():
                self._decide(PrintNotStarted(now, command.order_id, command.copy, "queue_full"))

    # ---- memory and view -------------------------------------------------------------------

    def _recall(self, order_id: str) -> None:
        """Bring a finished order back from the journal for the event that names it."""
        if order_id in self._state.orders:
            return
        rebuilt = history.rebuild(self._state.rules, self._journal.order(order_id))
        if rebuilt is not None:
            order, self._seqs[order_id] = rebuilt
            self._state = lane.recalled(self._state, order)

    def _show(self, order_id: str) -> None:
        """Put a sale before all others on the board."""
        self._recall(order_id)
        self._board.remember(self._state.orders[order_id], self._seqs[order_id], 0)
        self._forget_settled()

    def _view(self, order_id: str) -> SaleView:
        self._recall(order_id)
        order = self._state.orders[order_id]
        view = self._board.look(order, self._seqs[order_id], clock.now().boot_ns)
        self._forget_settled()
        return view

    def _forget_settled(self) -> None:
        for order_id, order in self._state.orders.items():
            if order.settled:
                self._board.refresh(order, self._seqs.pop(order_id), 0)
        self._state = lane.without_settled(self._state)

    def _publish(self) -> None:
        self._forget_settled()  # a recalled order that nothing happened to goes again
        now_ns = clock.now().boot_ns
        views = {
            order_id: self._board.refresh(order, self._seqs[order_id], now_ns)
            for order_id, order in self._state.orders.items()
        }
        self._board.publish(
            views,
            selling=self._state.selling,
            seq=self._seq,
            hindrances=self._outlets.hindrances(),
        )
