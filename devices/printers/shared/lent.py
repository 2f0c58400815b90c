"""A printer for several users, one at a time, in the order of asking.

The one rule: whoever waits past its timeout has sent no byte, and is told so.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from devices.errors import Refused, Unavailable
from devices.interfaces import CashDrawer, Printer
from devices.values import (
    DrawerState,
    PrinterCondition,
    PrinterStatus,
    PrintProof,
    ReceiptDocument,
)

LOCAL = "local"  # the jobs of the lane that owns the printer
PREPARE_S = 2.0  # longest wait for a turn to prepare: printing will do it in any case


class Turns:
    """One holder at a time, in the order of asking."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._line: deque[object] = deque()  # the first one holds the turn

    def take(self, until_s: float) -> bool:
        """Wait for the turn until `until_s` (monotonic); False if it did not come."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            left_s = max(0.0, until_s - time.monotonic())
            mine = self._changed.wait_for(lambda: self._line[0] is ticket, left_s)
            if not mine:
                self._line.remove(ticket)
            return mine

    def give_back(self) -> None:
        """End the turn; the next in line has it."""
        with self._changed:
            self._line.popleft()
            self._changed.notify_all()


class Lent:
    """A printer, and the drawer on it, used by any thread; keeps `Printer` and `CashDrawer`."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._turns = Turns()
        self._last_job = ""
        self._last_proof_s: float | None = None
        self._known = PrinterStatus(PrinterCondition.SILENT, "it serves another lane")

    @property
    def last_proof_s(self) -> float | None:
        """How long the proof of the owner's own last receipt took; None without one."""
        return self._last_proof_s

    @contextmanager
    def turn(self, until_s: float) -> Iterator[Printer]:
        """The printer for oneself; raises Unavailable if its turn does not come by `until_s`."""
        if not self._turns.take(until_s):
            raise Unavailable("the printer serves other lanes; nothing was sent, print it again")
        try:
            yield self._printer
        finally:
            self._turns.give_back()

    def prepare(self, document: ReceiptDocument) -> None:
        """Prepare if the printer is free soon; raises Unavailable for what cannot be printed."""
        if not self._turns.take(time.monotonic() + PREPARE_S):
            return
        try:
            self._printer.prepare(document)
        finally:
            self._turns.give_back()

    def status(self, timeout_s: float) -> PrinterStatus:
        """Ask how it is; while it serves another, what it said last. Never raises."""
        until_s = time.monotonic() + timeout_s
        if not self._turns.take(until_s):
            return self._known
        try:
            self._known = self._printer.status(_left_s(until_s))
        finally:
            self._turns.give_back()
        return self._known

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        """Print within `timeout_s`, its turn included; raises Unavailable, Refused, NoAnswer."""
        until_s = time.monotonic() + timeout_s
        with self.turn(until_s) as printer:
            self._last_proof_s = None
            proof = self.print_in_turn(printer, document, job=LOCAL, until_s=until_s)
            self._last_proof_s = proof_s(printer)
            return proof

    def print_in_turn(
        self, printer: Printer, document: ReceiptDocument, *, job: str, until_s: float
    ) -> PrintProof:
        """Print on the printer that `turn` gave; raises as `print` does."""
        self._last_job = job
        try:
            return printer.print(document, _left_s(until_s))
        except Refused as refusal:
            self._known = refusal.status
            raise

    def clear(self, timeout_s: float) -> None:
        """Have the printer forget the last job of its own lane; raises Unavailable, NoAnswer."""
        self.clear_job(LOCAL, timeout_s)

    def clear_job(self, job: str, timeout_s: float) -> None:
        """Have the printer forget `job`, unless another lane has printed since.

        What a printer is told to forget is all that it holds: that must not be another's receipt.
        Raises Unavailable and NoAnswer.
        """
        until_s = time.monotonic() + timeout_s
        with self.turn(until_s) as printer:
            if job != self._last_job or not hasattr(printer, "clear"):
                raise Unavailable("nothing was cleared: other lanes have used this printer since")
            printer.clear(_left_s(until_s))

    def kick(self, timeout_s: float) -> None:
        """Open the drawer; raises Unavailable, also where there is none, and NoAnswer."""
        until_s = time.monotonic() + timeout_s
        with self.turn(until_s) as printer:
            drawer = _drawer_of(printer)
            if drawer is None:
                raise Unavailable("this printer opens no drawer")
            drawer.kick(_left_s(until_s))

    def drawer(self, timeout_s: float) -> DrawerState:
        """Whether the drawer stands open; never raises."""
        until_s = time.monotonic() + timeout_s
        drawer = _drawer_of(self._printer)
        if drawer is None or not self._turns.take(until_s):
            return DrawerState.UNKNOWN
        try:
            return drawer.drawer(_left_s(until_s))
        finally:
            self._turns.give_back()


def proof_s(printer: Printer) -> float | None:
    """How long the proof of its last receipt took, where the driver keeps that."""
    found: float | None = getattr(printer, "last_proof_s", None)
    return found


def _drawer_of(printer: Printer) -> CashDrawer | None:
    return cast(CashDrawer, printer) if hasattr(printer, "kick") else None


def _left_s(until_s: float) -> float:
    return max(0.01, until_s - time.monotonic())
