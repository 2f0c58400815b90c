"""What must be durable, and true, when a command leaves the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devices.values import Columns
from posd.core.commands import Command, PrintReceipt, PrintSlip, SendCapture, SendPay, SendReversal
from posd.core.records import (
    MismatchProved,
    PaymentConfirmed,
    PaymentNotPaid,
    PaySent,
    PrintStarted,
    VerdictOverdue,
)
from posd.core.reversal_records import (
    CaptureSent,
    PaymentPartlyRefunded,
    PaymentReversed,
    ReversalSent,
    SaleAccepted,
)
from posd.core.rules import SECOND
from posd.core.slip_records import SlipStarted
from posd.core.slips import SlipKind
from tests.model.knowing import records
from tests.model.lateness import waits_for_a_person
from tests.model.world import World

SENT_WITHIN_NS = 10 * SECOND


def is_written_before_it_is_done(world: World, command: Command) -> None:
    """1, 5, 12: the record of what is about to happen is durable."""
    rows = records(world, getattr(command, "order_id", ""))
    match command:
        case SendPay():
            _pays_once_and_in_time(world, command, rows)
        case SendCapture():
            found = any(isinstance(row, CaptureSent) for row in rows)
            assert found, "invariant 12: a capture without a durable CaptureSent"
        case SendReversal():
            _gives_back_once(world, command, rows)
        case PrintReceipt():
            _prints_what_is_paid(world, command, rows)
        case PrintSlip():
            _slip_is_true(command, rows)


def _pays_once_and_in_time(world: World, pay: SendPay, rows: list[Any]) -> None:
    world.ordered[pay.order_id] += 1
    assert world.ordered[pay.order_id] == 1, "invariant 1: a second payment request for one order"
    sent = [row for row in rows if isinstance(row, PaySent)]
    assert len(sent) == 1, "invariant 1: a payment request without a durable PaySent"
    assert pay.not_after_ns <= sent[0].scan_ns + SENT_WITHIN_NS, (
        "invariant 1: a payment request may leave later than 10 s after its scan"
    )


def _gives_back_once(world: World, command: SendReversal, rows: list[Any]) -> None:
    sent = [row for row in rows if isinstance(row, ReversalSent)]
    assert sent, "invariant 12: a reversal without a durable intent"
    assert sent[-1].number == command.number, "invariant 12: a reversal of another intent"
    tries = [row for row in sent if row.number == command.number]
    assert tries[-1].full or len(tries) == 1, "invariant 12: a partial refund is sent a second time"
    if (tries[-1].actor, tries[-1].reason) == ("posd", "mismatch"):
        others = {row.order_id for row in world.journal.all_of(MismatchProved)}
        assert others <= {command.order_id}, (
            "invariant 14: a second mismatch in a shift is given back without a person"
        )


def _prints_what_is_paid(world: World, job: PrintReceipt, rows: list[Any]) -> None:
    paid = [row for row in rows if isinstance(row, PaymentConfirmed)]
    assert paid, "invariant 5: a receipt without a durable payment"
    sums = [one.right for one in job.document.elements if isinstance(one, Columns)]
    assert f"{paid[-1].captured_minor} TWD" in sums, (
        "invariant 5: a receipt of another amount than was confirmed"
    )
    started = any(isinstance(row, PrintStarted) for row in rows)
    assert started, "invariant 5: a print without a durable PrintStarted"
    assert not waits_for_a_person(world, job.order_id), (
        "invariant 5: a receipt of a late payment that nobody has kept"
    )


def _slip_is_true(job: PrintSlip, rows: list[Any]) -> None:
    started = [row for row in rows if isinstance(row, SlipStarted) and row.number == job.number]
    assert started, "invariant 5: a slip without a durable SlipStarted"
    before = rows[: rows.index(started[0])]
    because = _SLIPS[SlipKind(started[-1].kind)]
    assert any(isinstance(row, because) for row in before), (
        f"invariant 5: a slip tells what is not in the journal: {started[-1].kind}"
    )


_SLIPS: Mapping[SlipKind, tuple[type, ...]] = {
    SlipKind.UNKNOWN: (VerdictOverdue,),
    SlipKind.ACCEPTED: (SaleAccepted,),
    SlipKind.VOIDED: (PaymentReversed,),
    SlipKind.REFUNDED: (PaymentReversed, PaymentPartlyRefunded),
    SlipKind.DECLINED: (PaymentNotPaid,),
}
