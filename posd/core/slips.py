"""Paper that is no receipt of a sale: a result that is not known, money given back, no payment.

The one rule: a slip says in large letters what it is; what is no proof of payment says so too.
"""

from __future__ import annotations

from enum import StrEnum

from devices.values import ReceiptDocument
from posd.core.order import Order
from posd.core.receipt_values import values
from posd.core.rules import Rules
from posd.core.template import builtin
from posd.core.template.nodes import Template
from posd.core.template.setting import elements


class SlipKind(StrEnum):
    """What a slip tells."""

    UNKNOWN = "unknown"  # no verdict was reached; its barcode, scanned later, asks again
    ACCEPTED = "accepted"  # the store handed the goods over, LINE Pay has not confirmed
    VOIDED = "voided"  # given back before it was captured
    REFUNDED = "refunded"  # the whole or a part was given back
    DECLINED = "declined"  # no money moved


TEMPLATES: dict[SlipKind, Template] = {
    SlipKind.UNKNOWN: builtin.UNKNOWN_TEMPLATE,
    SlipKind.ACCEPTED: builtin.ACCEPTED_TEMPLATE,
    SlipKind.VOIDED: builtin.VOIDED_TEMPLATE,
    SlipKind.REFUNDED: builtin.REFUNDED_TEMPLATE,
    SlipKind.DECLINED: builtin.DECLINED_TEMPLATE,
}


def slip(
    kind: SlipKind, order: Order, rules: Rules, *, at_ms: int, copy: int = 0
) -> ReceiptDocument:
    """The slip of `kind`; `at_ms` is when that happened, wall clock, a label.

    VOIDED and REFUNDED tell the reversal that was carried out last. `copy` 0 is the first print,
    n prints COPY n.
    """
    said = values(order, rules, at_ms=at_ms, copy=copy)
    return ReceiptDocument(elements(TEMPLATES[kind], said), rules.receipt.language)
