"""From a paid order to the document that the printer sets, by the shop's template.

The one rule: a copy differs from the original by its mark and by nothing else.
"""

from __future__ import annotations

from dataclasses import replace

from devices.values import ReceiptDocument
from posd.core.order import Order
from posd.core.receipt_values import local_time, values, word
from posd.core.rules import Rules
from posd.core.template.setting import elements

__all__ = ["local_time", "merchant_copy", "receipt"]


def receipt(order: Order, rules: Rules, *, copy: int) -> ReceiptDocument:
    """The sale's receipt; `copy` 0 is the original, n prints COPY n."""
    said = values(order, rules, at_ms=order.confirmed_ms, copy=copy)
    return ReceiptDocument(elements(rules.receipt.template, said), rules.receipt.language)


def merchant_copy(order: Order, rules: Rules, *, copy: int) -> ReceiptDocument:
    """The shop's own sheet of the same sale: a copy like any other, `copy` from 1, and named so.

    There is no second original: who holds this sheet cannot pass for the customer.
    """
    said = values(order, rules, at_ms=order.confirmed_ms, copy=copy)
    marks = (*said.copy_marks, word(rules.receipt, "merchant_copy"))
    marked = elements(rules.receipt.template, replace(said, copy_marks=marks))
    return ReceiptDocument(marked, rules.receipt.language)
