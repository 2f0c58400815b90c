"""What becomes of a print job, as the event that the core hears: of a receipt or of a slip."""

from __future__ import annotations

from devices.values import PrintProof
from posd import clock
from posd.core.commands import PrintReceipt, PrintSlip
from posd.core.events import (
    Event,
    PrintNotStarted,
    PrintSucceeded,
    PrintUnanswered,
    SlipNotStarted,
    SlipPrinted,
    SlipUnanswered,
)

MAX_REASON = 200

PrintJob = PrintReceipt | PrintSlip


def printed(job: PrintJob, proof: PrintProof) -> Event:
    """Every byte was taken."""
    if isinstance(job, PrintSlip):
        return SlipPrinted(clock.now(), job.order_id, job.number, proof)
    return PrintSucceeded(clock.now(), job.order_id, job.copy, proof)


def not_started(job: PrintJob, condition: str) -> Event:
    """No byte was sent."""
    if isinstance(job, PrintSlip):
        return SlipNotStarted(clock.now(), job.order_id, job.number, condition)
    return PrintNotStarted(clock.now(), job.order_id, job.copy, condition)


def unanswered(job: PrintJob, reason: str) -> Event:
    """Bytes were sent, and the outcome is unknown."""
    reason = reason[:MAX_REASON]
    if isinstance(job, PrintSlip):
        return SlipUnanswered(clock.now(), job.order_id, job.number, reason)
    return PrintUnanswered(clock.now(), job.order_id, job.copy, reason)
