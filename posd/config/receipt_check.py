"""What `posd check-config` finds on receipts: the template, and characters that no font has.

The one rule: fonts are loaded only for what is not plain ASCII.
"""

from __future__ import annotations

from collections.abc import Iterator
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


def receipt_problems(config: Config, file: Path) -> tuple[Problem, ...]:
    """Everything wrong with what `config`, read from `file`, prints on receipts."""
    return (*_template_problems(config), *_text_problems(config, file))


def _template_problems(config: Config) -> Iterator[Problem]:
    if config.receipt.template is None:
        return
    path = Path(config.receipt.template)
    try:
        template = read_template(path)
    except ConfigError as error:
        yield from error.problems
        return
    dots = getattr(config.printer.options, "dots", None)  # a shared printer's owner knows
    wide = too_wide(template, dots // CELL_DOTS) if dots else ()
    for fault in (*wide, *_boxes(config, read_text(path))):
        yield problem_of(path, fault)


def _boxes(config: Config, text: str) -> Iterator[Fault]:
    """Where the template has a character that would print as a box."""
    lines = text.removeprefix("\ufeff").split("\n")
    shown = {n: line for n, line in enumerate(lines, 1) if not line.lstrip().startswith("#")}
    for char in _missing(config, "".join(shown.values())):
        number, line = next((n, line) for n, line in shown.items() if char in line)
        yield Fault(number, line.index(char) + 1, _box(char))


def _text_problems(config: Config, file: Path) -> Iterator[Problem]:
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
        for char in _missing(config, text):
            yield Problem(str(file), 0, 0, key, _box(char))


def _missing(config: Config, text: str) -> tuple[str, ...]:
    if text.isascii():
        return ()
    from devices.printers.typeset import missing_glyphs  # noqa: PLC0415 - brings Pillow

    language = config.receipt.language or config.language
    fonts = getattr(config.printer.options, "fonts", ())
    try:
        return missing_glyphs(ReceiptDocument((Text(text),), language), fonts=fonts)
    except BadOption:  # a font that cannot be read is told when the printer is made
        return ()


def _box(char: str) -> str:
    told = f"{char} (U+{ord(char):04X})"
    return f"no font has {told}, so it prints as a box; add a font to printer.fonts"
