"""A lane whose only way to the stand-in leads through the proxy, and how it is judged.

Rule: LINE Pay's own record is the truth. posd is asked, compared with it, and never believed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from posd import clock
from posd.api_client import Refused
from posd.core.people import Role
from posd.core.records import PaySent
from posd.core.rules import Waits
from posd.journal.reader import JournalReader
from posd.journal.verify import verify
from posd.people import pins
from posd.people.store import PeopleStore, Person
from tests.daemon.printer import EpsonPrinter
from tests.daemon.sandbox import Sandbox
from tests.daemon.shop import Posd, Shop
from tests.daemon.waiting import eventually

from .proxy import Proxy

SCALE = 0.008  # NOT CONFIRMED after 0.48 s, late after 1.44 s
TRIES = 20
PIN = "4711"
_numbers = itertools.count(1)

Sale = dict[str, Any]


class Lane:
    """One daemon after another at one shop; `sale`, then `ends`."""

    def __init__(self, shop: Shop, proxy: Proxy, sandbox: Sandbox, printer: EpsonPrinter) -> None:
        self.shop, self.proxy, self.sandbox, self.printer = shop, proxy, sandbox, printer
        self._orders: set[str] = set()
        shop.settings["timing"]["scale"] = SCALE
        shop.settings["receipt"] = {"slips": []}  # what is on paper here is the receipt, or nothing
        # Those of the proxy's faults that take time must not be cut short by a busy machine.
        shop.settings["linepay"] |= {"connect_timeout_s": 60, "read_timeout_s": 60}

    @property
    def posd(self) -> Posd:
        return self.shop.runs[-1]

    def opened(self, amount: int | None = None, *, basket: str | None = None) -> Sale:
        """A sale of its own amount: while one is in doubt, the same amount is refused."""
        number = next(_numbers)
        sale = self.posd.open(str(amount or 100 + number), basket or f"basket-{number}")
        self._orders.add(sale["order_id"])
        return sale

    def sale(self, code: Callable[[], str] | None = None, *, basket: str | None = None) -> Sale:
        """A sale whose request posd has sent; `basket` is the reference of one that failed.

        On a busy machine a scan may be too old before its request is written. posd then sends
        nothing and says so, and the next customer comes.
        """
        for _ in range(TRIES):
            sale = self.opened(basket=basket)
            self.posd.scan(code() if code else self.sandbox.key())
            if eventually(lambda sale=sale: self._left(sale)) == "left":
                return sale
        raise AssertionError(f"{TRIES} scans were too old to be sent")

    def doubted(self) -> Sale:
        """A sale whose request was sent, and that nobody can confirm in time."""
        sale = self.sale()
        doubted = self.posd.verdict(sale)
        assert (doubted["verdict"], doubted["receipt"]) == ("NOT_CONFIRMED", "NOTHING")
        assert self.printer.rest() == []
        return sale

    def act(self, sale: Sale, verb: str, **body: str) -> None:
        """Do this to the money of the sale; whoever is overtaken by its news looks again."""
        key = f"{verb}-{body.get('amount', 'all')}-{sale['id']}"

        def done() -> bool:
            now = self.posd.api.sale(sale["id"])
            try:
                self.posd.api.act(now, verb, body, idempotency_key=key)
            except Refused as refused:
                assert refused.code == "sale_changed"
                return False
            return True

        eventually(done)

    def supervised(self) -> None:
        """Let lin be a supervisor of the daemons that are started from now on."""
        self.shop.state.mkdir(mode=0o700)
        lin = Person("lin", Role.SUPERVISOR, pins.hashed(PIN))
        PeopleStore(self.shop.state / "people.json").put(lin)

    def lin(self, sale: Sale, verb: str, **more: str) -> None:
        """The supervisor asks for it, once."""
        self.act(sale, verb, actor="lin", pin=PIN, reason="test", **more)

    def is_late(self, sale: Sale) -> bool:
        """Whether a success learned now would find the customer gone."""
        with JournalReader(self.shop.state) as reader:
            rows = reader.order(sale["order_id"])
        (scan_ns,) = (record.scan_ns for _, record in rows if isinstance(record, PaySent))
        return clock.now().boot_ns > scan_ns + Waits().scaled(SCALE).late_ns

    def ends_paid(self, sale: Sale) -> Sale:
        """It is paid: charged once, by one request, with one original on paper."""
        found = eventually(lambda: self._said(sale, "PAID", "PAID_LATE"))
        if found["verdict"] == "PAID_LATE":
            assert self.printer.rest() == []
            self.posd.api.keep(sale["id"], idempotency_key=f"keep-{sale['id']}")
        paper = self.printer.paper()
        assert paper.says(sale["order_id"], found["transaction_id"])
        assert not paper.is_copy
        self.posd.sale_when(sale, verdict="PAID", receipt="PRINTED")
        booked = self.judged(sale)
        assert (booked["status"], booked["amount"]) == ("COMPLETE", sale["amount"])
        return found

    def ends_unpaid(self, sale: Sale, because: str) -> Sale:
        """It is not paid: LINE Pay has no such payment, and there is no paper."""
        found = self.posd.sale_when(sale, verdict="NOT_PAID")
        assert found["because"] == because
        assert self.judged(sale).get("status") is None
        return found

    def judged(self, sale: Sale) -> dict[str, Any]:
        """What must be so whatever happened; the stand-in's record of the order."""
        paid_for = [one.order_id for one in self.proxy.sent if one.operation == "pay"]
        assert len(paid_for) == len(set(paid_for)), "a payment was sent twice"
        assert set(paid_for) <= self._orders, "a payment that no till asked for"
        assert all(one.operation != "other" for one in self.proxy.sent), "a redirect was followed"
        assert self.printer.rest() == []
        assert verify(self.shop.state) == []
        return self.sandbox.order(sale["order_id"])

    def _left(self, sale: Sale) -> str:
        if self.proxy.sent_for("pay", sale["order_id"]):
            return "left"
        return "expired" if self._said(sale, "NOT_PAID") else ""

    def _said(self, sale: Sale, *verdicts: str) -> Sale | None:
        found = self.posd.api.sale(sale["id"])
        return found if found["verdict"] in verdicts else None
