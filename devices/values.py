"""What adapters and their users speak: scans, receipt documents, printer conditions.

Standard library only, frozen. A document says what a receipt *is* (lines, marks, codes); how it
becomes dots or bytes is the printer adapter's affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Scan:
    """One barcode or QR code as the scanner sent it, without its frame.

    `text` is the data without prefix, suffix, STX or ETX, decoded as UTF-8, else as Latin-1.
    `aim_id` is the AIM identifier (`]Q1`) if the adapter was told to strip one, else "".
    `first_byte_ns` and `last_byte_ns` are CLOCK_BOOTTIME readings of its first and last byte.
    """

    text: str
    aim_id: str
    first_byte_ns: int
    last_byte_ns: int


class Align(StrEnum):
    """Where a line stands on the paper."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; one too wide for the paper wraps. `double` is twice as wide and high."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Two texts on one line, the first at the left edge, the second at the right."""

    left: str
    right: str
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line over the whole width."""


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A centred QR code of `data` (UTF-8)."""

    data: str


@dataclass(frozen=True, slots=True)
class Barcode:
    """A centred CODE128 of `data` (printable ASCII), with the text under it."""

    data: str


Element = Text | Columns | Rule | Blank | QrCode | Barcode


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """One piece of paper, top to bottom; the printer feeds and cuts at its end.

    `language` is a BCP 47 tag (`en`, `zh-TW`, `th`, `ja`); it chooses the form of Han characters.
    """

    elements: tuple[Element, ...]
    language: str = "en"


class PrinterCondition(StrEnum):
    """What the printer says of itself, the worst first. SILENT is not READY: it is unknown."""

    UNREACHABLE = "unreachable"
    OFFLINE = "offline"
    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    CUTTER_ERROR = "cutter_error"
    UNRECOVERABLE_ERROR = "unrecoverable_error"
    AUTO_RECOVERABLE_ERROR = "auto_recoverable_error"
    WAITING_TO_RECOVER = "waiting_to_recover"
    ERROR = "error"
    SILENT = "silent"
    PAPER_NEAR_END = "paper_near_end"
    READY = "ready"

    @property
    def accepts_jobs(self) -> bool:
        """Whether a job may be sent: ready, near end, or a printer that never answers."""
        return self in (self.READY, self.PAPER_NEAR_END, self.SILENT)


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """A condition and, where there is more to say, a sentence for the technician."""

    condition: PrinterCondition
    detail: str = ""


class DrawerState(StrEnum):
    """What a drawer's switch says; UNKNOWN when it has none or the printer does not answer."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class PrintProof(StrEnum):
    """What is known after every byte of a job was taken by the transport.

    PROVED: the printer answered `GS r 1` sent behind the cut, so the paper is out.
    PROBABLE: every byte was handed over and no answer came.
    """

    PROVED = "proved"
    PROBABLE = "probable"
