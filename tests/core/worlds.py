"""A world that plays any sequence of moves with a lane, as shops, LINE Pay and printers might.

Answers come only to what was asked, and only within the process that asked. A check may be
answered after it was given up.
"""

from __future__ import annotations

from posd.core.commands import Command, PrintReceipt, SendCheck, SendPay
from posd.core.evidence import Proof
from tests.core import lanes
from tests.core.lanes import Lane

AMOUNTS = (120, 120, 50)
WAITS_S = (0.1, 1, 2.5, 5, 16, 44, 61, 130, 190, 700, 1300, 5000)
CHECKS = (
    lanes.ABSENT,
    lanes.COMPLETE,
    lanes.AUTH_READY,
    lanes.CANCEL,
    lanes.FAIL,
    lanes.UNCLEAR,
    lanes.WRONG_SECRET_AGAIN,
    lanes.complete(None),
    lanes.complete(50),
    lanes.complete(120, "Z"),
    lanes.KNOWN_TO_DETAILS,
    lanes.ABSENT,
)


class World:
    """`lane` is what is tested; the rest is what it has asked of the world."""

    def __init__(self) -> None:
        self.lane = Lane().start()
        self.pays: list[SendPay] = []
        self.checks: list[SendCheck] = []
        self.jobs: list[PrintReceipt] = []
        self._seen = 0

    def moves(self, move: str, first: int, second: int) -> None:
        """One move, then whatever is due."""
        getattr(self, move)(first, second)
        self.lane.wait(0)
        new: list[Command] = self.lane.commands[self._seen :]
        self._seen += len(new)
        self.pays += [command for command in new if isinstance(command, SendPay)]
        self.checks += [command for command in new if isinstance(command, SendCheck)]
        self.jobs += [command for command in new if isinstance(command, PrintReceipt)]

    # ---- people

    def opens(self, first: int, second: int) -> None:
        self.lane.sale(AMOUNTS[first % 3], another_customer=second % 2 == 0)

    def scans(self, first: int, _second: int) -> None:
        self.lane.after(0.5).scan(f"key-{first}")

    def sells(self, first: int, second: int) -> None:
        self.opens(first, 2 * second)
        self.lane.after(1).scan(f"fresh-{self.lane.opened}")

    def cancels(self, first: int, _second: int) -> None:
        self._on_an_order(self.lane.cancel, first)

    def keeps(self, first: int, _second: int) -> None:
        self._on_an_order(self.lane.keep, first)

    def reprints(self, first: int, _second: int) -> None:
        self._on_an_order(self.lane.reprint, first)

    def _on_an_order(self, verb, first: int) -> None:
        known = list(self.lane.state.orders)
        if known:
            verb(known[-1 - first % len(known)])

    # ---- time

    def waits(self, first: int, _second: int) -> None:
        self.lane.wait(WAITS_S[first])

    def waits_answered(self, first: int, second: int) -> None:
        self.lane.wait_answering(WAITS_S[first], CHECKS[second])

    def restarts(self, first: int, _second: int) -> None:
        self._forget()
        self.lane.restart(WAITS_S[first])

    def reboots(self, first: int, _second: int) -> None:
        self._forget()
        self.lane.reboot(WAITS_S[first])

    def _forget(self) -> None:
        self.pays, self.checks, self.jobs = [], [], []

    # ---- LINE Pay

    def answers_pay(self, first: int, second: int) -> None:
        if not self.pays:
            return
        pay = self.pays.pop(first % len(self.pays))
        order_id, amount = pay.order_id, pay.amount.minor
        answers = (
            lanes.paid(order_id, amount),
            lanes.paid(order_id, amount),
            lanes.DECLINED,
            lanes.DECLINED,
            lanes.UNCLEAR,
            lanes.WRONG_SECRET,
            lanes.paid(order_id, None),
            lanes.paid(order_id, amount + 1),
            lanes.paid("Z", amount),
            lanes.paid(None, amount),
            lanes.ABSENT,
            lanes.said(Proof.UNCERTAIN, "1169"),
        )
        self.lane.pay(answers[second], order_id)

    def loses_pay(self, first: int, _second: int) -> None:
        if self.pays:
            self.lane.pay_lost(self.pays.pop(first % len(self.pays)).order_id)

    def never_sends_pay(self, first: int, _second: int) -> None:
        if self.pays:
            self.lane.pay_not_sent(self.pays.pop(first % len(self.pays)).order_id)

    def answers_check(self, first: int, second: int) -> None:
        if self.checks:
            asked = self.checks.pop(-1 - first % len(self.checks))
            self.lane.check(CHECKS[second], asked.order_id, asked.number)

    def gives_up_check(self, _first: int, _second: int) -> None:
        if self.checks:
            asked = self.checks[-1]
            self.lane.no_check(asked.order_id, asked.number)

    def loses_gateway(self, _first: int, _second: int) -> None:
        self.lane.gateway_lost()

    # ---- the printer

    def prints(self, first: int, second: int) -> None:
        if not self.jobs:
            return
        job = self.jobs.pop(first % len(self.jobs))
        outcomes = (
            self.lane.printed,
            self.lane.printed,
            self.lane.not_printed,
            self.lane.print_lost,
        )
        outcomes[second % 4](copy=job.copy, order_id=job.order_id)

    def has_paper(self, _first: int, _second: int) -> None:
        self.lane.printer_ready()


MOVES = tuple(
    name for name in vars(World) if not name.startswith("_") and name not in ("moves", "lane")
)
