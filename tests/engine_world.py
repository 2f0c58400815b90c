"""An engine with everything round it faked: a journal in memory, workers that answer at once.

`told` is the whole conversation in order: what was written, copied and carried out.
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal

from devices.values import PrintProof, Scan
from posd import clock
from posd.board import Board
from posd.core.commands import AccountName, Command, PrintReceipt, SendCheck, SendPay
from posd.core.events import (
    Event,
    PayAnswered,
    PayUnanswered,
    PrintSucceeded,
)
from posd.core.evidence import Evidence, PaidPart, Proof
from posd.core.instant import Instant
from posd.core.lane import LaneState
from posd.core.money import Money
from posd.core.records import (
    LaneStarted,
    MismatchProved,
    OrderSettled,
    PaymentConfirmed,
    PaySent,
    Record,
    SaleOpened,
)
from posd.core.rules import Rules, Waits
from posd.door import Ask, OpenSale, Refusal, Reply
from posd.engine import Engine
from posd.inbox import Asked, Message, ScanArrived, StopRequested
from posd.intake import Intake
from posd.outlets import Outlets
from posd.snapshot import SaleView
from posd.vault import Vault

RULES = Rules(
    store_id="S001",
    lane_id="L01",
    country="TW",
    currency="TWD",
    account=AccountName("http://127.0.0.1:1", "1650000000", "v4"),
    waits=replace(Waits(), quiet_ns=1),
)
Step = Message | Callable[[], Message | None] | None  # None: nothing comes in time


class MemoryJournal:
    """What the engine needs of a journal, in a list; `broken` makes it fail as a disk does."""

    def __init__(self, told: list[str]) -> None:
        self.records: list[Record] = []
        self.broken = False
        self._told = told

    def append(
        self, records: Sequence[Record], *, at: Instant, boot_id: str, actor: str = ""
    ) -> int:
        if self.broken:
            raise OSError("the disk is gone")
        self._told.append("write " + " ".join(type(record).__name__ for record in records))
        self.records += records
        return len(self.records)

    def unfinished(self) -> list[tuple[int, Record]]:
        last = {_order(record): record for record in self.records}
        done = {name for name, record in last.items() if isinstance(record, OrderSettled)}
        return [row for row in self._rows() if _order(row[1]) not in done]

    def recent_orders(self, limit: int) -> list[str]:
        return [record.order_id for record in self._of(SaleOpened)][::-1][:limit]

    def maintain(self) -> None:
        self._told.append("maintain")

    def order(self, order_id: str) -> list[tuple[int, Record]]:
        return [row for row in self._rows() if _order(row[1]) == order_id]

    def order_of_sale(self, sale_id: str) -> str | None:
        return self._first(lambda record: record.sale_id == sale_id)

    def order_of_receipt(self, receipt_number: str) -> str | None:
        return self._first(lambda record: record.receipt_number == receipt_number)

    def orders_of_reference(self, reference: str) -> list[str]:
        return [one.order_id for one in self._of(SaleOpened) if one.reference == reference]

    def order_of_idempotency_key(self, key: str) -> tuple[str, str] | None:
        for one in self._of(SaleOpened):
            if one.idempotency_key == key:
                return one.order_id, one.body_sha256
        return None

    def order_of_transaction(self, transaction_id: str) -> str | None:
        found = (r for r in self.records if isinstance(r, PaymentConfirmed))
        return next((r.order_id for r in found if r.transaction_id == transaction_id), None)

    def order_of_act(self, key: str) -> tuple[str, str] | None:
        acts = (r for r in self.records if not isinstance(r, SaleOpened))
        found = (r for r in acts if key and getattr(r, "idempotency_key", "") == key)
        return next(((r.order_id, r.body_sha256) for r in found), None)

    def mismatches(self) -> int:
        return sum(isinstance(record, MismatchProved) for record in self.records)

    def order_of_key(self, fingerprint: str) -> str | None:
        sent = [one for one in self.records if isinstance(one, PaySent)]
        return next((one.order_id for one in sent if one.fingerprint == fingerprint), None)

    def _rows(self) -> list[tuple[int, Record]]:
        return list(enumerate(self.records, 1))

    def _of(self, kind: type[SaleOpened]) -> list[SaleOpened]:
        return [record for record in self.records if isinstance(record, kind)]

    def _first(self, fits: Callable[[SaleOpened], bool]) -> str | None:
        return next((one.order_id for one in self._of(SaleOpened) if fits(one)), None)


def _order(record: Record) -> str:
    return "" if isinstance(record, LaneStarted) else record.order_id


class ScriptedInbox:
    """Gives its steps one by one, then what was put, then a stop that must soon suffice."""

    def __init__(self) -> None:
        self.steps: deque[Step] = deque()
        self.put_last: deque[Message] = deque()
        self.waits_s: list[float | None] = []
        self._stops_left = 3

    def put(self, message: Message) -> None:
        self.put_last.append(message)

    def get(self, timeout: float | None = None) -> Message:
        self.waits_s.append(timeout)
        if self.put_last:
            return self.put_last.popleft()
        if not self.steps:
            self._stops_left -= 1
            assert self._stops_left, "the engine does not come to rest"
            return StopRequested("the script is over")
        step = self.steps.popleft()
        message = step() if callable(step) else step
        if message is None:
            raise queue.Empty
        return message


class World:
    """Tell it what happens, `run`, then read `told`, the board and the journal."""

    def __init__(self, rules: Rules = RULES, journal: MemoryJournal | None = None) -> None:
        self.told: list[str] = []
        self.journal = journal or MemoryJournal(self.told)
        self.journal._told = self.told
        self.hindrances: tuple[str, ...] = ()
        self.full: set[type] = set()
        self.silent: set[type] = set()
        self.beats: list[Callable[[], None]] = []
        self.commands: list[Command] = []
        self.inbox = ScriptedInbox()
        self.vault = Vault()
        self.board = Board(rules, action=lambda code: f"action_for_{code}")
        intake = Intake(
            rules=rules,
            journal=self.journal,
            fingerprint_key=b"k" * 32,
            hindrances=lambda: self.hindrances,
        )
        outlets = Outlets(self._carry_out, self._copy, self._beat, lambda: self.hindrances)
        self.engine = Engine(
            journal=self.journal,
            intake=intake,
            board=self.board,
            outlets=outlets,
            vault=self.vault,
        )
        self.engine.recover(LaneState(rules), "posd 1")
        self.told.clear()

    def run(self, *steps: Step) -> None:
        """Let these happen, then ask for the end."""
        self.inbox.steps.extend(steps)
        self.engine.run(self.inbox)  # type: ignore[arg-type]

    def names(self) -> list[str]:
        return [type(record).__name__ for record in self.journal.records]

    def _carry_out(self, command: Command) -> bool:
        kind = type(command)
        if kind in self.full:
            return False
        self.told.append(f"do {kind.__name__}")
        self.commands.append(command)
        if kind not in self.silent:
            answer = _answer(command)
            if answer is not None:
                self.inbox.put(answer)
        return True

    def _copy(self, sent: PaySent, at: Instant) -> Callable[[], None]:
        self.told.append("copy PaySent")
        return lambda: self.told.append("copy flushed")

    def _beat(self) -> None:
        for beat in self.beats:
            beat()


def _answer(command: Command) -> Event | None:
    now = clock.now()
    match command:
        case SendPay():
            return PayAnswered(now, command.order_id, paid(command.order_id, command.amount))
        case PrintReceipt():
            return PrintSucceeded(now, command.order_id, command.copy, PrintProof.PROVED)
    assert not isinstance(command, SendCheck), "no check is expected"
    return None


def paid(order_id: str, amount: Money) -> Evidence:
    parts = (PaidPart("BALANCE", Decimal(amount.minor)),)
    return Evidence(Proof.SUCCESS, "0000", order_id=order_id, transaction_id="7", parts=parts)


def asked(ask: Ask) -> Asked:
    return Asked(ask, Future[Reply]())


def sale(number: int = 1, **changes: object) -> Asked:
    """The till asks for basket `number`."""
    fields: dict[str, object] = {
        "reference": f"basket-{number}",
        "amount": Money(100 + number, "TWD"),
        "idempotency_key": f"key-{number}",
        "body_sha256": f"{number:064x}",
    }
    return asked(OpenSale(**{**fields, **changes}))  # type: ignore[arg-type]


def scanned(number: int = 1, text: str = "") -> Callable[[], ScanArrived]:
    """A customer shows code `number`, when the engine comes to it."""

    def scan() -> ScanArrived:
        now_ns = clock.now().boot_ns
        return ScanArrived(Scan(text or f"38{number:016d}", "", now_ns, now_ns))

    return scan


def view(asked: Asked) -> SaleView:
    reply = asked.reply.result(timeout=0)
    assert isinstance(reply, SaleView)
    return reply


def refusal(asked: Asked) -> Refusal:
    reply = asked.reply.result(timeout=0)
    assert isinstance(reply, Refusal)
    return reply


def sold(numbers: Iterable[int]) -> list[Step]:
    """What happens for baskets of these numbers to be paid and printed, one after the other."""
    return [step for number in numbers for step in (sale(number), None, scanned(number))]


def waiting(**changes: int | tuple[int, ...]) -> World:
    return World(replace(RULES, waits=replace(RULES.waits, **changes)))


def lost_answer(world: World) -> Message:
    """The answer to the newest payment request is lost."""
    sent = [command for command in world.commands if isinstance(command, SendPay)][-1]
    return PayUnanswered(clock.now(), sent.order_id, "reset")
