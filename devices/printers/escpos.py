"""An ESC/POS receipt printer: one connection a job, asked before and after.

The one rule: a failure tells whether a byte of the job has left. Before that it is Unavailable
or Refused and the job may be tried again; from then on it is NoAnswer, whatever broke, since a
printer prints later what it took without paper.
"""

from __future__ import annotations

import time
from contextlib import closing

from devices.errors import NoAnswer, Refused, Unavailable
from devices.options import BadOption
from devices.printers import status
from devices.printers.encode import Encoder
from devices.printers.options import EscposOptions
from devices.printers.transports import Link, open_link
from devices.values import PrinterCondition, PrinterStatus, PrintProof, ReceiptDocument


class EscposPrinter:
    """Prints on one ESC/POS printer; keeps the promises of `devices.interfaces.Printer`."""

    Options = EscposOptions

    def __init__(self, options: EscposOptions) -> None:
        self._options = options
        self._encoder: Encoder | None = None
        # a printer that never answers is not waited for before each receipt, only by status()
        self._silent = False
        # proofs of earlier jobs that may still come on a line which outlives its jobs
        self._owed_proofs = 0

    def prepare(self, document: ReceiptDocument) -> None:
        """Set the document once, so that printing it finds its dots made; raises Unavailable."""
        self._rendered(document)

    def render(self, document: ReceiptDocument) -> bytes:
        """The bytes that `print` would send for `document`."""
        if self._encoder is None:
            self._encoder = Encoder(self._options)
        return self._encoder.job(document)

    def status(self, timeout_s: float) -> PrinterStatus:
        """Ask the printer how it is, on a connection of its own; never raises."""
        until_s = time.monotonic() + timeout_s
        try:
            with closing(open_link(self._options, until_s)) as link:
                self._drain(link)
                return self._ask(link, until_s)
        except OSError as error:
            return PrinterStatus(PrinterCondition.UNREACHABLE, self._why_unavailable(error))

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        """Print and cut `document` within `timeout_s`; raises Unavailable, Refused, NoAnswer."""
        until_s = time.monotonic() + timeout_s
        job, link = self._begin(document, until_s)
        with closing(link):
            self._make_sure(link, until_s)
            self._deliver(link, job, until_s)
            return self._prove(link, until_s)

    def _begin(self, document: ReceiptDocument, until_s: float) -> tuple[bytes, Link]:
        job = self._rendered(document)
        try:
            return job, open_link(self._options, until_s)
        except OSError as error:
            raise Unavailable(self._why_unavailable(error)) from error

    def _rendered(self, document: ReceiptDocument) -> bytes:
        try:
            return self.render(document)
        except BadOption as error:
            raise Unavailable(f"printer {self._options.place} cannot print: {error}") from error

    def _ask(self, link: Link, until_s: float) -> PrinterStatus:
        answer = status.ask(link, until_s)
        self._silent = answer.condition is PrinterCondition.SILENT
        return answer

    def _make_sure(self, link: Link, until_s: float) -> None:
        """Make sure that the printer takes a job, and that no old answer waits on the line."""
        try:
            self._drain(link)
            if self._silent:
                return
            answer = self._ask(
                link, min(until_s, time.monotonic() + self._options.precheck_timeout_s)
            )
        except OSError as error:
            raise Unavailable(self._why_unavailable(error)) from error
        if not answer.condition.accepts_jobs:
            raise Refused(f"printer {self._options.place}: {answer.detail}", answer)

    def _drain(self, link: Link) -> None:
        """Take what older questions left on a line that outlives its jobs."""
        if self._options.transport != "network":
            self._owed_proofs -= min(self._owed_proofs, status.proofs(link.take_waiting()))

    def _deliver(self, link: Link, job: bytes, until_s: float) -> None:
        before_bytes = link.sent_bytes
        try:
            link.send(job, until_s)
            link.wait_sent(until_s)
        except OSError as error:
            if link.sent_bytes == before_bytes:
                raise Unavailable(self._why_unavailable(error)) from error
            raise NoAnswer(
                f"printer {self._options.place} stopped in the middle of a receipt ({error}): "
                "it may print the rest later; look before you print a copy"
            ) from error

    def _prove(self, link: Link, until_s: float) -> PrintProof:
        if self._silent:
            return PrintProof.PROBABLE
        until_s = min(until_s, time.monotonic() + self._options.proof_timeout_s)
        wanted = 1 + self._owed_proofs
        answers = b""
        try:
            while status.proofs(answers) < wanted and (data := link.receive(until_s)):
                answers += data
        except OSError:
            pass  # it hung up without an answer: every byte was taken, nothing is proved
        proved = status.proofs(answers) >= wanted
        # a network connection ends with its job, and with it every answer to that job
        shared = self._options.transport != "network"
        self._owed_proofs = int(shared and not proved and not answers)
        return PrintProof.PROVED if proved else PrintProof.PROBABLE

    def _why_unavailable(self, error: OSError) -> str:
        reason = error.strerror or str(error)
        return (
            f"printer {self._options.place} cannot be used ({reason}): check that it is on, "
            "its cable or network, and printer in the configuration"
        )
