"""docs/reference/receipt-template.md, drawn from the vocabulary and the catalogue.

python -m tests.receipts.reference > docs/reference/receipt-template.md
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from posd.config.receipt_template import MAX_BYTES
from posd.config.receipt_words import receipt_words, template_words
from posd.core.template.builtin import SALE_TEXT
from posd.core.template.parsing import MARKS, MAX_DEPTH, MAX_LINE, MAX_LINES
from posd.core.template.vocabulary import BASKET, LINES, ORDER, SHOP, TAX
from tests.docs.drawing import table

MAX_KIB = MAX_BYTES // 1024
MEANINGS = {
    "left": "Stands at the left, as a line without a mark does.",
    "center": "Stands in the middle.",
    "centre": "The same.",
    "right": "Stands at the right.",
    "bold": "Bold letters.",
    "big": "Letters twice as wide and twice as high.",
    "optional": "The line is left out when one of its placeholders is empty.",
    "rule": "A dashed line over the whole width.",
    "blank": "An empty line.",
    "copy": "COPY 1 and so on, on copies alone. **Needed**, outside of blocks.",
    "test": "That no money moved, on tests alone. **Needed**, outside of blocks.",
    "qr": "A QR code of the text behind it.",
    "barcode": "A CODE128 of the text behind it, with the text below.",
    "if": "`[if cashier]`: the lines down to `[end]`, unless that is empty.",
    "each": "`[each item]`: the lines down to `[end]`, once for each item.",
    "end": "Ends the block.",
}

INTRODUCTION = f"""\
# The template of a receipt

What a receipt of a sale looks like is a text file, one line for each line of the paper. Drawn from
`posd/core/template/vocabulary.py` and the words of posd by
`python -m tests.receipts.reference > docs/reference/receipt-template.md`; a test fails when they
differ. Do not edit it. Step by step: [Edit a receipt](../how-to/edit-a-receipt.md).

- `receipt.template` in the [configuration](config.md) names the file; relative paths start at the
  folder of the configuration. Left out, posd prints the built-in receipt, which is at the end of
  this page and which `posd receipt template` writes out.
- `posd check-config` tells everything that is wrong with it by line and column, exit code 78; so
  does `posd receipt preview`, which draws it.
- A broken template stops no sale: posd logs `receipt_template_broken`, prints the built-in receipt
  and says so at the foot of it. The file is read when posd starts.
- The slips (result unknown, accepted, void, refund, declined) and the test page have no template.

## Lines

| a line | is |
|---|---|
| that is empty | not printed; `[blank]` is |
| that begins with `#` | a note, not printed; `[left] # 1` prints `# 1` |
| `[marks] text` | the text as the marks say; several marks stand in one bracket: `[center bold]` |
| `left text \\| right text` | two texts at both edges, on as many lines as they need |

Within a text `{{name}}` is a placeholder and `{{word:key}}` a word in the language of the paper.
`{{{{`, `}}}}` and `||` print `{{`, `}}` and `|`. A text too wide for the paper wraps;
`check-config` says so of text that is fixed. A file is UTF-8, of at most {MAX_KIB} KiB and
{MAX_LINES} lines of {MAX_LINE} characters; blocks stand {MAX_DEPTH} deep in one another at most.

## Marks
"""
PLACEHOLDERS = """\
## Placeholders

Any of them may be empty, and each may be asked for by `[if]`.
"""
BLOCKS = """\
## Blocks

`[each header]`, `[each footer]`, `[each item]` and `[each part]`, a means of payment, repeat their
lines. Within them there is also:
"""
WORDS = """\
## Words

With their English texts. `receipt.words` in the configuration replaces any of them by its key.
A word with a placeholder in it cannot stand in a template.
"""
BUILT_IN = """\
## The built-in template
"""


def drawing() -> str:
    """The whole page."""
    blocks = [entry for block in (LINES | BASKET).values() for entry in block.items()]
    parts = [
        INTRODUCTION,
        _table("mark", {f"`[{mark}]`": MEANINGS[mark] for mark in MARKS}),
        PLACEHOLDERS,
        _table("placeholder", _braced(SHOP | ORDER | TAX)),
        BLOCKS,
        _table("placeholder", _braced(dict(blocks))),
        WORDS,
        table(["key", "in a template", "English"], _word_rows()),
        BUILT_IN,
        f"```text\n{SALE_TEXT}```\n",
    ]
    return "\n".join(parts)


def _braced(names: Mapping[str, str]) -> dict[str, str]:
    return {f"`{{{name}}}`": sentence for name, sentence in names.items()}


def _table(head: str, rows: Mapping[str, str]) -> str:
    return table([head, ""], ([key, text] for key, text in rows.items()))


def _word_rows() -> list[list[str]]:
    usable = template_words()
    return [
        [f"`{key}`", f"`{{word:{key}}}`" if key in usable else "", text]
        for key, text in sorted(receipt_words().items())
    ]


if __name__ == "__main__":
    sys.stdout.write(drawing())
