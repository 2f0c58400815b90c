"""Clients and devices that do what a test says, one saying a call."""

from __future__ import annotations

import queue
from collections import deque
from typing import Any

from devices.values import PrinterCondition, PrinterStatus, PrintProof, ReceiptDocument, Scan
from posd.core.money import Money
from posd.inbox import Inbox, Message
from posd.linepay.answers import PaymentDetails, Refund, Reply
from posd.linepay.messages import Answer, OneTimeKeyPayment

PATIENCE_S = 10.0
READY = PrinterStatus(PrinterCondition.READY)


class Said:
    """Gives its sayings in order and raises those that are exceptions."""

    def __init__(self, *sayings: Any) -> None:
        self._sayings = deque(sayings)

    def next(self) -> Any:
        saying = self._sayings.popleft()
        if isinstance(saying, Exception):
            raise saying
        return saying


class FakeGateway:
    """Keeps `posd.workers.gateway.Gateway`; `calls` tells what was asked, in order."""

    def __init__(self, *sayings: Any) -> None:
        self.calls: list[Any] = []
        self._said = Said(*sayings)

    def warm(self) -> None:
        self.calls.append("warm")
        self._said.next()

    def pay(self, payment: OneTimeKeyPayment, *, not_after_ns: int) -> Answer:
        self.calls.append((payment, not_after_ns))
        return self._said.next()

    def check(self, order_id: str) -> Answer:
        self.calls.append(("check", order_id))
        return self._said.next()

    def payments(self, *, order_id: str) -> Reply[tuple[PaymentDetails, ...]]:
        self.calls.append(("details", order_id))
        return self._said.next()

    def authorizations(self, *, order_id: str) -> Reply[tuple[PaymentDetails, ...]]:
        self.calls.append(("authorizations", order_id))
        return self._said.next()

    def capture(self, order_id: str, amount: Money) -> Answer:
        self.calls.append(("capture", order_id, amount))
        return self._said.next()

    def void(self, order_id: str) -> Answer:
        self.calls.append(("void", order_id))
        return self._said.next()

    def refund(self, order_id: str, amount: Money) -> Reply[Refund]:
        self.calls.append(("refund", order_id, amount))
        return self._said.next()

    def close(self) -> None:
        self.calls.append("close")


class FakePrinter:
    """Keeps `devices.interfaces.Printer`."""

    def __init__(self, *sayings: Any) -> None:
        self.calls: list[Any] = []
        self.prepared: list[ReceiptDocument] = []
        self.prepares: Exception | None = None
        self._said = Said(*sayings)

    def prepare(self, document: ReceiptDocument) -> None:
        self.prepared.append(document)
        if self.prepares is not None:
            raise self.prepares

    def status(self, timeout_s: float) -> PrinterStatus:
        self.calls.append("status")
        return self._said.next()

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        self.calls.append(document)
        return self._said.next()


class FakeScanner:
    """Keeps `devices.interfaces.Scanner`; with nothing left to say a read waits to be woken."""

    def __init__(self, *sayings: Any) -> None:
        self.calls: list[str] = []
        self.scans: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for saying in sayings:
            self.scans.put(saying)

    def claim(self) -> None:
        self.calls.append("claim")
        self._next("claim")

    def read(self, timeout_s: float) -> Scan | None:
        return self._next("read")

    def wake(self) -> None:
        self.scans.put(("read", None))

    def release(self) -> None:
        self.calls.append("release")

    def _next(self, verb: str) -> Any:
        wanted, saying = self.scans.get(timeout=PATIENCE_S)
        assert wanted == verb, f"{verb} where {wanted} was expected"
        if isinstance(saying, Exception):
            raise saying
        return saying


def told(inbox: Inbox) -> list[Message]:
    """All that stands in the inbox."""
    messages = []
    while not inbox.empty():
        messages.append(inbox.get())
    return messages


def names(inbox: Inbox) -> list[str]:
    return [type(message).__name__ for message in told(inbox)]
