"""An ESC/POS printer behind a raw queue of CUPS; keeps `devices.interfaces.Printer`.

The one rule: a spooler proves nothing. What it has taken is PROBABLE, also while it lies in the
queue; a receipt goes to it only while the queue runs, so that none comes out a day later.
"""

from __future__ import annotations

import time

from devices.errors import NoAnswer, Refused, Unavailable
from devices.options import BadOption
from devices.printers import spooler
from devices.printers.cups_options import CupsOptions
from devices.printers.encode import Encoder
from devices.printers.spooler import NoVerdict, SpoolerFailed
from devices.values import PrinterCondition, PrinterStatus, PrintProof, ReceiptDocument

LOOK_S = 2.0  # longest look at the queue before a job


class CupsPrinter:
    """Prints through one queue."""

    Options = CupsOptions

    def __init__(self, options: CupsOptions) -> None:
        self._options = options
        self._encoder: Encoder | None = None
        self._last_job = ""

    def prepare(self, document: ReceiptDocument) -> None:
        """Set the document once, so that printing it finds its dots made; raises Unavailable."""
        self._rendered(document)

    def status(self, timeout_s: float) -> PrinterStatus:
        """How the queue is: never READY, since a spooler does not see the paper; never raises."""
        try:
            return spooler.look(self._options.queue, time.monotonic() + timeout_s)
        except (SpoolerFailed, NoVerdict) as failure:
            return PrinterStatus(PrinterCondition.UNREACHABLE, self._why(failure))

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        """Give the receipt to the spooler; PROBABLE at best. Raises Unavailable, Refused, NoAnswer.

        NoAnswer when lp did not end in time: the spooler may have the job or not.
        """
        until_s = time.monotonic() + timeout_s
        job = self._rendered(document)
        self._make_sure(min(until_s, time.monotonic() + LOOK_S))
        try:
            self._last_job = spooler.take(self._options.queue, job, until_s)
        except SpoolerFailed as failure:
            raise Unavailable(self._why(failure)) from failure
        except NoVerdict as failure:
            raise NoAnswer(self._why(failure) + "; the receipt may come out") from failure
        return PrintProof.PROBABLE

    def clear(self, timeout_s: float) -> None:
        """Cancel the last receipt if the spooler still has it; raises Unavailable, NoAnswer."""
        if not self._last_job:
            raise Unavailable(f"queue {self._options.queue} was given no receipt to cancel")
        try:
            spooler.cancel(self._last_job, time.monotonic() + timeout_s)
        except SpoolerFailed as failure:
            raise Unavailable(self._why(failure)) from failure
        except NoVerdict as failure:
            raise NoAnswer(self._why(failure)) from failure

    def _rendered(self, document: ReceiptDocument) -> bytes:
        try:
            if self._encoder is None:
                self._encoder = Encoder(self._options.paper)
            return self._encoder.job(document)
        except BadOption as error:
            raise Unavailable(f"queue {self._options.queue} cannot print: {error}") from error

    def _make_sure(self, until_s: float) -> None:
        try:
            status = spooler.look(self._options.queue, until_s)
        except (SpoolerFailed, NoVerdict) as failure:
            raise Unavailable(self._why(failure)) from failure
        if not status.condition.accepts_jobs:
            raise Refused(f"queue {self._options.queue}: {status.detail}", status)

    def _why(self, failure: Exception) -> str:
        return (
            f"queue {self._options.queue} of CUPS cannot be used ({failure}): check cupsd, "
            "the queue, and printer in the configuration"
        )
