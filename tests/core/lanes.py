"""A lane under test: tell it what happens, then read the whole conversation back.

Time moves only when a test says so. Each event is checked not to change the state it was decided
on; its records are applied, its commands noted.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from devices.values import PrintProof
from posd.core import events, lane
from posd.core.commands import AccountName, Command, SendCheck
from posd.core.decision import NOTHING, Decision
from posd.core.errors import NotAllowed
from posd.core.events import (
    Event,
)
from posd.core.evidence import Evidence, PaidPart, Proof, RefundSeen
from posd.core.instant import (
    Instant,
)
from posd.core.keys import KEY
from posd.core.lane import LaneState
from posd.core.money import Money
from posd.core.order import Order, Verdict, verdict
from posd.core.people import Actor, Role
from posd.core.records import OrderRecovered, PaySent, Record, SaleOpened, VerdictOverdue
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
    Asking,
    CaptureAnswered,
    CaptureNotSent,
    CaptureRequested,
    CaptureUnanswered,
    ReversalAnswered,
    ReversalNotSent,
    ReversalRequested,
    ReversalUnanswered,
    SettlementRequested,
)
from posd.core.rules import SECOND, Rules

ACCOUNT = AccountName("pay.test", "1234567890", "v4")
RULES = Rules(store_id="s1", lane_id="l1", country="TW", currency="TWD", account=ACCOUNT)
WALL_MS = 1_764_000_000_000
BOOT_NS = 1_000 * SECOND

# ---- what LINE Pay may say ------------------------------------------------------------------


def said(proof: Proof, code: str, **changes: Any) -> Evidence:
    return Evidence(proof, code, **changes)


def paid(order_id: str = "A", amount: int | str | None = 120, **changes: Any) -> Evidence:
    parts = () if amount is None else (PaidPart("BALANCE", Decimal(amount)),)
    known = {"transaction_id": "2026112400000000001", "order_id": order_id, "parts": parts}
    return Evidence(Proof.SUCCESS, "0000", **{**known, **changes})


def status(word: str, **changes: Any) -> Evidence:
    return Evidence(Proof.SUCCESS, "0000", status=word, **changes)


def complete(amount: int | str | None = 120, order_id: str | None = None) -> Evidence:
    parts = () if amount is None else (PaidPart("BALANCE", Decimal(amount)),)
    return status("COMPLETE", parts=parts, order_id=order_id, transaction_id="2026112400000000001")


DECLINED = said(Proof.NO_MONEY_MOVED, "1142")
ABSENT = said(Proof.NO_SUCH_TRANSACTION, "1150")
UNCLEAR = said(Proof.UNCERTAIN, "9000")
WRONG_SECRET = said(Proof.NO_MONEY_MOVED, "1106")
WRONG_SECRET_AGAIN = said(Proof.UNCERTAIN, "1106")  # as a check answers it
AUTH_READY = status("AUTH_READY")
CANCEL = status("CANCEL")
FAIL = status("FAIL")
COMPLETE = complete()
LIN = Actor("lin", Role.SUPERVISOR)
ANN = Actor("ann", Role.CASHIER)


def details(
    amount: int | str | None = 120, *refunds: tuple[str, int], order_id: str = "A", **changes: Any
) -> Evidence:
    """A payment as it is booked, with its refunds."""
    parts = () if amount is None else (PaidPart("BALANCE", Decimal(amount)),)
    seen = tuple(RefundSeen(name, Decimal(part)) for name, part in refunds)
    known = {"order_id": order_id, "transaction_id": "2026112400000000001"}
    return said(Proof.SUCCESS, "0000", **{**known, "parts": parts, "refunds": seen, **changes})


def authorization(word: str = "AUTHORIZATION", amount: int = 120, **changes: Any) -> Evidence:
    return details(amount, status=word, **changes)


def refunded(refund_id: str = "99") -> Evidence:
    return said(Proof.SUCCESS, "0000", transaction_id=refund_id)


KNOWN_TO_DETAILS = said(Proof.SUCCESS, "0000")

# ---- how it is told -------------------------------------------------------------------------

_TOLD = (
    "order_id",
    "number",
    "kind",
    "operation",
    "finding",
    "because",
    "what",
    "reason",
    "copy",
    "proof",
    "condition",
    "late",
    "verified",
    "evidence",
    "code",
)


def _word(name: str, value: Any) -> str:
    if name == "evidence":
        return f"{value.code} {value.status or ''}".strip()
    if name == "late":
        return "late" if value else ""
    if name == "verified":
        return "" if value else "unverified"
    return "" if value is None else str(value)


def line(thing: Any) -> str:
    names = [field.name for field in fields(thing) if field.name in _TOLD]
    words = [_word(name, getattr(thing, name)) for name in names]
    return " ".join(word for word in (type(thing).__name__, *words) if word)


def name_of(number: int) -> str:
    """A to Z, then A1 to Z1 and so on."""
    letter = chr(ord("A") + number % 26)
    return f"{letter}{number // 26}" if number >= 26 else letter


class Lane:
    """Orders are called A, B, C; verbs speak of the last one unless told otherwise."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.state = LaneState(rules)
        self.now_ns = self.origin_ns = BOOT_NS
        self.wall_ms = WALL_MS
        self.boot_id = "boot-1"
        self.told_lines: list[str] = []
        self.records: list[Record] = []
        self.commands: list[Command] = []
        self.decisions: list[tuple[Event, Decision]] = []
        self.refusals: list[str] = []
        self.opened = 0
        self._acts = 0

    # ---- reading it

    @property
    def at(self) -> Instant:
        return Instant(self.wall_ms, self.now_ns)

    @property
    def last(self) -> str:
        return name_of(self.opened - 1)

    def order(self, order_id: str | None = None) -> Order:
        return self.state.orders[order_id or self.last]

    def verdict(self, order_id: str | None = None) -> Verdict:
        return verdict(self.order(order_id))

    def of(self, kind: type) -> list[Any]:
        return [thing for thing in (*self.records, *self.commands) if type(thing) is kind]

    def told(self, expected: str) -> None:
        """The conversation is exactly this; otherwise fail with the whole of it as a diff."""
        wanted = textwrap.dedent(expected).strip().splitlines()
        told = textwrap.dedent("\n".join(self.told_lines)).strip().splitlines()
        if wanted != told:
            whole = len(wanted) + len(told)
            diff = difflib.unified_diff(wanted, told, "expected", "told", lineterm="", n=whole)
            pytest.fail("\n".join(diff), pytrace=False)

    # ---- telling it

    def happens(self, event: Event) -> Lane:
        """Decide, check that nothing was changed by it, apply, note."""
        before = replace(self.state, orders=dict(self.state.orders))
        self._tell(f"{(self.now_ns - self.origin_ns) / SECOND:7.1f}  {line(event)}")
        try:
            decision = lane.step(self.state, event)
        except NotAllowed as refusal:
            self.refusals.append(refusal.code)
            self._tell(f"         x {refusal.code}")
            decision = NOTHING
        assert self.state == before
        self.state = lane.replay(self.state, decision.records)
        for sign, things in (("=", decision.records), ("!", decision.commands)):
            for thing in things:
                self._tell(f"         {sign} {line(thing)}")
        self.records += decision.records
        self.commands += decision.commands
        self.decisions.append((event, decision))
        return self

    def _tell(self, text: str) -> None:
        self.told_lines.append(text.rstrip())

    def after(self, seconds: float) -> Lane:
        """Let time pass without anybody looking at the clock."""
        self.now_ns += round(seconds * SECOND)
        self.wall_ms += round(seconds * 1000)
        return self

    def wait(self, seconds: float) -> Lane:
        """Let time pass as the engine does: TimePassed at each deadline."""
        return self._until(seconds, lambda: None)

    def wait_answering(self, seconds: float, evidence: Evidence | None) -> Lane:
        """The same, each check answered at once; told in one line."""
        lines, asked, before = self.told_lines, len(self.of(SendCheck)), len(self.records)
        self.told_lines = []

        def answer() -> None:
            while (order := self._asked()) is not None:
                self.check(evidence, order) if evidence else self.no_check(order)

        self._until(seconds, answer)
        checks = len(self.of(SendCheck)) - asked
        kinds = dict.fromkeys(type(record).__name__ for record in self.records[before:])
        said_ = f"{evidence.code} {evidence.status or ''}".strip() if evidence else "no answer"
        lines.append(f"         ... {seconds:g} s, {checks} checks, {said_}: {', '.join(kinds)}")
        self.told_lines = lines
        return self

    def _asked(self) -> str | None:
        for order in self.state.orders.values():
            if order.checks.in_flight:
                return order.order_id
        return None

    def _until(self, seconds: float, between: Callable[[], None]) -> Lane:
        target_ns = self.now_ns + round(seconds * SECOND)
        between()
        here: list[int] = []
        while (due_ns := lane.next_deadline_ns(self.state)) is not None and due_ns <= target_ns:
            here = [at_ns for at_ns in here if at_ns == self.now_ns] + [self.now_ns]
            assert len(here) < 20, "something is due again and again at the same instant"
            self.after(max(0, due_ns - self.now_ns) / SECOND)
            self.now_ns = max(self.now_ns, due_ns)
            self.time_passes()
            self._must_have_moved_on()
            between()
        self.after((target_ns - self.now_ns) / SECOND)
        self.now_ns = target_ns
        return self

    def _must_have_moved_on(self) -> None:
        """A deadline that is served and stays due would keep the engine spinning.

        Only the overdue verdict makes a check due at once, once an order.
        """
        due_ns = lane.next_deadline_ns(self.state)
        overdue = any(isinstance(r, VerdictOverdue) for r in self.decisions[-1][1].records)
        assert due_ns is None or due_ns > self.now_ns or overdue

    def time_passes(self) -> Lane:
        return self.happens(events.TimePassed(self.at))

    def sale(self, amount: int = 120, **changes: Any) -> Lane:
        """A till wants an amount; a new order has the next letter, if it is allowed."""
        order_id = name_of(self.opened)
        event = sale_requested(order_id, self.at, amount)
        before = len(self.of(SaleOpened))
        self.happens(replace(event, **changes))
        self.opened += len(self.of(SaleOpened)) - before
        return self

    def scan(self, key: str = "key-1", finding: str = KEY, **changes: Any) -> Lane:
        """A code arrives, its last byte now; `used_by` is looked up as the engine does."""
        used = {sent.fingerprint: sent.order_id for sent in self.of(PaySent)}
        event = events.CodeScanned(
            at=self.at,
            finding=finding,
            fingerprint=key,
            first_byte_ns=self.now_ns - SECOND // 100,
            last_byte_ns=self.now_ns,
            length=18,
            used_by=used.get(key),
        )
        return self.happens(replace(event, **changes))

    def sent(self, amount: int = 120) -> Lane:
        """A sale whose key was scanned after a second."""
        return self.sale(amount).after(1).scan(f"key-{self.opened}")

    def pay(self, evidence: Evidence, order_id: str | None = None) -> Lane:
        return self.happens(events.PayAnswered(self.at, order_id or self.last, evidence))

    def pay_not_sent(self, order_id: str | None = None) -> Lane:
        return self.happens(events.PayNotSent(self.at, order_id or self.last, "refused"))

    def pay_lost(self, order_id: str | None = None) -> Lane:
        return self.happens(events.PayUnanswered(self.at, order_id or self.last, "read_timeout"))

    def check(
        self, evidence: Evidence, order_id: str | None = None, number: int | None = None
    ) -> Lane:
        order_id = order_id or self.last
        number = number or self.order(order_id).checks.number
        return self.happens(events.CheckAnswered(self.at, order_id, number, evidence))

    def no_check(self, order_id: str | None = None, number: int | None = None) -> Lane:
        order_id = order_id or self.last
        number = number or self.order(order_id).checks.number
        return self.happens(events.CheckUnanswered(self.at, order_id, number, "timeout"))

    def printed(
        self, proof: PrintProof = PrintProof.PROVED, copy: int | None = None, order_id: str = ""
    ) -> Lane:
        job = self._job(copy, order_id)
        return self.happens(events.PrintSucceeded(self.at, *job, proof))

    def not_printed(self, copy: int | None = None, order_id: str = "") -> Lane:
        job = self._job(copy, order_id)
        return self.happens(events.PrintNotStarted(self.at, *job, "paper_out"))

    def print_lost(self, copy: int | None = None, order_id: str = "") -> Lane:
        return self.happens(events.PrintUnanswered(self.at, *self._job(copy, order_id), "reset"))

    def _job(self, copy: int | None, order_id: str) -> tuple[str, int]:
        order_id = order_id or self.last
        return order_id, self.order(order_id).copy if copy is None else copy

    def printer_ready(self) -> Lane:
        return self.happens(events.PrinterReady(self.at))

    def cancel(self, order_id: str | None = None) -> Lane:
        return self.happens(events.CancelRequested(self.at, order_id or self.last))

    def keep(self, order_id: str | None = None) -> Lane:
        return self.happens(events.KeepRequested(self.at, order_id or self.last))

    # ---- what moves or gives up money

    def _asking(self, actor: Actor) -> Asking:
        self._acts += 1
        return Asking(actor, "a reason", f"act-{self._acts}", "")

    def abandon(
        self, because: str = "paid_otherwise", order_id: str | None = None, actor: Actor = ANN
    ) -> Lane:
        name, asking = order_id or self.last, self._asking(actor)
        return self.happens(AbandonRequested(self.at, name, because, asking))

    def accept(self, order_id: str | None = None, actor: Actor = LIN) -> Lane:
        return self.happens(AcceptRequested(self.at, order_id or self.last, self._asking(actor)))

    def refund(
        self, amount: int | None = None, order_id: str | None = None, actor: Actor = LIN
    ) -> Lane:
        """Also a void, where nothing was captured."""
        name, asking = order_id or self.last, self._asking(actor)
        return self.happens(ReversalRequested(self.at, name, amount, asking))

    def capture(self, amount: int | None = None, order_id: str | None = None) -> Lane:
        name, asking = order_id or self.last, self._asking(ANN)
        return self.happens(CaptureRequested(self.at, name, amount, asking))

    def settle(self, given_back: bool, order_id: str | None = None, actor: Actor = LIN) -> Lane:
        name, asking = order_id or self.last, self._asking(actor)
        return self.happens(SettlementRequested(self.at, name, given_back, asking))

    def captured(self, evidence: Evidence, order_id: str | None = None) -> Lane:
        return self.happens(CaptureAnswered(self.at, order_id or self.last, evidence))

    def capture_lost(self, order_id: str | None = None) -> Lane:
        return self.happens(CaptureUnanswered(self.at, order_id or self.last, "timeout"))

    def capture_not_sent(self, order_id: str | None = None) -> Lane:
        return self.happens(CaptureNotSent(self.at, order_id or self.last, "refused"))

    def reversed(self, evidence: Evidence, order_id: str | None = None) -> Lane:
        return self.happens(ReversalAnswered(self.at, *self._reversal(order_id), evidence))

    def reversal_lost(self, order_id: str | None = None) -> Lane:
        return self.happens(ReversalUnanswered(self.at, *self._reversal(order_id), "timeout"))

    def reversal_not_sent(self, order_id: str | None = None) -> Lane:
        return self.happens(ReversalNotSent(self.at, *self._reversal(order_id), "refused"))

    def _reversal(self, order_id: str | None) -> tuple[str, int]:
        order = self.order(order_id)
        return order.order_id, order.reversal.number if order.reversal else 1

    def reprint(self, order_id: str | None = None) -> Lane:
        return self.happens(events.ReprintRequested(self.at, order_id or self.last))

    def gateway_lost(self) -> Lane:
        return self.happens(events.GatewayUnreachable(self.at, "dns"))

    def start(self, *sent: OrderRecovered) -> Lane:
        return self.happens(events.ProcessStarted(self.at, self.boot_id, "posd 1", sent))

    def restart(self, seconds: float = 2) -> Lane:
        """The process is killed and is back after so many seconds of the same boot."""
        return self.after(seconds).start()

    def reboot(self, seconds: float = 30) -> Lane:
        """The machine is back after so many seconds, its boot clock begun anew."""
        self.after(seconds)
        self.now_ns = self.origin_ns = 20 * SECOND
        self.boot_id = f"boot-{int(self.boot_id[5:]) + 1}"
        return self.start()


def sale_requested(order_id: str, at: Instant, amount: int = 120) -> events.SaleRequested:
    return events.SaleRequested(
        at=at,
        order_id=order_id,
        sale_id=f"sale-{order_id}",
        receipt_number="R000001",
        reference=f"till-{order_id}",
        idempotency_key=f"key-of-{order_id}",
        body_sha256="00" * 32,
        amount=Money(amount, "TWD"),
    )
