"""The loop that owns the state: event, decision, durable records, new state, commands, snapshot.

Rules kept here and nowhere else: a command is carried out only after its records are flushed; a
refused or impossible event changes nothing; a failed write ends the process, for the journal is
the truth and memory is not.
"""

from __future__ import annotations

import queue
from collections.abc import Sequence
from concurrent.futures import Future

from posd import history
from posd.board import Board
from posd.core import lane
from posd.core.commands import (
    Command,
    SendPay,
)
from posd.core.decision import Decision
from posd.core.errors import NotAllowed
from posd.core.events import (
    CancelRequested,
    CheckAnswered,
    Event,
    ProcessStarted,
    SaleRequested,
    SlipScanned,
    TimePassed,
)
from posd.core.order import MoneyState, PaperState, Verdict, verdict
from posd.core.records import OrderRecovered, PaySent, Record
from posd.door import Ask, OpenSale, Refusal, Reply
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
from posd.memory import Memory
from posd.outlets import EngineJournal, FatalWorker, Outlets
from posd.undelivered import undelivered
from posd.vault import Vault

IDLE_S = 5.0  # the loop looks up at least this often, to prove that it lives
# The view and the log wait until nothing has come for a moment: making them at once would take
# the processor from the worker that is just now sending the payment or the receipt.
QUIET_S = 0.001
_IN_FLIGHT = (MoneyState.SENT, MoneyState.CAPTURING, MoneyState.REVERSING)
MOST_BEHIND = 16  # messages that may come before the view is made all the same


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
        self._memory = Memory(journal, board, outlets.now)
        self._boot_id = outlets.boot_id()
        self._armed_soon: list[tuple[int, Future[Reply], str]] = []
        self._key = ""  # of the scan that is being handled, and no longer
        self._behind = 0  # messages handled since the view was made
        self._untold: list[Record] = []  # not logged yet
        self._stopping = False
        self._maintained_seq = 0

    @property
    def stopping(self) -> bool:
        """Whether no new sale is taken because posd ends."""
        return self._stopping

    @property
    def selling(self) -> bool:
        """Whether a sale is at the counter."""
        return self._memory.state.selling is not None

    # ---- life ------------------------------------------------------------------------------

    def recover(
        self, state: lane.LaneState, program: str, sent: Sequence[OrderRecovered] = ()
    ) -> None:
        """Load what is unfinished, then tell the lane that the process began.

        `sent` are the orders whose request only the second copy knows.
        """
        self._memory.load(state)
        self._decide(ProcessStarted(self._outlets.now(), self._boot_id, program, tuple(sent)))
        self._publish()

    def run(self, inbox: Inbox) -> None:
        """Handle messages until a stop was asked for and nothing is in flight."""
        while not (self._stopping and self._at_rest()):
            message = self._next(inbox)
            if message is not None:
                self._handle(message)
            self._serve_deadlines()
            self._outlets.beat()
            if message is None or self._behind >= MOST_BEHIND:
                self._rest()
        self._publish()
        for _, reply, order_id in self._armed_soon:  # nobody is left waiting
            reply.set_result(self._memory.view(order_id))

    def meet_devices(self, inbox: Inbox, timeout_s: float) -> None:
        """Take in what the workers say first; one that is silent for `timeout_s` is not awaited."""
        until_ns = self._outlets.now().boot_ns + int(timeout_s * 1e9)
        while not self._board.met_devices and self._outlets.now().boot_ns < until_ns:
            try:
                self._handle(inbox.get(timeout=(until_ns - self._outlets.now().boot_ns) / 1e9))
            except queue.Empty:
                break
        self._publish()

    def _next(self, inbox: Inbox) -> Message | None:
        try:
            return inbox.get(timeout=self._wait_s())
        except queue.Empty:
            return None

    def _wait_s(self) -> float:
        times = [due_ns for due_ns, _, _ in self._armed_soon]
        deadline_ns = self._memory.deadline_ns()
        if deadline_ns is not None:
            times.append(deadline_ns)
        longest_s = QUIET_S if self._behind else IDLE_S
        if not times:
            return longest_s
        return min(max(0.0, (min(times) - self._outlets.now().boot_ns) / 1e9), longest_s)

    def _serve_deadlines(self) -> None:
        now = self._outlets.now()
        self._answer_armed(now.boot_ns)
        deadline_ns = self._memory.deadline_ns()
        if deadline_ns is not None and deadline_ns <= now.boot_ns:
            self._decide(TimePassed(now))
            self._behind += 1

    def _rest(self) -> None:
        """Nothing more has come: show and tell what happened; with nothing to show, tidy up."""
        if self._behind:
            self._publish()
        elif not self.selling and self._memory.seq != self._maintained_seq:
            self._journal.maintain()
            self._maintained_seq = self._memory.seq

    def _at_rest(self) -> bool:
        """Whether the process may end: no request is out and no receipt is on its way."""
        return not any(
            order.money in _IN_FLIGHT
            or order.paper is PaperState.PRINTING
            or not all(slip.held for slip in order.slips)
            for order in self._memory.state.orders.values()
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
            case CheckAnswered():
                self._try(self._intake.checked(message))
            case _:
                self._try(message)
        self._behind += 1

    def _scan(self, message: ScanArrived) -> None:
        named = None if self.selling else self._intake.order_of_paper(message.scan)
        if named is not None:
            self._show_paper(named)
            return
        event = self._intake.code(message.scan, self._outlets.now())
        if event.used_by is not None:
            self._memory.recall(event.used_by)
        self._key = message.scan.text
        if event.doubt is not None:  # said first: a refusal is newer and takes its place
            self._board.notice(f"doubt_{event.doubt}", {})
        self._try(event)
        self._key = ""

    def _show_paper(self, order_id: str) -> None:
        """The paper of an order was scanned while idle: show it first, and ask again about it."""
        self._memory.show(order_id)
        self._board.notice("paper_scanned", {"order_id": order_id})
        self._try(SlipScanned(self._outlets.now(), order_id))

    def _try(self, event: Event) -> None:
        """Decide; a refusal is told on the board, for nobody waits for an answer."""
        order_id = getattr(event, "order_id", None)
        if order_id is not None:
            self._memory.recall(order_id)
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
        order_id = self._named(asked.ask)
        if not isinstance(asked.ask, OpenSale) and self._intake.is_repeat(asked.ask, order_id):
            return self._memory.view(order_id)
        event = self._event(asked.ask, order_id)
        decision = self._decide(event)
        order_id = decision.subject or order_id
        if isinstance(event, SaleRequested) and decision.records:
            quiet_ns = self._memory.state.rules.waits.quiet_ns
            self._armed_soon.append((event.at.boot_ns + quiet_ns, asked.reply, order_id))
            return None
        return self._memory.view(order_id)

    def _named(self, ask: Ask) -> str:
        """The order that is asked about; empty where it is yet to be opened."""
        if isinstance(ask, OpenSale):
            return ""
        order_id = history.find(self._journal, ask.sale_id)
        if order_id is None:
            raise NotAllowed("no_such_sale", sale_id=ask.sale_id[:64])
        self._memory.recall(order_id)
        return order_id

    def _event(self, ask: Ask, order_id: str) -> Event:
        now = self._outlets.now()
        if isinstance(ask, OpenSale):
            return self._intake.sale(ask, now)
        order, seq = self._memory.state.orders[order_id], self._memory.seq_of(order_id)
        if not self._intake.is_as_seen(ask, order, seq):
            raise NotAllowed("sale_changed", order_id=order_id)
        return self._intake.act(ask, order_id, now)

    def _refusal(self, refusal: NotAllowed) -> Refusal:
        order_id = refusal.details.get("order_id")
        if order_id is None:
            return Refusal(refusal.code, refusal.details)
        return Refusal(refusal.code, refusal.details, self._memory.view(order_id))

    def _answer_armed(self, now_ns: int) -> None:
        due = [waiting for waiting in self._armed_soon if waiting[0] <= now_ns]
        self._armed_soon = [waiting for waiting in self._armed_soon if waiting[0] > now_ns]
        if due and self._behind:
            self._publish()
        for _, reply, order_id in due:
            reply.set_result(self._memory.view(order_id))

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
        selling = self._memory.state.selling
        if selling and verdict(self._memory.state.orders[selling]) is Verdict.WAITING:
            self._try(CancelRequested(self._outlets.now(), selling))

    # ---- one decision ----------------------------------------------------------------------

    def _decide(self, event: Event) -> Decision:
        """Step, write and flush, apply, carry out; raises NotAllowed before anything changed."""
        decision = lane.step(self._memory.state, event)
        if decision.records:
            self._commit(decision.records, event)
        for command in decision.commands:
            if isinstance(command, SendPay):
                self._vault.put(command.fingerprint, self._key)
            if not self._outlets.carry_out(command):
                self._undeliverable(command)
        self._untold.extend(decision.records)
        self._memory.forget_settled()
        return decision

    def _commit(self, records: Sequence[Record], event: Event) -> None:
        at = event.at
        # The second copy is flushed while the journal is; both are on the disk before a command.
        copies = [
            self._outlets.second_copy(record, at)
            for record in records
            if isinstance(record, PaySent)
        ]
        asking = getattr(event, "asking", None)
        actor = asking.actor.name if asking else getattr(event, "cashier", "")
        last = self._journal.append(records, at=at, boot_id=self._boot_id, actor=actor)
        for flushed in copies:
            flushed()
        self._memory.take_in(records, last)

    def _undeliverable(self, command: Command) -> None:
        """A worker's queue is full, so nothing was done: say so as the worker would have."""
        if isinstance(command, SendPay):
            self._vault.take(command.fingerprint)
        event = undelivered(command, self._outlets.now())
        if event is not None:
            self._decide(event)

    def _publish(self) -> None:
        self._board.publish(
            self._memory.views(),
            selling=self._memory.state.selling,
            seq=self._memory.seq,
            hindrances=self._outlets.hindrances(),
        )
        for record in self._untold:
            log("record", kind=type(record).__name__, order_id=getattr(record, "order_id", None))
        self._untold.clear()
        self._behind = 0
