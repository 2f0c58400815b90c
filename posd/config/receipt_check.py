"""What `posd check-config` finds on receipts: the template, and characters that no font has.

The one rule: fonts are loaded only for what is not plain ASCII.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devices.options import BadOption
from devices.values import ReceiptDocument, Text
from posd.config.model import Config
from posd.config.problems import ConfigError, Problem
from posd.config.receipt_template import problem_of, read_template, read_text
from posd.core.template.nodes import Fault
from posd.core.template.widths import too_wide

CELL_DOTS: Final = 12  # of a letter in a printer's font A


@dataclass(frozen=True, slots=True)
class Paper:
    """What the text is printed on: columns (None where only a shared printer's owner knows)."""

    columns: int | None
    fonts: tuple[str, ...]
    language: str


def paper_of(printer: object, language: str) -> Paper:
    """The paper of a printer with these options."""
    dots = getattr(printer, "dots", None)
    return Paper(dots // CELL_DOTS if dots else None, getattr(printer, "fonts", ()), language)


def receipt_problems(config: Config, file: Path) -> tuple[Problem, ...]:
    """Everything wrong with what `config`, read from `file`, prints on receipts."""
    paper = paper_of(config.printer.options, config.receipt.language or config.language)
    own = config.receipt.template
    of_template = template_problems(Path(own), paper) if own else ()
    return (*of_template, *_text_problems(config, file, paper))


def template_problems(path: Path, paper: Paper) -> tuple[Problem, ...]:
    """Everything wrong with the template in `path`."""
    try:
        read_template(path)
    except ConfigError as error:
        return error.problems
    return template_findings(path, paper)


def template_findings(path: Path, paper: Paper) -> tuple[Problem, ...]:
    """What prints badly of a template that can be used; raises ConfigError for any other."""
    template = read_template(path)
    wide = too_wide(template, paper.columns) if paper.columns else ()
    faults = sorted((*wide, *_boxes(read_text(path), paper)))
    return tuple(problem_of(path, fault) for fault in faults)


def _boxes(text: str, paper: Paper) -> Iterator[Fault]:
    """Where the template has a character that would print as a box."""
    shown = "".join(line for _, line in _shown(text))
    for char in _missing(shown, paper):
        yield Fault(*_place(char, text), _box(char))


def _text_problems(config: Config, file: Path, paper: Paper) -> Iterator[Problem]:
    store, receipt = config.store, config.receipt
    texts = {
        "store.name": store.name,
        "store.branch": store.branch,
        "store.address": store.address,
        "receipt.header": "".join(receipt.header),
        "receipt.footer": "".join(receipt.footer),
        "receipt.words": "".join(receipt.words.values()),
    }
    for key, text in texts.items():
        for char in _missing(text, paper):
            line, column = _place(char, file.read_text("utf-8"))
            yield Problem(str(file), line, column, key, _box(char))


def _place(char: str, text: str) -> tuple[int, int]:
    """Line and column of the first `char` outside of notes; 0, 0 where it came from elsewhere."""
    places = ((n, line.index(char) + 1) for n, line in _shown(text) if char in line)
    return next(places, (0, 0))


def _shown(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are no notes, with their numbers."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.lstrip().startswith("#"):
            yield number, line


def _missing(text: str, paper: Paper) -> tuple[str, ...]:
    if text.isascii():
        return ()
    from devices.printers.typeset import missing_glyphs  # noqa: PLC0415 - brings Pillow

    try:
        return missing_glyphs(ReceiptDocument((Text(text),), paper.language), fonts=paper.fonts)
    except BadOption:  # a font that cannot be read is told when the printer is made
        return ()


def _box(char: str) -> str:
    told = f"{char} (U+{ord(char):04X})"
    return f"no font has {told}, so it prints as a box; add a font to printer.fonts"
