"""Moves of LINE Pay and of the wire: what becomes of a request, and what LINE Pay does by itself.

Rule: a move that finds no request to end does nothing; so a story can be told with moves left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from posd.core import reading
from posd.core.commands import SendCapture, SendCheck, SendPay, SendReversal
from posd.core.events import GatewayUnreachable
from posd.core.evidence import Evidence, Proof
from posd.core.order import MoneyState, Order
from tests.model.linepay import (
    DECLINING,
    REFUND_REFUSALS,
    TAKING_ANOTHER_AMOUNT,
    TELLING_IT_LATE,
    UNCLEAR,
)
from tests.model.network import Request

if TYPE_CHECKING:
    from tests.model.world import World


class Answers:
    """`pay`, `check`, `capture`, `reversal` and `any` hold the moves of such a request."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.pay, self.check = Ends(world, SendPay), Ends(world, SendCheck)
        self.capture, self.reversal = Ends(world, SendCapture), Ends(world, SendReversal)
        self.any = Ends(world, *get_args(Request))

    def pay_stays_out(self) -> None:
        """The payment is carried out; its answer takes its time."""
        network = self._world.network
        for flight in network.flights:
            if isinstance(flight, SendPay) and flight.order_id not in network.slow:
                said = network.arrives(flight)
                if said is not None:
                    network.slow[flight.order_id] = said

    def declined_pay_stays_out(self) -> None:
        with self._world.linepay.inclined(DECLINING):
            self.pay_stays_out()

    def pay_of_another_amount_stays_out(self) -> None:
        with self._world.linepay.inclined(TAKING_ANOTHER_AMOUNT):
            self.pay_stays_out()

    def pay_that_tells_it_late_stays_out(self) -> None:
        with self._world.linepay.inclined(TELLING_IT_LATE):
            self.pay_stays_out()

    def checks_overtake_pay(self) -> None:
        """The same, and questions about it are answered meanwhile."""
        self.pay_stays_out()
        self._world.machine.passes(16)
        self._world.hours.waits_answered()

    def late_pay_is_answered(self) -> None:
        """Whatever became of the order meanwhile."""
        flight = self._late_pay()
        if flight is not None:
            self._world.network.answers_truly(flight)

    def late_pay_is_lost(self) -> None:
        flight = self._late_pay()
        if flight is not None:
            self._world.network.falls_silent(flight)

    def _late_pay(self) -> SendPay | None:
        flights = [one for one in self._world.network.flights if isinstance(one, SendPay)]
        late = [one for one in flights if one.order_id in self._world.network.slow]
        if not late:
            return None
        self._world.network.flights.remove(late[-1])
        return late[-1]

    def stray_arrives(self) -> None:
        orphans = self._world.network.orphans
        if orphans:
            self._world.network.arrives_late(self._world.rng.randrange(len(orphans)))

    def gateway_is_lost(self) -> None:
        self._world.machine.does(GatewayUnreachable(self._world.machine.at, "dns"))

    # ---- LINE Pay by itself

    def customer_decides(self) -> None:
        self._world.linepay.customer_decides()

    def denial_is_taken_back(self) -> None:
        """What LINE Pay had denied is paid after all, while posd will still ask: by the sweep."""
        orders = self._world.machine.orders().values()
        swept = [order.order_id for order in orders if self._is_swept(order)]
        if swept:
            newest = self._world.picks_order()
            wanted = newest if newest in swept else self._world.rng.choice(swept)
            said = self._world.linepay.takes_back(wanted)
            if said is not None and wanted in self._world.network.slow:
                self._world.network.slow[wanted] = said  # the answer that is still out tells it

    def _is_swept(self, order: Order) -> bool:
        denied = order.money is MoneyState.NOT_PAID
        return denied and reading.is_swept(order, self._world.rules.waits)

    def somebody_captures(self) -> None:
        """In LINE Pay's own pages."""
        self._world.linepay.captured_elsewhere(self._world.picks_order())

    def somebody_refunds(self) -> None:
        """In LINE Pay's own pages."""
        self._world.linepay.refunded_elsewhere(self._world.picks_order())

    def authorization_ends(self) -> None:
        self._world.linepay.expires(self._world.picks_order())


class Ends:
    """How a request of these kinds ends."""

    def __init__(self, world: World, *kinds: type) -> None:
        self._world, self._kinds = world, kinds

    def _flight(self) -> Request | None:
        return self._world.takes_flight(self._kinds)

    def is_answered(self) -> None:
        flight = self._flight()
        if flight is not None:
            self._world.network.answers_truly(flight)

    def answer_is_lost(self) -> None:
        """The request arrives, its answer does not."""
        flight = self._flight()
        if flight is not None:
            self._world.network.arrives(flight)
            self._world.network.falls_silent(flight)

    def request_is_lost(self) -> None:
        """It never arrives, or much later."""
        flight = self._flight()
        if flight is not None:
            if self._world.rng.random() < 0.5:
                self._world.network.strays(flight)
            self._world.network.falls_silent(flight)

    def is_delivered_twice(self) -> None:
        """A proxy sends it twice; the second answer is told.

        Not a refund: LINE Pay takes each for a new one, which nobody but the proxy could prevent.
        """
        flight = self._flight()
        if flight is not None:
            if not isinstance(flight, SendReversal):
                self._world.network.arrives(flight)
            self._world.network.answers_truly(flight)

    def is_not_sent(self) -> None:
        flight = self._flight()
        if flight is not None:
            self._world.network.never_leaves(flight)

    def is_answered_unclearly(self) -> None:
        flight = self._flight()
        if flight is not None:
            if self._world.rng.random() < 0.5:
                self._world.network.arrives(flight)
            code = self._world.rng.choice(UNCLEAR)
            self._world.network.tells(flight, Evidence(Proof.UNCERTAIN, code))

    def is_declined(self) -> None:
        with self._world.linepay.inclined(DECLINING):
            self.is_answered()

    def takes_another_amount(self) -> None:
        with self._world.linepay.inclined(TAKING_ANOTHER_AMOUNT):
            self.is_answered()

    def is_refused(self) -> None:
        """LINE Pay does not carry it out, for now or at all."""
        flight = self._flight()
        if flight is not None:
            code = self._world.rng.choice(REFUND_REFUSALS)
            self._world.network.tells(flight, Evidence(Proof.UNCERTAIN, code))
