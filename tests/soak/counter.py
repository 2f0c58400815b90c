"""A counter that never closes: the real daemon, the stand-in, a scanner, a printer, all processes.

Rule: what a sale took is read where a shop would see it, from the scan to the first byte on paper.
"""

from __future__ import annotations

import contextlib
import secrets
from collections import Counter as Tally
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.children import Child
from bench.clocks import now_ns
from bench.figures import ms
from posd.journal.verify import verify
from tests.daemon.sandbox import Sandbox
from tests.daemon.shop import Posd, Shop
from tests.daemon.waiting import eventually

from .page import Page

SCALE = 0.01  # a day of waits lasts 14 minutes
LONG_S = 30.0
OPEN = ("WAITING", "WORKING", "NOT_CONFIRMED")
HARMLESS = "12345678"  # no code of these digits asks the stand-in for a fault by chance
GOOD = ""
LOST_ANSWER = "909090004"  # the last digits of a key: paid, and the answer never comes
DECLINED = "909001142"

# One sale in so many is of this kind. A denied payment stays in memory until it was swept a day
# later, so their number there is that of a lane with 1,000 sales a day and 2 % denied.
KINDS = {"declined": 997, "refunded": 211, "lost": 101, "reprinted": 97, "cancelled": 53}


class Counter:
    """`sell` makes one sale from the till's request to its end, alone at the counter."""

    def __init__(self, posd: Posd, printer: Child, sandbox: Sandbox) -> None:
        self.posd = posd
        self.ended: Tally[str] = Tally()
        self.sales = 0
        self._api = posd.api
        self._printer = printer
        self._sandbox = sandbox

    def sell(self) -> float | None:
        """The next sale; milliseconds from scan to paper of a plain one, None for the others."""
        self.sales += 1
        sale = self._opened()
        kind = kind_of(self.sales)
        if kind == "cancelled":
            self._api.cancel(sale["id"], idempotency_key=f"cancel-{sale['id']}")
            self._expect(sale, "NOT_PAID")
            return None
        scanned_ns = self._scan({"lost": LOST_ANSWER, "declined": DECLINED}.get(kind, GOOD))
        ended = self._end_of(sale)
        if kind == "declined" or ended["because"] == "absent":  # a busy machine scanned too late
            return None
        printed_ns = self._paper_after(scanned_ns)
        self._afterwards(kind, ended)
        return ms(scanned_ns, printed_ns) if kind == "plain" else None

    def rest(self) -> None:
        """Until the newest sale is on paper, and nothing is at work for anybody."""
        eventually(lambda: self._api.lane()["recent"][0]["receipt"] != "PRINTING")

    def disagreements(self) -> list[str]:
        """What the stand-in's books and the journal say otherwise than the sales that were made."""
        stats = self._sandbox.stats()
        paid = self.ended["PAID"] + self.ended["PAID_LATE"]
        found = [f"journal: {breach.what}" for breach in verify(self.posd.shop.state)]
        if stats["charges"] != paid:
            found.append(f"{stats['charges']} charges for {paid} paid sales")
        if stats["refunds"] != self.ended["REFUNDED"]:
            found.append(f"{stats['refunds']} refunds, not {self.ended['REFUNDED']}")
        if stats["pay_requests"] > self.sales:
            found.append(f"{stats['pay_requests']} payment requests for {self.sales} sales")
        return found

    def _opened(self) -> dict[str, Any]:
        body = {
            "reference": f"soak-{self.sales}",
            "amount": str(100 + self.sales % 900),
            "currency": "TWD",
            "another_customer": True,
        }
        return self._api.open_sale(body, idempotency_key=f"open-{self.sales}")

    def _scan(self, ending: str) -> int:
        fresh = "".join(secrets.choice(HARMLESS) for _ in range(16 - len(ending)))
        scanned_ns = now_ns()
        self.posd.scan(f"38{fresh}{ending}")
        return scanned_ns

    def _end_of(self, sale: dict[str, Any]) -> dict[str, Any]:
        found = self._api.sale(sale["id"], wait_s=LONG_S)
        while found["verdict"] in OPEN:
            found = self._api.sale(sale["id"], wait_s=LONG_S)
        self.ended[found["verdict"]] += 1
        if found["verdict"] == "PAID_LATE":
            self._api.keep(sale["id"], idempotency_key=f"keep-{sale['id']}")
        return found

    def _paper_after(self, scanned_ns: int) -> int:
        """When the first paper of this sale began; a slip of the one before may still come out."""
        while (begun_ns := int(self._printer.told()["job_ns"])) < scanned_ns:
            pass
        return begun_ns

    def _afterwards(self, kind: str, sale: dict[str, Any]) -> None:
        if kind == "reprinted":
            self.posd.sale_when(sale, receipt="PRINTED")
            self._api.print_receipt(sale["id"], idempotency_key=f"print-{sale['id']}")
            self._printer.told()
        if kind == "refunded":
            now = self.posd.sale_when(sale, receipt="PRINTED")
            body = {"reason": "soak"}
            self._api.act(now, "refunds", body, idempotency_key=f"refund-{sale['id']}")
            self._expect(sale, "REFUNDED")

    def _expect(self, sale: dict[str, Any], verdict: str) -> None:
        found = self.posd.sale_when(sale, verdict=verdict)
        self.ended[found["verdict"]] += 1


def kind_of(number: int) -> str:
    """What becomes of the sale of this number; most are plain."""
    return next((kind for kind, every in KINDS.items() if number % every == 0), "plain")


@contextlib.contextmanager
def counter(folder: Path) -> Iterator[Counter]:
    """A counter whose daemon keeps its state in this folder; all ends with the block."""
    with Sandbox() as sandbox, Child("bench.printer") as printer:
        shop = Shop(folder, sandbox, f"127.0.0.1:{printer.hello['port']}")
        shop.settings["timing"]["scale"] = SCALE
        shop.settings["access"] = {"cashier_refunds": "1000000"}
        del shop.settings["log"]  # as a shop has it
        with contextlib.ExitStack() as ending:
            ending.callback(shop.close)
            posd = shop.start()
            page = Page(posd.api)
            ending.callback(page.join)
            ending.callback(posd.kill)
            yield Counter(posd, printer, sandbox)
