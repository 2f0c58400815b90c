"""Requests under way between posd and LINE Pay, and those that may still arrive.

Rule: a request is carried out when it arrives, once for each arrival; posd is told what the wire
brings and nothing else. A request whose sender died, or gave up, may arrive later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posd.core.commands import SendCapture, SendCheck, SendPay, SendReversal
from posd.core.events import CheckAnswered, CheckUnanswered, PayAnswered, PayNotSent, PayUnanswered
from posd.core.evidence import Evidence
from posd.core.reversal_events import (
    CaptureAnswered,
    CaptureNotSent,
    CaptureUnanswered,
    ReversalAnswered,
    ReversalNotSent,
    ReversalUnanswered,
)
from posd.core.rules import SECOND

if TYPE_CHECKING:
    from tests.model.world import World

Request = SendPay | SendCheck | SendCapture | SendReversal
KEY_LIFE_S = 300  # how long a lost payment may still arrive
TRAVEL_S = 60  # any other request


class Network:
    """`flights` wait for their end; `orphans` are out of sight and may arrive until a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.flights: list[Request] = []
        self.orphans: list[tuple[int, Request]] = []
        self.begun: dict[str, tuple[int, int]] = {}  # when a payment was ordered, by both clocks
        self.slow: dict[str, Evidence] = {}  # carried out, the answer takes its time

    def takes(self, request: Request) -> None:
        """The worker has it."""
        self.flights.append(request)

    def begins(self, pay: SendPay) -> None:
        """A payment was ordered now."""
        machine = self._world.machine
        self.begun[pay.order_id] = (machine.now_ns, machine.true_ns)

    def loses_machine(self) -> None:
        """Whoever waited for these is gone."""
        for flight in self.flights:
            self.strays(flight)
        self.flights = []

    # ---- a request

    def strays(self, flight: Request) -> None:
        """It is somewhere in the network, unless the worker never sent it."""
        if isinstance(flight, SendPay) and self._is_too_late(flight):
            return
        life_s = KEY_LIFE_S if isinstance(flight, SendPay) else TRAVEL_S
        self.orphans.append((self._world.machine.true_ns + life_s * SECOND, flight))

    def arrives_late(self, at: int) -> None:
        """A stray request is carried out, if its life is not over."""
        until_ns, flight = self.orphans.pop(at)
        if self._world.machine.true_ns <= until_ns:
            self._carried_out(flight)

    def arrives(self, flight: Request) -> Evidence | None:
        """What LINE Pay makes of it; None where the worker finds it too late to be sent."""
        if isinstance(flight, SendPay) and self._is_too_late(flight):
            return None
        return self._carried_out(flight)

    def _is_too_late(self, pay: SendPay) -> bool:
        ordered_ns, ordered_true_ns = self.begun[pay.order_id]
        return self._world.machine.true_ns - ordered_true_ns > pay.not_after_ns - ordered_ns

    def _carried_out(self, flight: Request) -> Evidence:
        linepay, now_ns = self._world.linepay, self._world.machine.true_ns
        match flight:
            case SendPay():
                return linepay.pay(flight, now_ns)
            case SendCapture():
                return linepay.capture(flight)
            case SendReversal():
                return linepay.reverse(flight)
            case SendCheck():
                return linepay.asked(flight, now_ns)

    # ---- its end, as posd is told

    def answers_truly(self, flight: Request) -> None:
        """It arrives, or has arrived, and the answer comes back."""
        slow = self.slow.pop(flight.order_id, None) if isinstance(flight, SendPay) else None
        said = slow or self.arrives(flight)
        if said is None:
            self._does(PayNotSent(self._world.machine.at, flight.order_id, "expired"))
        else:
            self.tells(flight, said)

    def tells(self, flight: Request, said: Evidence) -> None:
        """This answer comes back."""
        at, order_id = self._world.machine.at, flight.order_id
        match flight:
            case SendPay():
                self._does(PayAnswered(at, order_id, said))
            case SendCheck():
                self._does(CheckAnswered(at, order_id, flight.number, said))
            case SendCapture():
                self._does(CaptureAnswered(at, order_id, said))
            case SendReversal():
                self._does(ReversalAnswered(at, order_id, flight.number, said))

    def falls_silent(self, flight: Request) -> None:
        """No answer comes back."""
        at, order_id, why = self._world.machine.at, flight.order_id, "timeout"
        match flight:
            case SendPay():
                self._does(PayUnanswered(at, order_id, why))
            case SendCheck():
                self._does(CheckUnanswered(at, order_id, flight.number, why))
            case SendCapture():
                self._does(CaptureUnanswered(at, order_id, why))
            case SendReversal():
                self._does(ReversalUnanswered(at, order_id, flight.number, why))

    def never_leaves(self, flight: Request) -> None:
        """The client's mark proves it; of a payment that has left nobody can."""
        at, order_id, why = self._world.machine.at, flight.order_id, "refused"
        match flight:
            case SendPay() if order_id not in self.slow:
                self._does(PayNotSent(at, order_id, why))
            case SendCapture():
                self._does(CaptureNotSent(at, order_id, why))
            case SendReversal():
                self._does(ReversalNotSent(at, order_id, flight.number, why))
            case _:
                self.falls_silent(flight)

    def _does(self, event: object) -> None:
        self._world.machine.does(event)  # type: ignore[arg-type]
