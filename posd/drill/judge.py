"""The judgement of one run: LINE Pay's record against the journal.

Rule: charges are counted by the stand-in alone; what posd believes is only compared with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from posd.core.order import MoneyState, Order, Verdict, verdict
from posd.core.records import PrintHeld, PrintStarted, Record
from posd.words import catalogue

TAKEN = frozenset({"captured", "partly refunded", "refunded"})
TAKING = frozenset(
    {
        MoneyState.CONFIRMED,
        MoneyState.REVERSING,
        MoneyState.REVERSAL_UNKNOWN,
        MoneyState.REFUND_OWED,
        MoneyState.REVERSED,
    }
)
SETTLED = frozenset(
    {Verdict.PAID, Verdict.NOT_PAID, Verdict.VOIDED, Verdict.REFUNDED, Verdict.AUTHORIZED}
)

SAYS_PAID = catalogue("en")["receipt.paid_with"]  # what stands on no slip


@dataclass(frozen=True, slots=True)
class Booked:
    """An order as LINE Pay has it: `stage` is where its money is, "" where nothing was executed."""

    order_id: str
    stage: str
    taken_minor: int
    returned_minor: int

    @property
    def kept_minor(self) -> int:
        """What the customer is without now."""
        return self.taken_minor - self.returned_minor if self.stage in TAKEN else 0


@dataclass(frozen=True, slots=True)
class Known:
    """An order as the journal has it."""

    order: Order
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a run.

    `charges` is how often LINE Pay took money in it, `owners` are the till's references by order
    id, as the sales were opened.
    """

    booked: Sequence[Booked]
    known: Sequence[Known]
    charges: int
    owners: Mapping[str, str]
    unfinished: Sequence[str] = ()
    contradictions: Sequence[str] = ()  # orders whose records do not follow from one another


@dataclass
class Judgement:
    """What was found; all four are zero where all is well, and `findings` names each."""

    doubles: int = 0
    losses: int = 0
    second_originals: int = 0
    unsettled: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def add(self, other: Judgement) -> None:
        """Take in another judgement."""
        self.doubles += other.doubles
        self.losses += other.losses
        self.second_originals += other.second_originals
        self.unsettled += other.unsettled
        self.findings += other.findings


def judge(seen: Evidence) -> Judgement:
    """Doubles, losses, second originals by the journal, and what has no verdict."""
    found = Judgement()
    _judge_doubles(seen, found)
    _judge_losses(seen, found)
    _judge_originals(seen, found)
    _judge_verdicts(seen, found)
    return found


def judge_papers(papers: Iterable[str], order_ids: Iterable[str]) -> Judgement:
    """Second originals by what came out of the printer; `papers` are their texts."""
    found = Judgement()
    names = list(order_ids)
    printed = Counter(name for text in papers for name in _originals(text, names))
    for order_id in names:
        if printed[order_id] > 1:
            found.second_originals += printed[order_id] - 1
            found.findings.append(f"second original: {order_id} on {printed[order_id]} papers")
    return found


def _originals(paper: str, order_ids: Sequence[str]) -> Iterable[str]:
    """The orders that one piece of paper calls paid, and not as a copy.

    A slip that broke off with a killed posd stands above the next receipt: the order that is named
    last before the words is the one that is paid.
    """
    for receipt in paper.split(SAYS_PAID)[:-1]:
        last = max(order_ids, key=receipt.rfind, default="")
        if last in receipt and "COPY" not in receipt:
            yield last


def _judge_doubles(seen: Evidence, found: Judgement) -> None:
    again = seen.charges - sum(one.stage in TAKEN for one in seen.booked)
    if again > 0:
        found.doubles += again
        found.findings.append(f"double: an order was charged {again} times more than once")
    kept = Counter(seen.owners.get(one.order_id) for one in seen.booked if one.kept_minor)
    for reference, times in kept.items():
        if times > 1 and reference is not None:
            found.doubles += times - 1
            found.findings.append(f"double: {reference} has {times} charges that were kept")


def _judge_losses(seen: Evidence, found: Judgement) -> None:
    for what in seen.contradictions:
        found.losses += 1
        found.findings.append(f"loss: the journal contradicts itself: {what}")
    known = {one.order.order_id: one.order for one in seen.known}
    booked = {one.order_id: one for one in seen.booked}
    for order_id in known.keys() | booked.keys():
        what = _loss(known.get(order_id), booked.get(order_id))
        if what:
            found.losses += 1
            found.findings.append(f"loss: {order_id} {what}")


def _loss(order: Order | None, booked: Booked | None) -> str:
    taken = booked is not None and booked.stage in TAKEN
    kept_minor = booked.kept_minor if booked is not None else 0
    if order is None:
        return "was charged, and the journal does not know it" if taken else ""
    believed = order.money in TAKING and bool(order.captured_minor)
    if taken and not believed:
        return f"was charged, and the journal says {order.money}"
    if believed and not taken:
        return f"is {order.money} in the journal, and was never charged"
    if taken and kept_minor != order.left_minor:
        return f"keeps {kept_minor} at LINE Pay and {order.left_minor} in the journal"
    return ""


def _judge_originals(seen: Evidence, found: Judgement) -> None:
    for known in seen.known:
        started = sum(isinstance(r, PrintStarted) and r.copy == 0 for r in known.records)
        held = sum(isinstance(r, PrintHeld) and r.copy == 0 for r in known.records)
        if started - held > 1:
            found.second_originals += started - held - 1
            name = known.order.order_id
            found.findings.append(f"second original: {name} was begun {started - held} times")


def _judge_verdicts(seen: Evidence, found: Judgement) -> None:
    open_orders = [
        f"{known.order.order_id} is {verdict(known.order)}"
        for known in seen.known
        if verdict(known.order) not in SETTLED
    ]
    for what in open_orders or [f"{name} did not come to its end" for name in seen.unfinished]:
        found.unsettled += 1
        found.findings.append(f"unsettled: {what}")
