"""`posd receipt preview|template`: how receipts and slips look, before a customer sees one.

`show`, `print` and `png` are about a sale of a running posd: `posd.cli.remote.paper`.

The one rule: everything drawn here says TEST, for no money moved. Exit codes: 0 drawn, 2 usage,
6 drawn, but something does not fit or prints as a box, 78 the template, the configuration or a
font cannot be used, 77 a file cannot be written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from posd.cli import remote
from posd.cli.remote import paper

SAMPLES = ("en", "zh-TW", "th", "ja", "mixed")
PERMISSION = 77
KINDS = ("sale", "merchant", "unknown", "accepted", "void", "refund", "declined", "test")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command and its verbs."""
    parser = subparsers.add_parser("receipt", help="of a sale: show, print, png; preview, template")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    paper.add_verbs(verbs, remote.common())
    _add_preview(verbs)
    template = verbs.add_parser("template", help="the built-in template, to begin with")
    template.add_argument("-o", "--output", type=Path, metavar="FILE", help="a new file for it")
    template.set_defaults(run=run_template)


def _add_preview(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    what = verbs.add_parser("preview", help="draw a sample; without PNG or ESC/POS, as text")
    what.add_argument("-c", "--config", type=Path, metavar="FILE", help="the configuration")
    what.add_argument("--sample", choices=SAMPLES, help="the sale; left out: by the language")
    what.add_argument("--kind", choices=KINDS, default="sale", help="which paper (sale)")
    what.add_argument("--copy", type=_count, default=0, metavar="N", help="mark it COPY N")
    what.add_argument("--template", type=Path, metavar="FILE", help="instead of the built-in one")
    what.add_argument("--dots", type=_count, metavar="N", help="width: 576 (80 mm), 384 (58 mm)")
    what.add_argument("--png", type=Path, metavar="FILE", help="write the picture")
    what.add_argument("--escpos", type=Path, metavar="FILE", help="write the printer's bytes")
    what.add_argument("--text", action="store_true", help="as text on stdout")
    what.set_defaults(run=run_preview)


def run_preview(args: argparse.Namespace) -> int:
    """Draw; gives the exit code."""
    from posd.cli.receipt.preview import preview  # noqa: PLC0415 - `posd --help` loads no Pillow

    return preview(args)


def run_template(args: argparse.Namespace) -> int:
    """Write the built-in template of a sale, never over a file that is there."""
    from posd.core.template.builtin import SALE_TEXT  # noqa: PLC0415 - see run_preview

    if args.output is None:
        sys.stdout.write(SALE_TEXT)
        return 0
    try:
        with args.output.open("x", encoding="utf-8") as file:
            file.write(SALE_TEXT)
    except OSError as error:
        print(f"{args.output}: cannot be written: {error.strerror}", file=sys.stderr)
        return PERMISSION
    return 0


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 9999")
    return int(text)
