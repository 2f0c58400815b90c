"""A command that found its worker's queue full: nothing was done, and this is how it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from posd.core.commands import (
    Command,
    PrintReceipt,
    PrintSlip,
    SendCapture,
    SendCheck,
    SendPay,
    SendReversal,
)
from posd.core.events import (
    CheckUnanswered,
    Event,
    PayNotSent,
    PrintNotStarted,
    SlipNotStarted,
)
from posd.core.instant import Instant
from posd.core.reversal_events import CaptureNotSent, ReversalNotSent

WHY = "queue_full"


_SAYS: dict[type, Callable[[Any, Instant], Event]] = {
    SendPay: lambda pay, now: PayNotSent(now, pay.order_id, WHY),
    SendCheck: lambda check, now: CheckUnanswered(now, check.order_id, check.number, WHY),
    SendCapture: lambda capture, now: CaptureNotSent(now, capture.order_id, WHY),
    SendReversal: lambda back, now: ReversalNotSent(now, back.order_id, back.number, WHY),
    PrintReceipt: lambda job, now: PrintNotStarted(now, job.order_id, job.copy, WHY),
    PrintSlip: lambda job, now: SlipNotStarted(now, job.order_id, job.number, WHY),
}


def undelivered(command: Command, now: Instant) -> Event | None:
    """What the worker would have said; None where nobody waits for a word."""
    says = _SAYS.get(type(command))
    return says(command, now) if says else None
