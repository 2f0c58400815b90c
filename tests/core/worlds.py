"""A world that plays any sequence of moves with a lane, as shops, LINE Pay and printers might.

Answers come only to what was asked, and only within the process that asked. A check may be
answered after it was given up.
"""

from __future__ import annotations

from posd.core.commands import (
    Command,
    PrintReceipt,
    SendCapture,
    SendCheck,
    SendPay,
    SendReversal,
)
from posd.core.evidence import Proof
from posd.core.rules import Rules
from tests.core import lanes
from tests.core.lanes import Lane

AMOUNTS = (120, 120, 50)
WAITS_S = (0.1, 1, 2.5, 5, 16, 44, 61, 130, 190, 700, 1300, 90_000)
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
REFUSALS = ("2042", "1105", "1163", "1165", "1164", "1900", "1179", "9000")


class World:
    """`lane` is what is tested; the rest is what it has asked of the world."""

    def __init__(self, rules: Rules = lanes.RULES) -> None:
        self.lane = Lane(rules).start()
        self.reversals: list[SendReversal] = []
        self.captures: list[SendCapture] = []
        self.given_back: dict[str, list[tuple[str, int]]] = {}
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
        self.reversals += [command for command in new if isinstance(command, SendReversal)]
        self.captures += [command for command in new if isinstance(command, SendCapture)]

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

    def abandons(self, first: int, second: int) -> None:
        because = ("paid_otherwise", "goods_kept", "goods_gone")[second % 3]
        actor = lanes.LIN if second % 2 else lanes.ANN
        self._on_an_order(lambda name: self.lane.abandon(because, name, actor), first)

    def accepts(self, first: int, _second: int) -> None:
        self._on_an_order(self.lane.accept, first)

    def refunds(self, first: int, second: int) -> None:
        amount = (None, 20, 50, None)[second % 4]
        self._on_an_order(lambda name: self.lane.refund(amount, name), first)

    def captures_some(self, first: int, second: int) -> None:
        self._on_an_order(lambda name: self.lane.capture((None, 40)[second % 2], name), first)

    def settles(self, first: int, second: int) -> None:
        self._on_an_order(lambda name: self.lane.settle(second % 2 == 0, name), first)

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
        self.reversals, self.captures = [], []

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

    def is_read(self, _first: int, _second: int) -> None:
        """The newest question is answered truly about what was given back."""
        if not self.checks:
            return
        asked = self.checks.pop()
        order = self.lane.order(asked.order_id)
        refunds = self.given_back.get(asked.order_id, [])
        if asked.operation == "authorizations":
            word = "VOIDED_AUTHORIZATION" if refunds else "AUTHORIZATION"
            evidence = lanes.authorization(word, order.amount.minor, order_id=asked.order_id)
        else:
            evidence = lanes.details(order.amount.minor, *refunds, order_id=asked.order_id)
        self.lane.check(evidence, asked.order_id, asked.number)

    def answers_reversal(self, first: int, second: int) -> None:
        if not self.reversals:
            return
        sent = self.reversals.pop(first % len(self.reversals))
        if second < 8:
            evidence = lanes.said(Proof.UNCERTAIN, REFUSALS[second])
        else:
            evidence = lanes.refunded(self._give_back(sent))
        self.lane.reversed(evidence, sent.order_id)

    def loses_reversal(self, first: int, second: int) -> None:
        if self.reversals:
            sent = self.reversals.pop(first % len(self.reversals))
            if second % 2:  # it arrived
                self._give_back(sent)
            self.lane.reversal_lost(sent.order_id)

    def never_sends_reversal(self, first: int, _second: int) -> None:
        if self.reversals:
            sent = self.reversals.pop(first % len(self.reversals))
            self.lane.reversal_not_sent(sent.order_id)

    def _give_back(self, sent: SendReversal) -> str:
        """LINE Pay bounds what it gives back to what it took."""
        given = self.given_back.setdefault(sent.order_id, [])
        order = self.lane.order(sent.order_id)
        taken = order.captured_minor or order.amount.minor
        if sum(amount for _, amount in given) + sent.amount.minor <= taken:
            given.append((f"refund-{sent.order_id}-{len(given)}", sent.amount.minor))
        return given[-1][0] if given else ""

    def answers_capture(self, first: int, second: int) -> None:
        if not self.captures:
            return
        sent = self.captures.pop(first % len(self.captures))
        amount = sent.amount.minor
        answers = (
            lanes.paid(sent.order_id, amount),
            lanes.paid(sent.order_id, amount + 1),
            lanes.said(Proof.NO_MONEY_MOVED, "1281"),
            lanes.UNCLEAR,
        )
        self.lane.captured(answers[second % 4], sent.order_id)

    def loses_capture(self, first: int, second: int) -> None:
        if self.captures:
            sent = self.captures.pop(first % len(self.captures))
            lost = self.lane.capture_lost if second % 2 else self.lane.capture_not_sent
            lost(sent.order_id)

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


MOVES = tuple(name for name in vars(World) if not name.startswith("_") and name != "moves")
