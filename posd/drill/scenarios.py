"""The twelve golden scenarios, as data: what the first payment meets, and what the shop does.

Rule: after the first attempt every key is good, so that each scenario has an end: paid, given
back, or given up by name.
"""

from __future__ import annotations

from dataclasses import dataclass

UNHURRIED = 0.02  # timing.scale: a verdict after 1.2 s, late after 3.6 s, the horizon 25 s
HURRIED = 0.002  # late after 0.36 s, the horizon 2.5 s


@dataclass(frozen=True, slots=True)
class Mood:
    """How posd is configured: `timing.scale`, and whether a payment is captured at once."""

    scale: float = UNHURRIED
    captures: bool = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """`fault` is what the first key meets at the stand-in (see `posd sandbox --help`).

    `act` is what the shop does with the money: abandon, void or refund. `cancels`: the first sale
    ends before its key. `paper` is what the printer does: out (of paper, then it comes back) or
    dies (in the middle of the first receipt). `baskets`: how many are sold, each before the one
    before it is resolved. `absent`: its end is found only past the horizon.
    """

    name: str
    fault: str = "none"
    act: str = ""
    cancels: bool = False
    paper: str = ""
    baskets: int = 1
    absent: bool = False

    @property
    def mood(self) -> Mood:
        """How posd is configured for it."""
        return Mood(HURRIED if self.absent else UNHURRIED, self.act != "void")


SCENARIOS = (
    Scenario("approved"),
    Scenario("declined", fault="decline:1142"),
    Scenario("answer-lost", fault="close:after"),
    Scenario("request-lost", fault="close:before", absent=True),
    Scenario("authorized-voided", fault="http:503:after", act="void"),
    Scenario("auth-ready", fault="auth-ready:0.4:COMPLETE"),
    Scenario("paper-out", paper="out"),
    Scenario("printer-dies", paper="dies"),
    Scenario("cancelled-and-sold", cancels=True),
    Scenario("two-unresolved", fault="lost-late:2", baskets=2),
    Scenario("no-payinfo-refunded", fault="no-payinfo", act="refund"),
    Scenario("abandoned-paid-late", fault="auth-ready:1.6:COMPLETE", act="abandon"),
)
ITEMS = (
    {"name": "珍珠奶茶", "quantity": 1, "price": "60"},
    {"name": "ชานมไข่มุก", "quantity": 1, "price": "40"},
)
