"""A shop that anything may happen to: the real engine, a crashing machine, LINE Pay's books.

Rule: chance comes from one seed, time moves only here, and a crash takes everything but the
journal and LINE Pay. A request that was under way when the machine died may still arrive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from random import Random
from typing import Any

from devices.values import PrintProof, Scan
from posd.board import Board
from posd.core.commands import (
    AccountName,
    Command,
    PrintReceipt,
    SendCapture,
    SendCheck,
    SendPay,
    SendReversal,
)
from posd.core.events import (
    CheckAnswered,
    CheckUnanswered,
    CodeScanned,
    GatewayUnreachable,
    PayAnswered,
    PayNotSent,
    PayUnanswered,
    PrinterReady,
    PrintNotStarted,
    PrintSucceeded,
    PrintUnanswered,
    ProcessStarted,
    TimePassed,
)
from posd.core.evidence import Evidence, Proof
from posd.core.instant import Instant
from posd.core.lane import LaneState
from posd.core.money import Money
from posd.core.people import Actor, Role
from posd.core.reversal_events import (
    Asking,
    CaptureAnswered,
    CaptureNotSent,
    CaptureUnanswered,
    ReversalAnswered,
    ReversalNotSent,
    ReversalUnanswered,
)
from posd.core.rules import SECOND, Rules
from posd.door import (
    AbandonSale,
    AcceptSale,
    Ask,
    CancelSale,
    CaptureSale,
    KeepSale,
    MoneyAsk,
    OpenSale,
    PrintAgain,
    Reply,
    ReverseSale,
    SettleRefund,
)
from posd.engine import Engine
from posd.inbox import Asked, Message, ScanArrived
from posd.intake import Intake
from posd.outlets import Outlets
from posd.vault import Vault
from tests.model.journal import Crash, DurableJournal
from tests.model.linepay import UNCLEAR, LinePay

RULES = Rules("S1", "L1", "TW", "TWD", AccountName("http://127.0.0.1:1", "165", "v4"))
PEOPLE = (Actor("till", Role.CASHIER), Actor("lin", Role.SUPERVISOR), Actor("boss", Role.ADMIN))
AMOUNTS = (120, 120, 50)
PAUSES_S = (0.1, 1, 3, 7, 16, 30, 61, 70, 130, 200, 700, 1400, 4000, 90_000)
MOST_DEADLINES = 400


class World:
    """`play` lets one thing happen; `heal` puts the world right and lets everything end."""

    def __init__(self, seed: int, rules: Rules | None = None) -> None:
        self.rng = Random(seed)
        self.rules = rules or replace(RULES, capture=self.rng.random() < 0.8)
        self.linepay = LinePay(self.rng)
        self.journal = DurableJournal()
        self.now_ns, self.wall_ms, self.boots = 1_000 * SECOND, 1_795_000_000_000, 1
        self.true_ns = 0  # goes on when the machine's clocks do not
        self.flights: list[Command] = []
        self.orphans: list[tuple[int, Command]] = []  # (until, request): may still arrive
        self.originals: Counter[str] = Counter()
        self.ordered: Counter[str] = Counter()  # payment requests that left the engine
        self.told: list[str] = []
        self.edges: Counter[tuple[str, str]] = Counter()
        self.decided: set[str] = set()  # orders about which a person decided otherwise
        self.begun: dict[str, tuple[int, int]] = {}  # when it was ordered, by both clocks
        self._codes: list[int] = []
        self._slow: dict[str, Evidence] = {}  # answers of payments that are still on their way
        self._acts = 0
        self._crash_at: tuple[str, int] | None = None
        self.watch: Callable[[str, Command | None], None] = lambda where, command: None
        self._start()

    # ---- the machine

    @property
    def at(self) -> Instant:
        return Instant(self.wall_ms, self.now_ns)

    def _start(self) -> None:
        self.vault = Vault()
        self.board = Board(self.rules, action=lambda code: code)
        self.journal.before = lambda: self._point("before commit")
        self.journal.after = lambda: self._point("after commit")
        intake = Intake(
            rules=self.rules,
            journal=self.journal,  # type: ignore[arg-type]
            fingerprint_key=b"k" * 32,
            hindrances=tuple,
        )
        outlets = Outlets(
            self._carry_out,
            lambda sent, at: lambda: None,
            lambda: None,
            tuple,
            lambda: self.at,
            lambda: f"boot-{self.boots}",
        )
        self.engine = Engine(
            journal=self.journal,  # type: ignore[arg-type]
            intake=intake,
            board=self.board,
            outlets=outlets,
            vault=self.vault,
        )
        decide = self.engine._decide

        def counted(event: Any) -> Any:
            self._count(event)
            return decide(event)

        self.engine._decide = counted  # type: ignore[method-assign]
        self.engine.recover(LaneState(self.rules), "posd model")

    def _point(self, where: str) -> None:
        """A place at which the machine may be gone."""
        if self._crash_at and self._crash_at[0] == where:
            left = self._crash_at[1] - 1
            self._crash_at = (where, left) if left else None
            if not left:
                raise Crash(where)

    def _carry_out(self, command: Command) -> bool:
        self.watch("command", command)
        if isinstance(command, SendPay):
            self.begun[command.order_id] = (self.now_ns, self.true_ns)
        self._point("before command")
        if isinstance(command, SendPay | SendCheck | SendCapture | SendReversal | PrintReceipt):
            self.flights.append(command)
        self._point("after command")
        return True

    def _does(self, message: Message) -> None:
        """The engine handles one message and what is due; a crash ends the process."""
        try:
            self.engine._handle(message)
            self._serve()
            self.engine._publish()
        except Crash as crash:
            self._die(f"crash {crash}")
        self.watch("step", None)

    def _serve(self) -> None:
        for _ in range(MOST_DEADLINES):
            before = len(self.journal.records)
            self.engine._serve_deadlines()
            if len(self.journal.records) == before:
                return

    def _die(self, why: str) -> None:
        self.told.append(f"  ** {why}")
        for flight in self.flights:
            if not isinstance(flight, PrintReceipt):
                self._travels(flight)
        for flight in self.flights:
            if isinstance(flight, PrintReceipt) and self.rng.random() < 0.5:
                self._comes_out(flight)
        self.flights = []
        self._crash_at = None
        try:
            self._start()
        except Crash as crash:
            self._die(f"crash {crash} at start")

    def _count(self, event: Any) -> None:
        orders, name = self.engine._memory.state.orders, type(event).__name__
        named = getattr(event, "order_id", None)
        if isinstance(event, CodeScanned):
            named = self.engine._memory.state.selling or event.used_by
        told = [orders[named]] if named in orders else []
        if isinstance(event, TimePassed | ProcessStarted | GatewayUnreachable):
            told = list(orders.values())
        for order in told:
            self.edges[str(order.money), name] += 1

    def orders(self) -> dict[str, Any]:
        return dict(self.engine._memory.state.orders)

    # ---- one thing happens

    def play(self) -> None:
        move, weight = zip(*MOVES.items(), strict=True)
        (name,) = self.rng.choices(move, weight)
        self.told.append(f"{self.now_ns / SECOND:10.1f} {name}")
        getattr(self, name)()

    def heal(self) -> None:
        """The network, LINE Pay, the printer and the machine are well; days go by."""
        self._crash_at = None
        while self.orphans:
            self._arrives_late(0)
        self.linepay.customer_decides()
        self.linepay.healed = True
        self._does(PrinterReady(self.at))
        for pause_s in (1, 10, 70, 130, *(600,) * 12, *(3600,) * 30, *(43_200,) * 8):
            self._pass(pause_s)
            for _ in range(60):
                if not self.flights:
                    break
                self._true_answer(self.flights.pop(0))
            assert not self.flights, "invariant 8: posd asks without end"

    # ---- people and tills

    def opens(self) -> None:
        number = self.rng.randrange(12)
        reference, amount = f"basket-{number}", AMOUNTS[number % 3]
        ask = OpenSale(
            reference=reference,
            amount=Money(amount, "TWD"),
            idempotency_key=f"key-{self.rng.randrange(60)}",
            body_sha256=f"{reference} {amount}",
            another_customer=self.rng.random() < 0.7,
        )
        self._asks(ask)

    def sells(self) -> None:
        self.opens()
        self._pass(1)
        self.scans()

    def scans(self) -> None:
        again = self._codes and self.rng.random() < 0.2
        number = self.rng.choice(self._codes) if again else self.rng.randrange(10**9)
        self._codes.append(number)
        scan = Scan(f"38{number:016d}", "", self.now_ns, self.now_ns)
        self._does(ScanArrived(scan))

    def cancels(self) -> None:
        self._acts_on(CancelSale)

    def keeps(self) -> None:
        self._acts_on(KeepSale)

    def reprints(self) -> None:
        self._acts_on(PrintAgain)

    def abandons(self) -> None:
        because = self.rng.choice(("paid_otherwise", "goods_kept", "goods_gone"))
        self._acts_on(lambda name: AbandonSale(name, because, self._asking()), decides=because)

    def accepts(self) -> None:
        self._acts_on(lambda name: AcceptSale(name, self._asking()), decides="accepted")

    def refunds(self) -> None:
        amount = self.rng.choice((None, None, Money(20, "TWD"), Money(50, "TWD")))
        decides = "part" if amount else ""
        self._acts_on(lambda name: ReverseSale(name, amount, self._asking()), decides=decides)

    def captures(self) -> None:
        amount = self.rng.choice((None, None, Money(40, "TWD")))
        decides = "part" if amount else ""
        self._acts_on(lambda name: CaptureSale(name, amount, self._asking()), decides=decides)

    def settles(self) -> None:
        back = self.rng.random() < 0.5
        self._acts_on(lambda name: SettleRefund(name, back, self._asking()), decides="settled")

    def _asking(self) -> Asking:
        self._acts += self.rng.random() < 0.8  # else the same key again
        return Asking(self.rng.choice(PEOPLE), "a reason", f"act-{self._acts}", "body")

    def _acts_on(self, ask: Callable[[str], Ask], decides: str = "") -> None:
        known = self.journal.orders()
        if not known:
            return
        order_id = known[-1 - min(int(self.rng.expovariate(0.7)), len(known) - 1)]
        wanted, before = ask(order_id), len(self.journal.records)
        self._asks(wanted)
        key = wanted.asking.idempotency_key if isinstance(wanted, MoneyAsk) else ""
        new = self.journal.records[before:]
        done = any(key and getattr(record, "idempotency_key", "") == key for record in new)
        if done and decides in ("goods_gone", "accepted", "part", "settled"):
            self.decided.add(order_id)

    def _asks(self, ask: Ask) -> None:
        self._does(Asked(ask, Future[Reply]()))

    def acts_at_once(self) -> None:
        """People press one key after another while something is under way."""
        for act in self.rng.sample(ACTS, 4):
            getattr(self, act)()

    # ---- time

    def waits(self) -> None:
        self._pass(self.rng.choice(PAUSES_S))

    def waits_answered(self) -> None:
        """Time goes by while LINE Pay answers every question truly."""
        until_ns = self.now_ns + int(self.rng.choice(PAUSES_S) * SECOND)
        for _ in range(40):
            if self.now_ns >= until_ns:
                return
            left_s = (until_ns - self.now_ns) / SECOND
            self._pass(min(left_s, max(1, left_s / 8)))
            while checks := [one for one in self.flights if isinstance(one, SendCheck)]:
                self.flights.remove(checks[0])
                self._true_answer(checks[0])

    def _pass(self, seconds: float) -> None:
        self.now_ns += int(seconds * SECOND)
        self.true_ns += int(seconds * SECOND)
        self.wall_ms += int(seconds * 1000)
        self._tick()

    def _tick(self) -> None:
        try:
            self._serve()
            self.engine._publish()
        except Crash as crash:
            self._die(f"crash {crash}")
        self.watch("step", None)

    def sets_the_clock(self) -> None:
        """The wall clock jumps by years, either way."""
        self.wall_ms += self.rng.choice((-1, 1)) * self.rng.randrange(10 * 365 * 86_400_000)
        self.wall_ms = max(self.wall_ms, 10**12)

    # ---- the machine

    def crash_is_near(self) -> None:
        where = ("before commit", "after commit", "before command", "after command")
        self._crash_at = (self.rng.choice(where), self.rng.choice((1, 1, 2, 3)))

    def restarts(self) -> None:
        self._die("killed")
        self._pass(self.rng.choice((0.5, 2, 30)))

    def reboots(self) -> None:
        self.boots += 1
        self.now_ns = self.rng.randrange(5, 60) * SECOND
        self._die("rebooted")
        self.watch("step", None)

    # ---- LINE Pay and the network

    def answers(self) -> None:
        if self.flights:
            self._true_answer(self.flights.pop(self.rng.randrange(len(self.flights))))

    def pay_is_slow(self) -> None:
        """The payment is carried out; its answer takes its time, and checks overtake it."""
        for flight in self.flights:
            if isinstance(flight, SendPay) and flight.order_id not in self._slow:
                said = self._arrives(flight)
                if said is not None:
                    self._slow[flight.order_id] = said
        self._pass(16)
        self.waits_answered()

    def slow_pay_is_answered(self) -> None:
        """Whatever became of the order meanwhile."""
        for flight in [one for one in self.flights if isinstance(one, SendPay)]:
            if flight.order_id in self._slow:
                self.flights.remove(flight)
                if self.rng.random() < 0.6:
                    self._tell(flight, self._slow.pop(flight.order_id))
                else:
                    self._unanswered(flight)
                return

    def loses_answer(self) -> None:
        """The request arrives, its answer does not."""
        flight = self._gateway_flight()
        if flight is not None:
            self._arrives(flight)
            self._unanswered(flight)

    def loses_request(self) -> None:
        """It never arrives, or much later."""
        flight = self._gateway_flight()
        if flight is not None:
            if self.rng.random() < 0.5:
                self._travels(flight)
            self._unanswered(flight)

    def delivers_twice(self) -> None:
        """A proxy sends it twice; the second answer is told.

        Not a refund: LINE Pay takes each for a new one, which nobody but the proxy could prevent.
        """
        flight = self._gateway_flight()
        if flight is not None:
            if not isinstance(flight, SendReversal):
                self._arrives(flight)
            self._true_answer(flight)

    def arrives_late(self) -> None:
        if self.orphans:
            self._arrives_late(self.rng.randrange(len(self.orphans)))

    def _travels(self, flight: Command) -> None:
        """Somewhere in the network: a key lives 5 min, other requests travel a minute at most."""
        if isinstance(flight, SendPay) and self._is_too_late(flight):
            return  # the worker sent nothing
        life_s = 300 if isinstance(flight, SendPay) else 60
        self.orphans.append((self.true_ns + life_s * SECOND, flight))

    def _is_too_late(self, flight: SendPay) -> bool:
        life_ns = flight.not_after_ns - self.begun[flight.order_id][0]
        return self.true_ns - self.begun[flight.order_id][1] > life_ns

    def _arrives_late(self, at: int) -> None:
        until_ns, flight = self.orphans.pop(at)
        if self.true_ns <= until_ns:
            self._carried_out(flight)

    def is_not_sent(self) -> None:
        flight = self._gateway_flight()
        match flight:
            case SendPay() if flight.order_id in self._slow:
                self._unanswered(flight)  # it has left: nobody can prove otherwise
            case SendPay():
                self._does(PayNotSent(self.at, flight.order_id, "refused"))
            case SendCapture():
                self._does(CaptureNotSent(self.at, flight.order_id, "refused"))
            case SendReversal():
                self._does(ReversalNotSent(self.at, flight.order_id, flight.number, "refused"))
            case SendCheck():
                self._unanswered(flight)

    def answers_unclearly(self) -> None:
        flight = self._gateway_flight()
        if flight is not None:
            if self.rng.random() < 0.5:
                self._arrives(flight)
            self._tell(flight, Evidence(Proof.UNCERTAIN, self.rng.choice(UNCLEAR)))

    def loses_gateway(self) -> None:
        self._does(GatewayUnreachable(self.at, "dns"))

    def customer_decides(self) -> None:
        self.linepay.customer_decides()

    def _gateway_flight(self) -> Command | None:
        found = [one for one in self.flights if not isinstance(one, PrintReceipt)]
        if not found:
            return None
        flight = self.rng.choice(found)
        self.flights.remove(flight)
        return flight

    def _arrives(self, flight: Command) -> Evidence | None:
        """What LINE Pay would answer; None for what is no request."""
        if isinstance(flight, SendPay) and self._is_too_late(flight):
            return None  # the worker sends nothing
        return self._carried_out(flight)

    def _carried_out(self, flight: Command) -> Evidence | None:
        match flight:
            case SendPay():
                return self.linepay.pay(flight, self.true_ns)
            case SendCapture():
                return self.linepay.capture(flight)
            case SendReversal():
                return self.linepay.reverse(flight)
            case SendCheck():
                return self.linepay.asked(flight, self.true_ns)
        return None

    def _true_answer(self, flight: Command) -> None:
        if isinstance(flight, PrintReceipt):
            self._prints(flight)
            return
        slow = self._slow.pop(flight.order_id, None) if isinstance(flight, SendPay) else None
        said = slow or self._arrives(flight)
        if said is None:  # the worker found it too late to be sent
            assert isinstance(flight, SendPay)
            self._does(PayNotSent(self.at, flight.order_id, "expired"))
        else:
            self._tell(flight, said)

    def _tell(self, flight: Command, said: Evidence) -> None:
        order_id = getattr(flight, "order_id", "")
        match flight:
            case SendPay():
                self._does(PayAnswered(self.at, order_id, said))
            case SendCheck():
                self._does(CheckAnswered(self.at, order_id, flight.number, said))
            case SendCapture():
                self._does(CaptureAnswered(self.at, order_id, said))
            case SendReversal():
                self._does(ReversalAnswered(self.at, order_id, flight.number, said))

    def _unanswered(self, flight: Command) -> None:
        match flight:
            case SendPay():
                self._does(PayUnanswered(self.at, flight.order_id, "timeout"))
            case SendCheck():
                self._does(CheckUnanswered(self.at, flight.order_id, flight.number, "timeout"))
            case SendCapture():
                self._does(CaptureUnanswered(self.at, flight.order_id, "timeout"))
            case SendReversal():
                self._does(ReversalUnanswered(self.at, flight.order_id, flight.number, "timeout"))

    # ---- the printer

    def printer_fails(self) -> None:
        jobs = [one for one in self.flights if isinstance(one, PrintReceipt)]
        if not jobs:
            return
        job = self.rng.choice(jobs)
        self.flights.remove(job)
        if self.rng.random() < 0.5:
            self._does(PrintNotStarted(self.at, job.order_id, job.copy, "paper_out"))
            return
        if self.rng.random() < 0.5:
            self._comes_out(job)
        self._does(PrintUnanswered(self.at, job.order_id, job.copy, "reset"))

    def printer_is_ready(self) -> None:
        self._does(PrinterReady(self.at))

    def _prints(self, job: PrintReceipt) -> None:
        self._comes_out(job)
        proof = self.rng.choice((PrintProof.PROVED, PrintProof.PROBABLE))
        self._does(PrintSucceeded(self.at, job.order_id, job.copy, proof))

    def _comes_out(self, job: PrintReceipt) -> None:
        if job.copy == 0:
            self.originals[job.order_id] += 1


ACTS = (
    *("cancels", "keeps", "reprints", "abandons", "accepts", "refunds", "captures", "settles"),
    *("scans", "loses_gateway", "answers", "loses_answer"),
)
MOVES = {
    "sells": 14,
    "opens": 2,
    "scans": 2,
    "cancels": 1,
    "keeps": 2,
    "reprints": 2,
    "abandons": 4,
    "accepts": 2,
    "refunds": 6,
    "captures": 4,
    "settles": 3,
    "waits": 5,
    "waits_answered": 5,
    "sets_the_clock": 1,
    "crash_is_near": 4,
    "restarts": 2,
    "reboots": 1,
    "answers": 22,
    "pay_is_slow": 5,
    "slow_pay_is_answered": 3,
    "acts_at_once": 6,
    "loses_answer": 6,
    "loses_request": 5,
    "delivers_twice": 2,
    "arrives_late": 3,
    "is_not_sent": 2,
    "answers_unclearly": 3,
    "loses_gateway": 1,
    "customer_decides": 2,
    "printer_fails": 3,
    "printer_is_ready": 3,
}
