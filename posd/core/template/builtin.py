"""The templates that posd brings along: the receipt of a sale, which shops may replace, and slips.

The one rule: they are read by the same parser as a shop's own; `posd receipt template` writes the
first of them out as the place to begin.
"""

from __future__ import annotations

from posd.core.template.parsing import parse
from posd.core.template.vocabulary import SALE, SLIP

_SHOP = """\
[optional center bold] {store_name}
[each header]
[center bold] {header.line}
[end]
[optional center] {branch}
[optional center] {address}
[optional center] {word:tax_id} {tax_id}
[test]
[blank]
"""
_WHEN = """\
[copy]
[rule]

{word:date} | {date}
{word:lane} | {lane}
[optional] {word:cashier} | {cashier}
"""
_WHICH = """\
{word:order} |
[right] {order_id}
[optional] {word:transaction} | {transaction}
[optional] {word:reference} | {reference}
[rule]
"""
_CODES = """\
[qr] {order_id}
[barcode] {receipt_number}
"""
_FOOT = """\
[each footer]
[center] {footer.line}
[end]
"""

SALE_TEXT = f"""\
# The receipt of a sale. Lines that begin with # are not printed, nor are empty ones.
# What each mark and placeholder means: docs/reference/receipt-template.md

{_SHOP}[center big] {{word:sale}}
{_WHEN}{_WHICH}
[if item]
[each item]
{{item.label}} | {{item.sum}}
[end]
[rule]
[end]

[bold big] {{word:total}} | {{total}}
[optional] {{word:tax_included}} {{tax_rate}} | {{tax}}
{{word:paid_with}}
[each part]
{{part.name}} | {{part.amount}}
[end]
[optional] {{word:card}} | {{card}}
[rule]

{_CODES}{_FOOT}[center] {{word:not_tax_invoice}}
"""
UNKNOWN_TEXT = f"""\
{_SHOP}[center big] {{word:unknown}}
[center bold] {{word:not_a_receipt}}
{_WHEN}{_WHICH}
[bold big] {{word:amount}} | {{amount}}
[rule]
{{word:unknown_next}}
{{word:unknown_later}}
{_CODES}"""
ACCEPTED_TEXT = f"""\
{_SHOP}[center big] {{word:accepted}}
[center bold] {{word:not_a_receipt}}
{_WHEN}{_WHICH}
[bold big] {{word:amount}} | {{amount}}
[rule]
{{word:accepted_next}}
{_CODES}{_FOOT}"""
VOIDED_TEXT = f"""\
{_SHOP}[center big] {{word:voided}}
{_WHEN}{_WHICH}
[bold big] {{word:released}} | {{given_back}}
[optional] {{word:refund_id}} | {{refund_id}}
[rule]
{_CODES}{_FOOT}[center] {{word:not_tax_invoice}}
"""
REFUNDED_TEXT = f"""\
{_SHOP}[center big] {{word:refunded}}
{_WHEN}{_WHICH}
{{word:paid}} | {{total}}
[bold big] {{word:given_back}} | {{given_back}}
[optional] {{word:left}} | {{left}}
[optional] {{word:refund_id}} | {{refund_id}}
[rule]
{_CODES}{_FOOT}[center] {{word:not_tax_invoice}}
"""
DECLINED_TEXT = f"""\
{_SHOP}[center big] {{word:declined}}
[center bold] {{word:not_a_receipt}}
{_WHEN}{_WHICH}
[bold big] {{word:amount}} | {{amount}}
[rule]
{{word:declined_next}}
{_FOOT}"""

# what is printed while a shop's own receipt cannot be read: the paper says so
_IN_NEED_TEXT = f"{SALE_TEXT}[center] {{word:template_broken}}\n"

SALE_TEMPLATE = parse(SALE_TEXT, SALE)
SALE_TEMPLATE_IN_NEED = parse(_IN_NEED_TEXT, SALE)
UNKNOWN_TEMPLATE = parse(UNKNOWN_TEXT, SLIP)
ACCEPTED_TEMPLATE = parse(ACCEPTED_TEXT, SLIP)
VOIDED_TEMPLATE = parse(VOIDED_TEXT, SLIP)
REFUNDED_TEMPLATE = parse(REFUNDED_TEXT, SLIP)
DECLINED_TEMPLATE = parse(DECLINED_TEXT, SLIP)
