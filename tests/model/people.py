"""Moves of people and tills: what they ask of posd, each with a name and a role.

Rule: an order about which a person decided otherwise, by name, is noted in `decided`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from devices.values import Scan
from posd.core.money import Money
from posd.core.people import Actor, Role
from posd.core.records import PaySent, SaleOpened
from posd.core.reversal_events import Asking
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
from posd.inbox import Asked, ScanArrived
from tests.model.story import Aim

if TYPE_CHECKING:
    from tests.model.world import World

TILL = Actor("till", Role.CASHIER)
LIN, BOSS = Actor("lin", Role.SUPERVISOR), Actor("boss", Role.ADMIN)
PEOPLE = (TILL, LIN, BOSS)
AMOUNTS = (120, 120, 50)
DECIDES = ("goods_gone", "accepted", "part", "settled")
AT_ONCE = (
    *("cancels", "keeps", "reprints", "abandons", "accepts", "refunds", "captures", "settles"),
    *("scans", "rescans"),
)


class People:
    """Cashiers, supervisors, a till, and customers with their codes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.decided: set[str] = set()
        self.codes: list[str] = []  # every code that was scanned
        self._code_of: dict[str, str] = {}
        self._acts = self._own = self._basket = 0
        self.replies: list[Future[Reply]] = []

    # ---- the counter

    def opens(self) -> None:
        rng, number = self._world.rng, self._world.rng.randrange(12)
        if self._world.aim is Aim.NEWEST:  # a sale that nothing stands in the way of
            self._clears_the_counter()
            self._own += 1
            self._opens(12 + self._own, f"own-{self._own}", True)
        else:
            self._opens(number, f"key-{rng.randrange(60)}", rng.random() < 0.7)

    def _opens(self, basket: int, key: str, another: bool) -> None:
        self._basket = basket
        reference, amount = f"basket-{basket}", Money(AMOUNTS[basket % 3], "TWD")
        body = f"{reference} {amount.minor}"
        self._asks(OpenSale(reference, amount, key, body, another_customer=another))

    def _clears_the_counter(self) -> None:
        machine = self._world.machine
        if machine.state.selling is not None:
            self._asks(CancelSale(machine.state.selling))
        if machine.state.selling is not None:
            machine.passes(61)

    def sells(self) -> None:
        self.opens()
        self._world.machine.passes(1)
        self.scans()

    def sells_again(self) -> None:
        """The last basket once more, with another code."""
        self._clears_the_counter()
        self._own += 1
        self._opens(self._basket, f"own-{self._own}", True)
        self._world.machine.passes(1)
        self.scans()

    def scans(self) -> None:
        rng, aim = self._world.rng, self._world.aim
        again = self.codes and rng.random() < 0.2 and aim is Aim.ANY
        self._scans(rng.choice(self.codes) if again else f"38{rng.randrange(10**9):016d}")

    def rescans(self) -> None:
        """The code of an order once more."""
        order_id = self._world.picks_order()
        if order_id in self._code_of:
            self._scans(self._code_of[order_id])

    def scans_a_slip(self) -> None:
        """The barcode of a receipt or slip, while nothing is sold or while something is."""
        order_id = self._world.picks_order()
        for record in self._world.journal.all_of(SaleOpened):
            if record.order_id == order_id:
                now_ns = self._world.machine.now_ns
                scan = Scan(record.receipt_number, "", now_ns, now_ns)
                self._world.machine.does(ScanArrived(scan))
                return

    def _scans(self, code: str) -> None:
        self.codes.append(code)
        before, now_ns = len(self._world.journal.records), self._world.machine.now_ns
        self._world.machine.does(ScanArrived(Scan(code, "", now_ns, now_ns)))
        for record in self._world.journal.records[before:]:
            if isinstance(record, PaySent):
                self._code_of[record.order_id] = code

    def cancels(self) -> None:
        self._acts_on(CancelSale)

    def keeps(self) -> None:
        self._acts_on(KeepSale)

    def reprints(self) -> None:
        self._acts_on(PrintAgain)

    # ---- money

    def abandons(self) -> None:
        because = self._world.rng.choice(("paid_otherwise", "goods_kept", "goods_gone"))
        self._acts_on(lambda name: AbandonSale(name, because, self._asking()), decides=because)

    def gives_up(self) -> None:
        """Abandoned so that late success goes back."""
        self._acts_on(lambda name: AbandonSale(name, "paid_otherwise", self._asking()))

    def accepts(self) -> None:
        self._acts_on(lambda name: AcceptSale(name, self._asking()), decides="accepted")

    def refunds(self) -> None:
        self._reverses((None, None, 20, 50))

    def refunds_all(self) -> None:
        self._reverses((None,))

    def refunds_a_part(self) -> None:
        self._reverses((20,))

    def cashier_refunds_a_part(self) -> None:
        """At the till, without anybody else."""
        self._acts += 1
        asking = Asking(TILL, "a reason", f"act-{self._acts}", "body")
        amount = Money(20, "TWD")
        self._acts_on(lambda name: ReverseSale(name, amount, asking), decides="part")

    def _reverses(self, amounts: tuple[int | None, ...]) -> None:
        minor = self._world.rng.choice(amounts)
        amount, decides = (Money(minor, "TWD"), "part") if minor else (None, "")
        self._acts_on(lambda name: ReverseSale(name, amount, self._asking()), decides=decides)

    def captures(self) -> None:
        self._captures((None, None, 40))

    def captures_all(self) -> None:
        self._captures((None,))

    def _captures(self, amounts: tuple[int | None, ...]) -> None:
        minor = self._world.rng.choice(amounts)
        amount, decides = (Money(minor, "TWD"), "part") if minor else (None, "")
        self._acts_on(lambda name: CaptureSale(name, amount, self._asking()), decides=decides)

    def settles(self) -> None:
        back = self._world.rng.random() < 0.5
        self._acts_on(lambda name: SettleRefund(name, back, self._asking()), decides="settled")

    def settles_as_kept(self) -> None:
        """It was not given back, and shall not be."""
        self._acts_on(lambda name: SettleRefund(name, False, self._asking()), decides="settled")

    def acts_at_once(self) -> None:
        """They press one key after another while something is under way."""
        for act in self._world.rng.sample(AT_ONCE, 4):
            getattr(self, act)()

    def _asking(self) -> Asking:
        rng = self._world.rng
        if self._world.aim is Aim.NEWEST:  # somebody who may, for the first time
            self._acts += 1
            return Asking(rng.choice((LIN, BOSS)), "a reason", f"act-{self._acts}", "body")
        self._acts += rng.random() < 0.8  # else the same key again
        return Asking(rng.choice(PEOPLE), "a reason", f"act-{self._acts}", "body")

    def _acts_on(self, ask: Callable[[str], Ask], decides: str = "") -> None:
        order_id, journal = self._world.picks_order(), self._world.journal
        if not order_id:
            return
        wanted, before = ask(order_id), len(journal.records)
        self._asks(wanted)
        key = wanted.asking.idempotency_key if isinstance(wanted, MoneyAsk) else ""
        new = journal.records[before:]
        done = any(key and getattr(record, "idempotency_key", "") == key for record in new)
        if done and decides in DECIDES:
            self.decided.add(order_id)

    def _asks(self, ask: Ask) -> None:
        reply: Future[Reply] = Future()
        self.replies.append(reply)
        self._world.machine.does(Asked(ask, reply))
