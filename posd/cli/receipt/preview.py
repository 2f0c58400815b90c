"""What `posd receipt preview` draws: a sample sale on this shop's paper, or on a shop's like it.

The one rule: the picture and the bytes come from the same code as every printed receipt.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from devices import registry
from devices.options import BadOption
from devices.printers.encode import Encoder
from devices.printers.options import EscposOptions
from devices.printers.preview import png
from devices.printers.typeset import CELL_DOTS
from devices.values import ReceiptDocument
from posd.cli.receipt import PERMISSION
from posd.cli.receipt.samples import SAMPLES, document
from posd.config import Config, ConfigError, load
from posd.config.receipt_check import Paper, paper_of, template_findings
from posd.config.receipt_template import read_template
from posd.core.rules import Rules
from posd.lane_rules import lane_rules
from posd.receipt_text import receipt_text

FINDINGS: Final = 6
CONFIGURATION: Final = 78
_ANY_PRINTER: Final = EscposOptions(transport="file", path=os.devnull)


@dataclass(frozen=True, slots=True)
class _Shop:
    """Whose paper is drawn: its rules, its printer, its own template."""

    rules: Rules
    printer: EscposOptions
    template: Path | None


def preview(args: argparse.Namespace) -> int:
    """Draw what `args` ask for; gives the exit code."""
    try:
        shop = _shop(args)
        shop = replace(shop, rules=_with_template(shop))
        drawn = _document(args, shop)
        _write(args, drawn, shop.printer)
    except ConfigError as error:
        return _say(error.problems, CONFIGURATION)
    except BadOption as error:
        return _say([f"printer.{error}"], CONFIGURATION)
    except OSError as error:
        return _say([f"{error.filename}: cannot be written: {error.strerror}"], PERMISSION)
    findings = template_findings(shop.template, _paper(shop)) if shop.template else ()
    return _say(findings, FINDINGS if findings else 0)


def _shop(args: argparse.Namespace) -> _Shop:
    if args.config is None:
        sample = SAMPLES[args.sample or "en"]
        printer = _as_wide(_ANY_PRINTER, args.dots)
        return _Shop(sample.rules, printer, args.template)
    config = load(args.config, drivers=registry, environ=os.environ)
    printer = _as_wide(_printer(config.printer.options), args.dots)
    template = args.template or config.receipt.template
    return _Shop(_rules(config, args.sample), printer, Path(template) if template else None)


def _printer(own: object) -> EscposOptions:
    """What is known of the paper, however the printer is reached."""
    known = [name for name in ("dots", "profile", "codes", "fonts") if hasattr(own, name)]
    return replace(_ANY_PRINTER, **{name: getattr(own, name) for name in known})


def _rules(config: Config, sample: str | None) -> Rules:
    """The lane's rules, in the sample's language, with the built-in template for now."""
    language = SAMPLES[sample].language if sample else config.receipt.language
    paper = msgspec.structs.replace(config.receipt, language=language, template=None)
    return replace(lane_rules(msgspec.structs.replace(config, receipt=paper)), test=True)


def _as_wide(printer: EscposOptions, dots: int | None) -> EscposOptions:
    return replace(printer, dots=dots) if dots is not None else printer


def _with_template(shop: _Shop) -> Rules:
    if shop.template is None:
        return shop.rules
    paper = replace(shop.rules.receipt, template=read_template(shop.template))
    return replace(shop.rules, receipt=paper)


def _document(args: argparse.Namespace, shop: _Shop) -> ReceiptDocument:
    language = shop.rules.receipt.language
    sample = SAMPLES[args.sample or language]
    dots = shop.printer.dots
    return document(args.kind, sample.order, shop.rules, dots=dots, copy=args.copy)


def _write(args: argparse.Namespace, drawn: ReceiptDocument, printer: EscposOptions) -> None:
    if args.png:
        args.png.write_bytes(
            png(drawn, dots=printer.dots, fonts=printer.fonts, profile=printer.profile)
        )
    if args.escpos:
        args.escpos.write_bytes(Encoder(printer).job(drawn))
    if args.text or not (args.png or args.escpos):
        sys.stdout.write(receipt_text(drawn, printer.dots // CELL_DOTS))


def _paper(shop: _Shop) -> Paper:
    return paper_of(shop.printer, shop.rules.receipt.language)


def _say(lines: Iterable[object], code: int) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return code
