"""LINE Pay as the model has it: what it took and gave back is the truth that posd is judged by.

Rule: it keeps LINE Pay's own promises and no others. A key is taken once, an order is charged
once, what is given back is bounded by what was taken; an answer may be lost, late or repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import NamedTuple

from posd.core.commands import SendCapture, SendCheck, SendPay, SendReversal
from posd.core.evidence import Evidence, PaidPart, Proof, RefundSeen

# Codes by what they prove of a payment (reference, section 5).
DECLINES = ("1142", "1133", "1283", "1106")
UNCLEAR = ("1145", "1169", "1172", "1199", "9000", "1900")
REFUND_REFUSALS = ("2042", "1105", "1163", "1179", "1900", "9000")
GIVEN_ELSEWHERE = 7
OTHER_AMOUNTS = (1, 1, -1, 30)  # what is taken beside what was asked, where it is another amount


class Temper(NamedTuple):
    """How often this LINE Pay does what it may, of 1."""

    declines: float = 0.12
    mismatches: float = 0.04
    asks_the_customer: float = 0.1
    states_no_amount: float = 0.2  # to whoever asks
    pay_states_no_amount: float = 0.2


TEMPERS = (Temper(), Temper(), Temper(mismatches=0.4), Temper(states_no_amount=0.8))
DECLINING = Temper(declines=1)
TAKING_ANOTHER_AMOUNT = Temper(0, 1, 0, 0, 0)
TELLING_IT_LATE = Temper(0, 1, 0, 1, 0)  # another amount, which only the answer to pay states


@dataclass
class Entry:
    """One order at LINE Pay."""

    order_id: str
    asked: int
    captures: bool = True
    taken: int = 0
    held: int = 0
    status: str = "COMPLETE"
    visible_ns: int = 0
    refunds: list[tuple[str, int, int]] = field(default_factory=list)  # id, amount, intent
    states_amount: bool = True

    @property
    def given_back(self) -> int:
        return sum(amount for _, amount, _ in self.refunds)

    @property
    def kept(self) -> int:
        """What the shop has of the customer's money."""
        return (self.taken if self.status in ("COMPLETE", "CAPTURE") else 0) - self.given_back


class LinePay:
    """The books. Effects happen when a request arrives, answers are made from the books."""

    def __init__(self, rng: Random, temper: Temper) -> None:
        self._rng, self._temper = rng, temper
        self.orders: dict[str, Entry] = {}
        self.keys: set[str] = set()
        self.pays: list[tuple[str, int]] = []  # every payment request that arrived, and when
        self.healed = False

    # ---- what arrives

    def pay(self, command: SendPay, now_ns: int) -> Evidence:
        """Carry out a payment request; the answer is true."""
        self.pays.append((command.order_id, now_ns))
        if command.order_id in self.orders:
            return Evidence(Proof.UNCERTAIN, "1172")
        if command.fingerprint in self.keys:
            return Evidence(Proof.NO_MONEY_MOVED, "1133")
        self.keys.add(command.fingerprint)
        return self._charged(command, now_ns)

    def _charged(self, command: SendPay, now_ns: int) -> Evidence:
        entry = Entry(command.order_id, command.amount.minor, command.capture)
        self.orders[command.order_id] = entry
        if self._happens(self._temper.declines):
            entry.status = "FAIL"
            return Evidence(Proof.NO_MONEY_MOVED, self._rng.choice(DECLINES))
        other = self._happens(self._temper.mismatches)
        entry.taken = entry.asked + (self._rng.choice(OTHER_AMOUNTS) if other else 0)
        entry.states_amount = not self._happens(self._temper.states_no_amount)
        entry.visible_ns = now_ns + self._rng.choice((0, 0, 0, 5, 40)) * 1_000_000_000
        if not command.capture:
            entry.held, entry.taken, entry.status = entry.taken, 0, "AUTHORIZATION"
        elif self._happens(self._temper.asks_the_customer):
            entry.status = "AUTH_READY"
            return Evidence(Proof.UNCERTAIN, "1169")
        states = not self._happens(self._temper.pay_states_no_amount)
        return self._stated(entry, entry.taken or entry.held, always=states)

    def _happens(self, share: float) -> bool:
        return self._rng.random() < share

    # ---- what it does by itself

    @contextmanager
    def inclined(self, temper: Temper) -> Iterator[None]:
        """Within, it is of this temper."""
        usual, self._temper = self._temper, temper
        try:
            yield
        finally:
            self._temper = usual

    def takes_back(self, order_id: str) -> Evidence | None:
        """A payment that had failed, or was cancelled, is paid after all: what it says of it."""
        entry = self.orders.get(order_id)
        if entry is None or entry.status not in ("FAIL", "CANCEL"):
            return None
        entry.taken = entry.taken or entry.asked
        entry.status = "COMPLETE"
        if not entry.captures:
            entry.held, entry.taken, entry.status = entry.taken, 0, "AUTHORIZATION"
        return self._success(entry)

    def captured_elsewhere(self, order_id: str) -> None:
        """All that is held is taken in LINE Pay's own pages."""
        entry = self.orders.get(order_id)
        if entry is not None and entry.status == "AUTHORIZATION":
            entry.status, entry.taken = "CAPTURE", entry.held

    def refunded_elsewhere(self, order_id: str) -> None:
        """A little is given back in LINE Pay's own pages; posd never asks for as much."""
        entry = self.orders.get(order_id)
        if entry is not None and entry.kept >= GIVEN_ELSEWHERE:
            number = -1 - len(entry.refunds)  # an intent that is not posd's
            name = f"elsewhere-{order_id}-{number}"
            entry.refunds.append((name, GIVEN_ELSEWHERE, number))

    def expires(self, order_id: str) -> None:
        """What is held is released, for nobody captured it."""
        entry = self.orders.get(order_id)
        if entry is not None and entry.status == "AUTHORIZATION":
            entry.status = "EXPIRED_AUTHORIZATION"

    def customer_decides(self) -> None:
        """Whoever was asked on the phone confirms or does not."""
        for entry in self.orders.values():
            if entry.status == "AUTH_READY":
                entry.status = self._rng.choice(("COMPLETE", "CANCEL", "FAIL"))

    def capture(self, command: SendCapture) -> Evidence:
        entry = self.orders.get(command.order_id)
        if entry is None:
            return Evidence(Proof.NO_SUCH_TRANSACTION, "1150")
        if entry.status != "AUTHORIZATION":
            return Evidence(Proof.UNCERTAIN, "1179")
        if self._rng.random() < 0.1 and not self.healed:
            entry.status = "VOIDED_AUTHORIZATION"  # the card was refused: cancelled by itself
            return Evidence(Proof.NO_MONEY_MOVED, "1281")
        entry.status, entry.taken = "CAPTURE", command.amount.minor
        return self._success(entry)

    def reverse(self, command: SendReversal) -> Evidence:
        entry = self.orders.get(command.order_id)
        if entry is None:
            return Evidence(Proof.NO_SUCH_TRANSACTION, "1150")
        if not self.healed and self._rng.random() < 0.15:
            return Evidence(Proof.UNCERTAIN, self._rng.choice(REFUND_REFUSALS))
        if command.kind == "void":
            return self._voided(entry)
        return self._refunded(entry, command)

    def _voided(self, entry: Entry) -> Evidence:
        if entry.status != "AUTHORIZATION":
            ended = entry.status in ("VOIDED_AUTHORIZATION", "EXPIRED_AUTHORIZATION")
            return Evidence(Proof.UNCERTAIN, "1165" if ended else "1179")
        entry.status = "VOIDED_AUTHORIZATION"
        return Evidence(Proof.SUCCESS, "0000")

    def _refunded(self, entry: Entry, command: SendReversal) -> Evidence:
        if entry.given_back and entry.given_back == entry.taken:
            return Evidence(Proof.UNCERTAIN, "1165")
        if entry.given_back + command.amount.minor > entry.taken:
            return Evidence(Proof.UNCERTAIN, "1164")
        name = f"refund-{command.order_id}-{len(entry.refunds)}"
        entry.refunds.append((name, command.amount.minor, command.number))
        return Evidence(Proof.SUCCESS, "0000", transaction_id=name)

    # ---- what is asked

    def asked(self, command: SendCheck, now_ns: int) -> Evidence:
        """The true answer to a question, as LINE Pay would give it now."""
        entry = self.orders.get(command.order_id)
        if entry is None or (now_ns < entry.visible_ns and not self.healed):
            return Evidence(Proof.NO_SUCH_TRANSACTION, "1150")
        if command.operation == "check":
            return self._checked(entry)
        if command.operation == "authorizations":
            if entry.status in ("FAIL", "CANCEL"):  # nothing was ever held
                return Evidence(Proof.NO_SUCH_TRANSACTION, "1150")
            return self._stated(entry, entry.held or entry.taken, status=entry.status)
        if entry.status not in ("COMPLETE", "CAPTURE"):
            return Evidence(Proof.NO_SUCH_TRANSACTION, "1150")
        status = "CAPTURE" if entry.status == "CAPTURE" else None
        return self._stated(entry, entry.taken, status=status, always=True)

    def _checked(self, entry: Entry) -> Evidence:
        if entry.status == "COMPLETE":
            return self._stated(entry, entry.taken, status="COMPLETE")
        return Evidence(Proof.SUCCESS, "0000", status=entry.status)

    def _success(self, entry: Entry) -> Evidence:
        return self._stated(entry, entry.taken or entry.held)

    def _stated(
        self, entry: Entry, amount: int, *, status: str | None = None, always: bool = False
    ) -> Evidence:
        stated = entry.states_amount or always
        return Evidence(
            Proof.SUCCESS,
            "0000",
            order_id=entry.order_id,
            transaction_id=f"t-{entry.order_id}",
            status=status,
            parts=(PaidPart("BALANCE", Decimal(amount)),) if stated else (),
            refunds=tuple(RefundSeen(name, Decimal(part)) for name, part, _ in entry.refunds),
        )
