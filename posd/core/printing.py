"""The paper machine of one order. An empty roll never moves money.

Rules:

1. There is at most one original (copy 0): once a byte of it may have been sent, every further
   print is a copy with its number.
2. A job of which no byte was sent is held and goes again, unchanged, when the printer is ready;
   after ten minutes only if somebody asks for it, for whom it was meant is gone.
3. A print that began before a restart is unknown: it is never repeated by the machine.

`DECISIONS` says which rule answers which event, `NEXT` where a record leads; PrintFinished leads
to one of two states, by its proof. Only a CONFIRMED order begins a print; what has begun ends
whatever becomes of the money.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from devices.values import PrintProof
from posd.core.commands import PrintReceipt
from posd.core.decision import NOTHING, Decision, join
from posd.core.errors import Contradiction, NotAllowed
from posd.core.events import (
    PaperEvent,
    PrinterReady,
    PrintNotStarted,
    PrintSucceeded,
    PrintUnanswered,
    ProcessStarted,
    ReprintRequested,
)
from posd.core.order import STALE, Attention, MoneyState, Order, PaperState, Verdict, verdict
from posd.core.receipt import merchant_copy, receipt
from posd.core.records import PrintFinished, PrintHeld, PrintStarted, PrintUnknown
from posd.core.rules import PAPER_LIFE_NS, Rules

MERCHANT_COPY = 1  # its number, where the shop prints one of its own

PaperRecord = PrintStarted | PrintFinished | PrintHeld | PrintUnknown

NO_PAPER, PRINTING, HELD = PaperState.NOTHING, PaperState.PRINTING, PaperState.HELD
PRINTED, PROBABLE, UNKNOWN = PaperState.PRINTED, PaperState.PROBABLE, PaperState.UNKNOWN

_OVER: dict[type, str] = {
    ReprintRequested: "print_copy",
    PrinterReady: "ignore",
    ProcessStarted: "ignore",
}
DECISIONS: dict[PaperState, dict[type, str]] = {
    NO_PAPER: {
        ReprintRequested: "print_original",
        PrinterReady: "ignore",
        ProcessStarted: "ignore",
    },
    PRINTING: {
        PrintSucceeded: "finish",
        PrintNotStarted: "hold",
        PrintUnanswered: "lose_sight",
        PrinterReady: "ignore",
        ProcessStarted: "lose_sight_at_restart",
    },
    HELD: {
        ReprintRequested: "print_held_now",
        PrinterReady: "print_held",
        ProcessStarted: "ignore",
    },
    PRINTED: _OVER,
    PROBABLE: _OVER,
    UNKNOWN: _OVER,
}
REFUSED: dict[PaperState, dict[type, str]] = {
    PRINTING: {ReprintRequested: "printing_now"},
}
_AGAIN: dict[type, tuple[PaperState, ...]] = {PrintStarted: (PRINTING,)}
NEXT: dict[PaperState, dict[type, tuple[PaperState, ...]]] = {
    NO_PAPER: _AGAIN,
    PRINTING: {
        PrintFinished: (PRINTED, PROBABLE),
        PrintHeld: (HELD,),
        PrintUnknown: (UNKNOWN,),
    },
    HELD: {**_AGAIN, PrintHeld: (HELD,)},
    PRINTED: _AGAIN,
    PROBABLE: _AGAIN,
    UNKNOWN: _AGAIN,
}


def decide(order: Order, event: PaperEvent, rules: Rules) -> Decision:
    """What follows from the event; raises NotAllowed or Contradiction and changes nothing."""
    refusal = REFUSED.get(order.paper, {}).get(type(event))
    if refusal:
        raise NotAllowed(refusal, order_id=order.order_id)
    name = DECISIONS[order.paper].get(type(event))
    if name is None:
        what = f"{type(event).__name__} arrived while the paper is {order.paper}"
        raise Contradiction(order.order_id, what)
    return _RULES[name](order, event, rules)


def moved(order: Order, record: PaperRecord) -> Order:
    """The order after the record; raises Contradiction where no row leads on."""
    kind = type(record)
    begins_unpaid = kind is PrintStarted and order.money is not MoneyState.CONFIRMED
    if begins_unpaid or kind not in NEXT[order.paper]:
        what = f"{kind.__name__} while the order is {order.money}, its paper {order.paper}"
        raise Contradiction(order.order_id, what)
    return EFFECTS[kind](order, record)


def start(
    order: Order, rules: Rules, *, copy: int, asked: ReprintRequested | None = None
) -> Decision:
    """The record and the job of one print; `asked` is None where nobody asked for it."""
    key = (asked.idempotency_key, asked.body_sha256) if asked else ()
    of_the_shop = copy == MERCHANT_COPY and rules.receipt.merchant_copy
    document = merchant_copy if of_the_shop else receipt
    command = PrintReceipt(order.order_id, copy, document(order, rules, copy=copy))
    return Decision((PrintStarted(order.order_id, copy, *key),), (command,), order.order_id)


def print_original(order: Order, event: ReprintRequested, rules: Rules) -> Decision:
    """Nothing was printed before, so this is the original."""
    _must_be_paid(order)
    return start(order, rules, copy=0, asked=event)


def print_copy(order: Order, event: ReprintRequested, rules: Rules) -> Decision:
    """A byte of the original may have been sent: this is COPY n."""
    _must_be_paid(order)
    return start(order, rules, copy=order.copy + 1, asked=event)


def print_held(order: Order, event: PrinterReady, rules: Rules) -> Decision:
    """The same job, of which no byte was sent; a late payment waits for its answer first."""
    if verdict(order) is not Verdict.PAID or order.paper_because == STALE:
        return NOTHING
    if event.at.boot_ns - (order.scan_ns or 0) > PAPER_LIFE_NS:
        return Decision((PrintHeld(order.order_id, order.copy, STALE),), (), order.order_id)
    return start(order, rules, copy=order.copy)


def print_held_now(order: Order, event: ReprintRequested, rules: Rules) -> Decision:
    """The same job, because somebody asks; its number does not change."""
    _must_be_paid(order)
    return start(order, rules, copy=order.copy, asked=event)


def finish(order: Order, event: PrintSucceeded, rules: Rules) -> Decision:
    """Every byte was taken; behind the original comes the shop's own copy, where it wants one."""
    _must_be_printing(order, event)
    record = PrintFinished(order.order_id, event.copy, event.proof)
    done = Decision((record,), (), order.order_id)
    if event.copy or not rules.receipt.merchant_copy or order.money is not MoneyState.CONFIRMED:
        return done
    return join([done, start(order, rules, copy=MERCHANT_COPY)])


def hold(order: Order, event: PrintNotStarted, _rules: Rules) -> Decision:
    """No byte was sent, so nothing is lost."""
    _must_be_printing(order, event)
    return Decision((PrintHeld(order.order_id, event.copy, event.condition),), (), order.order_id)


def lose_sight(order: Order, event: PrintUnanswered, _rules: Rules) -> Decision:
    """The paper may still come out."""
    _must_be_printing(order, event)
    record = PrintUnknown(order.order_id, event.copy, event.reason)
    return Decision((record,), (), order.order_id)


def lose_sight_at_restart(order: Order, _event: ProcessStarted, _rules: Rules) -> Decision:
    """Whether a byte had been sent died with the process."""
    return Decision((PrintUnknown(order.order_id, order.copy, "restart"),), (), order.order_id)


def ignore(_order: Order, _event: PaperEvent, _rules: Rules) -> Decision:
    """Nothing follows."""
    return NOTHING


def _must_be_printing(
    order: Order, event: PrintSucceeded | PrintNotStarted | PrintUnanswered
) -> None:
    if event.copy != order.copy:  # of an earlier job, whose end is already written
        what = f"{type(event).__name__} of copy {event.copy} while copy {order.copy} is printing"
        raise Contradiction(order.order_id, what)


def _must_be_paid(order: Order) -> None:
    if verdict(order) is not Verdict.PAID:
        raise NotAllowed("not_paid", order_id=order.order_id)


_RULES: dict[str, Callable[[Order, Any, Rules], Decision]] = {
    rule.__name__: rule
    for rule in (
        print_original,
        print_copy,
        print_held,
        print_held_now,
        finish,
        hold,
        lose_sight,
        lose_sight_at_restart,
        ignore,
    )
}


# ---- what each record changes ---------------------------------------------------------------


def _started(order: Order, record: PrintStarted) -> Order:
    return replace(order, paper=PRINTING, copy=record.copy, paper_because="")


def _finished(order: Order, record: PrintFinished) -> Order:
    paper = PRINTED if record.proof == PrintProof.PROVED else PROBABLE
    return replace(order, paper=paper, attention=order.attention - {Attention.PRINT_UNKNOWN})


def _held(order: Order, record: PrintHeld) -> Order:
    return replace(order, paper=HELD, paper_because=record.condition)


def _unknown(order: Order, record: PrintUnknown) -> Order:
    reasons = order.attention | {Attention.PRINT_UNKNOWN}
    return replace(order, paper=UNKNOWN, paper_because=record.because, attention=reasons)


EFFECTS: dict[type, Callable[[Order, Any], Order]] = {
    PrintStarted: _started,
    PrintFinished: _finished,
    PrintHeld: _held,
    PrintUnknown: _unknown,
}
