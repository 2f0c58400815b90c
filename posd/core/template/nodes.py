"""What a template consists of. Frozen; `line` is where it was written, counted from 1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from devices.values import Align


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value of the order or the shop: `{order_id}`."""

    name: str


@dataclass(frozen=True, slots=True)
class Word:
    """A text from the catalogue of the receipt's language: `{word:total}`."""

    key: str


Piece = str | Placeholder | Word
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """How a line looks; an `optional` one is left out when one of its placeholders is empty."""

    align: Align = Align.LEFT
    bold: bool = False
    big: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text."""

    line: int
    style: Style
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class ColumnsLine:
    """Two texts on one line, at both edges of the paper."""

    line: int
    style: Style
    left: Pieces
    right: Pieces


class Code(StrEnum):
    """A code that scanners read."""

    QR = "qr"
    BARCODE = "barcode"


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code of its text; nothing where the text is empty."""

    code: Code
    pieces: Pieces


class Mark(StrEnum):
    """A line that has no text of its own."""

    RULE = "rule"
    BLANK = "blank"
    COPY = "copy"  # what makes a copy differ from the original
    TEST = "test"  # that no money moved


class Block(StrEnum):
    """What the lines down to `[end]` depend on."""

    IF = "if"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that are there if `name` is not empty, or once for each of its entries."""

    block: Block
    name: str
    nodes: tuple[Node, ...]


Node = TextLine | ColumnsLine | CodeLine | Mark | Part


@dataclass(frozen=True, slots=True)
class Template:
    """A whole template, top to bottom."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something to mend in a text; lines and columns count from 1."""

    line: int
    column: int
    message: str


class BadTemplate(ValueError):  # noqa: N818 - what was written, not what failed
    """The text is no template; `faults` has everything that is wrong, in reading order."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        told = (f"{fault.line}:{fault.column}: {fault.message}" for fault in self.faults)
        super().__init__("\n".join(told))
