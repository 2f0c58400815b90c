"""What a printer's bytes are: answers to DLE EOT, Automatic Status Back, answers to `GS r`.

The one rule: each byte is believed only in its own bit pattern, and nothing is believed from the
first byte on that no ESC/POS printer sends. Patterns: Epson's ESC/POS reference, DLE EOT, GS a,
GS r; the bits that it reserves must be clear in an answer to GS r, or letters would be proofs.
"""

from __future__ import annotations

from dataclasses import dataclass

XON, XOFF = 0x11, 0x13
MOST_BYTES = 1024  # in one conversation; what says more talks without end
_REPORT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """What came, in its order: `answers` to DLE EOT, `reports` of four bytes, `sensors` of GS r.

    `rubbish` says that other bytes came too; what follows the first of them is left out.
    """

    answers: tuple[int, ...] = ()
    reports: tuple[bytes, ...] = ()
    sensors: tuple[int, ...] = ()
    rubbish: bool = False


def hear(data: bytes) -> Heard:
    """Sort all that a printer has said; a report whose end has not come yet is left out."""
    answers, reports, sensors = [], [], []
    at = 0
    while at < min(len(data), MOST_BYTES):
        byte, length = data[at], 1
        if byte & 0x93 == 0x12:
            answers.append(byte)
        elif byte & 0x93 == 0x10:
            report = data[at : at + _REPORT_BYTES]
            if any(rest & 0x90 for rest in report[1:]):
                break
            if len(report) == _REPORT_BYTES:
                reports.append(report)
            length = len(report)
        elif byte & 0xF0 == 0:
            sensors.append(byte)
        elif byte not in (XON, XOFF):
            break
        at += length
    return Heard(tuple(answers), tuple(reports), tuple(sensors), rubbish=at < len(data))
