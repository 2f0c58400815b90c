"""How an ESC/POS printer says it is: answers to DLE EOT 1 to 4, and to `GS r 1`.

The one rule: a byte is believed only in its own answer's bit pattern, since Automatic Status Back
and late answers arrive on the same line. Bits: Epson's ESC/POS reference, DLE EOT and GS r.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from devices.values import PrinterCondition, PrinterStatus

PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, ROLL = 1, 2, 3, 4
PROOF_REQUEST = b"\x1dr\x01"  # GS r 1: answered when all before it has been printed
_PAPER_END = 0x0C


class Line(Protocol):
    """The part of a transport's link that a status question needs; times are monotonic."""

    def send(self, data: bytes, until_s: float) -> None:
        """Write all of `data` by `until_s`; raises OSError."""

    def receive(self, until_s: float) -> bytes:
        """What comes by `until_s`; b"" when nothing does. Raises OSError."""


def ask(line: Line, until_s: float) -> PrinterStatus:
    """Ask how the printer is, one question after the other; raises OSError when the line fails.

    SILENT when the first question stays unanswered until `until_s`. A printer that answers it
    and not the others is judged by what it said.
    """
    answers: dict[int, int] = {}
    for question in (PRINTER, OFFLINE_CAUSE, ROLL):
        _ask_one(line, question, until_s, answers)
        if not answers:
            return PrinterStatus(PrinterCondition.SILENT, "the printer answers no status question")
    if answers.get(OFFLINE_CAUSE, 0) & 0x40:
        _ask_one(line, ERROR_CAUSE, until_s, answers)
    return judge(answers)


def judge(answers: Mapping[int, int]) -> PrinterStatus:
    """The worst condition in the answers (question -> byte) of a printer that has answered."""
    printer, cause = answers.get(PRINTER, 0), answers.get(OFFLINE_CAUSE, 0)
    error, roll = answers.get(ERROR_CAUSE, 0), answers.get(ROLL, 0)
    findings = (
        (cause & 0x04, PrinterCondition.COVER_OPEN, "close the cover"),
        (roll & 0x60 or cause & 0x20, PrinterCondition.PAPER_OUT, "put in a new roll"),
        (error & 0x08, PrinterCondition.CUTTER_ERROR, "free the cutter, then open and close"),
        (error & 0x20, PrinterCondition.ERROR, "unrecoverable error: switch it off and on"),
        (cause & 0x40, PrinterCondition.ERROR, "the printer reports an error"),
        (printer & 0x08, PrinterCondition.OFFLINE, "the printer is off-line: see its lamps"),
        (roll & 0x0C, PrinterCondition.PAPER_NEAR_END, "the roll is nearly used up"),
    )
    for found, condition, detail in findings:
        if found:
            return PrinterStatus(condition, detail)
    return PrinterStatus(PrinterCondition.READY)


def realtime_answer(data: bytes) -> int | None:
    """The first byte in `data` with the pattern of a DLE EOT answer; others are skipped."""
    return next((byte for byte in data if byte & 0x93 == 0x12), None)


def proofs(data: bytes) -> int:
    """How many answers to `GS r 1` with paper are in `data`.

    An answer "paper end" is no proof: clones send it for a job that they have not printed.
    """
    return sum(1 for byte in _transmitted(data) if byte & _PAPER_END != _PAPER_END)


def _transmitted(data: bytes) -> Iterator[int]:
    """The bytes of `data` that answer GS r: not those of DLE EOT answers, XON/XOFF or ASB."""
    skip = 0
    for byte in data:
        if skip:
            skip -= 1
        elif byte & 0x93 == 0x10:  # first of the four bytes of an Automatic Status Back
            skip = 3
        elif byte & 0x90 == 0:
            yield byte


def _ask_one(line: Line, question: int, until_s: float, answers: dict[int, int]) -> None:
    line.send(bytes((0x10, 0x04, question)), until_s)
    while data := line.receive(until_s):
        answer = realtime_answer(data)
        if answer is not None:
            answers[question] = answer
            return
