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
from devices.printers.drawer import drawer_state, pulse_at_once, pulse_in_line
from devices.printers.encode import Encoder
from devices.printers.options import EscposOptions
from devices.printers.proof import Listener
from devices.printers.transports import Link, open_link
from devices.values import DrawerState, PrinterCondition, PrinterStatus, PrintProof, ReceiptDocument

_CLEAR = b"\x10\x05\x02"  # DLE ENQ 2: executed on reception
_GONE = (PrinterCondition.UNREACHABLE, PrinterCondition.SILENT)
_QUIET_S = 0.1  # longer than a USB adapter keeps a byte back
_REST_OF_HEADER = bytes(16)  # more than any command of a job has before its dots


class EscposPrinter:
    """Prints on one ESC/POS printer and kicks its drawer.

    Keeps the promises of `devices.interfaces.Printer` and `CashDrawer`.
    """

    Options = EscposOptions

    def __init__(self, options: EscposOptions) -> None:
        self._options = options
        self._encoder: Encoder | None = None
        # a printer that never answers is not waited for before each receipt, only by status()
        self._silent = False
        self._has_answered = False
        # proofs of earlier jobs that may still come on a line which outlives its jobs
        self._owed_proofs = 0
        self._torn = False  # the last job broke off, perhaps in the middle of a command
        self._last_proof_s: float | None = None

    @property
    def last_proof_s(self) -> float | None:
        """How long the last receipt's proof took from its last byte on; None without a proof."""
        return self._last_proof_s

    def prepare(self, document: ReceiptDocument) -> None:
        """Set the document once, so that printing it finds its dots made; raises Unavailable."""
        self._rendered(document)

    def render(self, document: ReceiptDocument) -> bytes:
        """The bytes that `print` would send for `document`."""
        return self._writer().job(document)

    def status(self, timeout_s: float) -> PrinterStatus:
        """Ask the printer how it is, on a connection of its own; never raises."""
        until_s = time.monotonic() + timeout_s
        try:
            with closing(self._open(until_s)) as link:
                return self._ask(link, until_s)
        except OSError as error:
            return PrinterStatus(PrinterCondition.UNREACHABLE, self._why_unavailable(error))

    def print(self, document: ReceiptDocument, timeout_s: float) -> PrintProof:
        """Print and cut `document` within `timeout_s`; raises Unavailable, Refused, NoAnswer.

        NoAnswer also where every byte was taken and the printer, asked again, is not well.
        """
        until_s = time.monotonic() + timeout_s
        self._last_proof_s = None
        job = self._rendered(document)
        with closing(self._reach(until_s)) as link:
            self._make_sure(link, until_s)
            self._deliver(link, job, until_s)
            return self._prove(link, until_s)

    def kick(self, timeout_s: float) -> None:
        """Open the drawer, also when there is no paper; raises Unavailable and NoAnswer."""
        pin, until_s = self._options.drawer_pin, time.monotonic() + timeout_s
        if not pin:
            raise Unavailable(f"printer {self._options.place} has no drawer: set drawer_pin")
        with closing(self._reach(until_s)) as link:
            if self._precheck(link, until_s).condition.accepts_jobs:
                self._end_torn_job(link, until_s)
                self._hand_over(link, pulse_in_line(pin), until_s)
                self._torn = False
            else:
                self._hand_over(link, pulse_at_once(pin), until_s)

    def drawer(self, timeout_s: float) -> DrawerState:
        """Whether the drawer stands open, by its switch; never raises."""
        until_s = time.monotonic() + timeout_s
        if not self._options.drawer_pin or self._options.drawer_open_is == "unknown":
            return DrawerState.UNKNOWN
        try:
            with closing(self._open(until_s)) as link:
                answer = status.ask_one(link, status.PRINTER, until_s)
        except OSError:
            return DrawerState.UNKNOWN
        return drawer_state(answer, self._options.drawer_open_is)

    def clear(self, timeout_s: float) -> None:
        """Have the printer forget a job that it holds; raises Unavailable and NoAnswer.

        For a payment that was given back while its receipt waited for paper. Nothing proves that
        it was forgotten (many printers obey DLE ENQ 2 only after some of their faults), so what
        was said on paper is still to be revoked on paper.
        """
        until_s = time.monotonic() + timeout_s
        with closing(self._reach(until_s)) as link:
            self._hand_over(link, _CLEAR, until_s)

    def _writer(self) -> Encoder:
        if self._encoder is None:
            self._encoder = Encoder(self._options)
        return self._encoder

    def _rendered(self, document: ReceiptDocument) -> bytes:
        try:
            return self.render(document)
        except BadOption as error:
            raise Unavailable(f"printer {self._options.place} cannot print: {error}") from error

    def _open(self, until_s: float) -> Link:
        """Connect, and take what older questions left on a line that outlives its jobs."""
        link = open_link(self._options, until_s)
        try:
            if self._torn:  # a question inside the torn command would be its parameters
                link.send(_REST_OF_HEADER, until_s)
            if self._options.transport != "network":
                late = status.proofs(link.take_waiting())
                self._owed_proofs -= min(self._owed_proofs, late)
        except OSError:
            link.close()
            raise
        return link

    def _reach(self, until_s: float) -> Link:
        try:
            return self._open(until_s)
        except OSError as error:
            raise Unavailable(self._why_unavailable(error)) from error

    def _ask(self, link: Link, until_s: float) -> PrinterStatus:
        answer = status.ask(link, until_s)
        self._silent = answer.condition is PrinterCondition.SILENT
        self._has_answered = self._has_answered or not self._silent
        return answer

    def _precheck(self, link: Link, until_s: float) -> PrinterStatus:
        if self._silent:
            return status.MUTE
        try:
            return self._ask(link, self._soon(until_s))
        except OSError as error:
            raise Unavailable(self._why_unavailable(error)) from error

    def _make_sure(self, link: Link, until_s: float) -> None:
        answer = self._precheck(link, until_s)
        if not answer.condition.accepts_jobs:
            raise Refused(f"printer {self._options.place}: {answer.detail}", answer)
        self._end_torn_job(link, until_s)
        if self._owed_proofs and not self._silent:
            self._settle(link, until_s)

    def _end_torn_job(self, link: Link, until_s: float) -> None:
        if not self._torn:
            return
        try:
            link.send(self._writer().end_of_torn_job(), until_s)
        except OSError as error:
            raise Unavailable(self._why_unavailable(error)) from error

    def _settle(self, link: Link, until_s: float) -> None:
        """Find out whether the proofs that are owed still come, or went while nobody listened.

        Answers keep the order of their questions: when one more is asked for and the line falls
        quiet behind an answer, none is left to come.
        """
        listener = Listener(link, self._owed_proofs + 1)
        try:
            listener.send(status.PROOF_REQUEST, until_s)
            more = listener.receive(self._soon(until_s))
            while more and not listener.proved:
                more = listener.receive(min(until_s, time.monotonic() + _QUIET_S))
        except OSError as error:
            raise Unavailable(self._why_unavailable(error)) from error
        self._owed_proofs = 0 if listener.answered else listener.missing

    def _deliver(self, link: Link, job: bytes, until_s: float) -> None:
        try:
            self._hand_over(link, job, until_s)
        except NoAnswer:
            self._torn = True
            raise
        self._torn = False

    def _hand_over(self, link: Link, data: bytes, until_s: float) -> None:
        before_bytes = link.sent_bytes
        try:
            link.send(data, until_s)
            link.wait_sent(until_s)
        except OSError as error:
            if link.sent_bytes == before_bytes:
                raise Unavailable(self._why_unavailable(error)) from error
            raise NoAnswer(self._why_unknown("stopped in the middle", str(error))) from error

    def _prove(self, link: Link, until_s: float) -> PrintProof:
        """Wait for the proof; without one, ask how the printer is before anything is said."""
        if self._silent and not self._has_answered:
            return PrintProof.PROBABLE
        listener, began_s = Listener(link, 1 + self._owed_proofs), time.monotonic()
        try:
            listener.wait(min(until_s, began_s + self._options.proof_timeout_s))
            took_s = time.monotonic() - began_s
            answer = None if listener.proved else status.ask(listener, self._soon(until_s))
        except OSError as error:
            answer = PrinterStatus(PrinterCondition.UNREACHABLE, str(error))
        # a network connection ends with its job, and with it every answer to that job
        self._owed_proofs = 0 if self._options.transport == "network" else listener.missing
        if listener.proved:
            self._last_proof_s = took_s
            return PrintProof.PROVED
        return self._unproved(answer)

    def _unproved(self, answer: PrinterStatus | None) -> PrintProof:
        """A printer that is well and proves nothing is one that cannot; else nobody knows."""
        well = (PrinterCondition.READY, PrinterCondition.PAPER_NEAR_END)
        if answer is not None and answer.condition not in well:
            # what this machine took for delivered may never have come to the printer
            self._torn = answer.condition in _GONE
            raise NoAnswer(self._why_unknown("has not said that it printed", answer.detail))
        return PrintProof.PROBABLE

    def _soon(self, until_s: float) -> float:
        return min(until_s, time.monotonic() + self._options.precheck_timeout_s)

    def _why_unavailable(self, error: OSError) -> str:
        reason = error.strerror or str(error)
        return (
            f"printer {self._options.place} cannot be used ({reason}): check that it is on, "
            "its cable or network, and printer in the configuration"
        )

    def _why_unknown(self, what: str, reason: str) -> str:
        return (
            f"printer {self._options.place} {what} ({reason}): the receipt may still come out; "
            "look before you print a copy"
        )
