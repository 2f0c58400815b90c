"""Which placeholders a template may name, with a sentence for each: the reference is drawn from it.

The one rule: a name stands here if and only if `posd.core.receipt_values` gives it a value.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posd.core.template.nodes import Mark

SHOP = {
    "store_name": "Name of the merchant.",
    "branch": "Name of the branch.",
    "address": "Address of the shop.",
    "tax_id": "Tax id of the shop.",
    "lane": "Id of the checkout lane.",
}
ORDER = {
    "date": "Date and time with the zone, in the shop's own calendar.",
    "cashier": "Who opened the sale.",
    "order_id": "The order id that LINE Pay knows.",
    "receipt_number": "The short number that the barcode carries.",
    "transaction": "LINE Pay's transaction id.",
    "reference": "The till's own number of the sale, at most 24 characters of it.",
    "amount": "What was asked for, with its currency.",
    "total": "What LINE Pay took, with its currency.",
    "card": "The masked number of the card, where one was charged.",
}
TAX = {
    "tax_rate": "`receipt.tax_rate` with a percent sign.",
    "tax": "The tax that the total contains, with its currency, where there is a rate.",
}
REVERSAL = {
    "given_back": "What was given back last, with its currency.",
    "left": "What is left of the payment, with its currency; empty where nothing is.",
    "refund_id": "LINE Pay's id of the refund.",
}
LINES = {
    "header": {"header.line": "One line of `receipt.header`."},
    "footer": {"footer.line": "One line of `receipt.footer`."},
}
BASKET = {
    "item": {
        "item.label": "The name, with x2 behind it where it was sold twice.",
        "item.name": "The name alone.",
        "item.quantity": "How many.",
        "item.price": "The price of one, without the currency.",
        "item.sum": "Quantity times price, without the currency.",
    },
    "part": {
        "part.name": "A means of payment, such as Balance or Points.",
        "part.amount": "What was paid with it, with its currency.",
    },
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one kind of paper has to say.

    `names` maps placeholders, `blocks` what `[each]` repeats to its own placeholders; `words` are
    the keys of `{word:...}`, None where any will do; `required` marks cannot be left out.
    """

    names: Mapping[str, str]
    blocks: Mapping[str, Mapping[str, str]]
    words: frozenset[str] | None = None
    required: tuple[Mark, ...] = (Mark.COPY, Mark.TEST)


SALE = Vocabulary(SHOP | ORDER | TAX, LINES | BASKET)
SLIP = Vocabulary(SHOP | ORDER | REVERSAL, LINES)


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean x?` for the nearest of `known`, or what there is to choose from."""
    choices = sorted(known)
    near = difflib.get_close_matches(word.lower(), choices, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else f"; known: {', '.join(choices)}"
