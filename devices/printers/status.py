"""How an ESC/POS printer says it is: answers to DLE EOT 1 to 4, Automatic Status Back, `GS r 1`.

The one rule: only what was asked for in this conversation, and answered in its own bit pattern,
says that a printer is ready; one that talks otherwise is SILENT. Bits: Epson's ESC/POS
reference, DLE EOT, GS a and GS r.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from devices.printers.answers import Heard, hear
from devices.values import PrinterCondition, PrinterStatus

PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, ROLL = 1, 2, 3, 4
PROOF_REQUEST = b"\x1dr\x01"  # GS r 1: answered when all before it has been printed
MUTE = PrinterStatus(PrinterCondition.SILENT, "the printer answers no status question")
RUBBISH = PrinterStatus(
    PrinterCondition.SILENT, "what answers there talks like no ESC/POS printer: see its settings"
)
_PAPER_END = 0x0C
_ERROR = 0x40  # of OFFLINE_CAUSE
_WAITING = 0x20  # of PRINTER
_NOT_WELL = 0x28  # of PRINTER: off-line or waiting


class Line(Protocol):
    """The part of a transport's link that a status question needs; times are monotonic."""

    def send(self, data: bytes, until_s: float) -> None:
        """Write all of `data` by `until_s`; raises OSError."""

    def receive(self, until_s: float) -> bytes:
        """What comes by `until_s`; b"" when nothing does. Raises OSError."""


def ask(line: Line, until_s: float) -> PrinterStatus:
    """Ask how the printer is, one question after the other; raises OSError when the line fails.

    The causes of an error are asked for where there may be one. SILENT when the first question
    stays unanswered until `until_s`, or something else answers. A printer that answers it and not
    the others is judged by what it said; one that only reports its status by itself is judged by
    its last report.
    """
    talk = _Talk(line, until_s)
    for question in (PRINTER, OFFLINE_CAUSE, ROLL):
        talk.ask(question)
        if not (talk.answers and talk.clear):
            return talk.without_an_answer()
    if talk.answers[PRINTER] & _NOT_WELL or talk.answers.get(OFFLINE_CAUSE, 0) & _ERROR:
        talk.ask(ERROR_CAUSE)
    return judge(talk.answers) if talk.clear else RUBBISH


def ask_one(line: Line, question: int, until_s: float) -> int | None:
    """The answer to one question; None when none, or no clear one, comes. Raises OSError."""
    talk = _Talk(line, until_s)
    talk.ask(question)
    return talk.answers.get(question) if talk.clear else None


def judge(answers: Mapping[int, int]) -> PrinterStatus:
    """The worst condition in the answers (question -> byte) of a printer that has answered."""
    printer, cause = answers.get(PRINTER, 0), answers.get(OFFLINE_CAUSE, 0)
    error, roll = answers.get(ERROR_CAUSE, 0), answers.get(ROLL, 0)
    findings = (
        (cause & 0x04, PrinterCondition.COVER_OPEN, "close the cover"),
        (roll & 0x60 or cause & 0x20, PrinterCondition.PAPER_OUT, "put in a new roll"),
        (error & 0x08, PrinterCondition.CUTTER_ERROR, "free the cutter, then open and close"),
        (error & 0x20, PrinterCondition.UNRECOVERABLE_ERROR, "unrecoverable: switch it off and on"),
        (error & 0x40, PrinterCondition.AUTO_RECOVERABLE_ERROR, "it goes on by itself"),
        (printer & _WAITING, PrinterCondition.WAITING_TO_RECOVER, "it waits for its FEED button"),
        (cause & _ERROR or error & 0x04, PrinterCondition.ERROR, "the printer reports an error"),
        (printer & 0x08, PrinterCondition.OFFLINE, "the printer is off-line: see its lamps"),
        (roll & 0x0C, PrinterCondition.PAPER_NEAR_END, "the roll is nearly used up"),
    )
    for found, condition, detail in findings:
        if found:
            return PrinterStatus(condition, detail)
    return PrinterStatus(PrinterCondition.READY)


def answers_of(report: bytes) -> dict[int, int]:
    """What four bytes of Automatic Status Back say, as answers to the four questions."""
    first, second, third, _ = report
    errors = second & 0x6C  # the same bits as in the third question
    return {
        PRINTER: first & 0x0C | (_WAITING if second & 0x01 else 0),
        OFFLINE_CAUSE: (first & 0x60) >> 3 | (_ERROR if errors else 0),
        ERROR_CAUSE: errors,
        ROLL: (third & 0x03) << 2 | (third & _PAPER_END) << 3,
    }


def proofs(data: bytes) -> int:
    """How many answers to `GS r 1` with paper are in `data`, before the first odd byte.

    An answer "paper end" is no proof: clones send it for a job that they have not printed.
    """
    return sum(1 for byte in hear(data).sensors if byte & _PAPER_END != _PAPER_END)


class _Talk:
    """One conversation: `heard` is all that the printer said in it, `answers` by question."""

    def __init__(self, line: Line, until_s: float) -> None:
        self._line = line
        self._until_s = until_s
        self._data = b""
        self.heard = Heard()
        self.answers: dict[int, int] = {}

    @property
    def clear(self) -> bool:
        """Whether all that came makes sense: of two answers to one question none is its answer."""
        return not self.heard.rubbish and len(self.heard.answers) == len(self.answers)

    def ask(self, question: int) -> None:
        """Put one question and wait until its answer, or something odd, has come."""
        before = len(self.heard.answers)
        self._line.send(bytes((0x10, 0x04, question)), self._until_s)
        while self.clear and len(self.heard.answers) == before:
            data = self._line.receive(self._until_s)
            if not data:
                return
            self._data += data
            self.heard = hear(self._data)
            if len(self.heard.answers) == before + 1:
                self.answers[question] = self.heard.answers[-1]

    def without_an_answer(self) -> PrinterStatus:
        """What can be known of a printer whose answer did not come."""
        if not self.clear:
            return RUBBISH
        return judge(answers_of(self.heard.reports[-1])) if self.heard.reports else MUTE
