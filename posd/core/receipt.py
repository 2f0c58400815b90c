"""From a paid order to the document that the printer sets.

Every text comes from `Rules.receipt.words` (keys `receipt.*`); a missing key shows itself, so
that a hole in a catalogue is seen and a sale is not stopped by it. The one-time key is never
here: an order does not know it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from devices.values import (
    Align,
    Barcode,
    Blank,
    Columns,
    Element,
    QrCode,
    ReceiptDocument,
    Rule,
    Text,
)
from posd.core.money import Money
from posd.core.order import Order
from posd.core.rules import ReceiptRules, Rules

_YEARS_AWAY = {"gregorian": 0, "roc": -1911, "buddhist": 543}


def receipt(order: Order, rules: Rules, *, copy: int) -> ReceiptDocument:
    """The sale's receipt; `copy` 0 is the original, n prints COPY n."""
    elements: list[Element] = [
        *_head(rules, copy),
        *_facts(order, rules),
        *_basket(order, rules.receipt),
        *_total(order, rules.receipt),
        *_foot(order, rules),
    ]
    return ReceiptDocument(tuple(elements), rules.receipt.language)


def _head(rules: Rules, copy: int) -> list[Element]:
    shop = rules.receipt
    lines = [shop.store_name, *shop.header]
    small = [shop.branch, shop.address, _labelled(shop, "tax_id", shop.tax_id)]
    head: list[Element] = [Text(line, Align.CENTER, bold=True) for line in lines if line]
    head += [Text(line, Align.CENTER) for line in small if line]
    if rules.test:
        head.append(Text(_word(shop, "test"), Align.CENTER, bold=True))
    head += [Blank(), Text(_word(shop, "sale"), Align.CENTER, double=True)]
    if copy:
        mark = _word(shop, "copy").replace("{number}", str(copy))
        head.append(Text(mark, Align.CENTER, double=True))
    return [*head, Rule()]


def _facts(order: Order, rules: Rules) -> list[Element]:
    shop = rules.receipt
    rows = [
        ("date", local_time(order.confirmed_ms, shop)),
        ("lane", rules.lane_id),
        ("cashier", order.cashier),
        ("order", ""),
    ]
    facts: list[Element] = [
        Columns(_word(shop, key), value) for key, value in rows if value or key == "order"
    ]
    facts.append(Text(order.order_id, Align.RIGHT))
    if order.transaction_id:
        facts.append(Columns(_word(shop, "transaction"), order.transaction_id))
    if order.reference:
        facts.append(Columns(_word(shop, "reference"), order.reference[:24]))
    return [*facts, Rule()]


def _basket(order: Order, shop: ReceiptRules) -> list[Element]:
    if not order.items:
        return []
    lines: list[Element] = []
    for item in order.items:
        sum_minor = item.quantity * item.price_minor
        name = item.name if item.quantity == 1 else f"{item.name} x{item.quantity}"
        lines.append(Columns(name, Money(sum_minor, order.amount.currency).text))
    return [*lines, Rule()]


def _total(order: Order, shop: ReceiptRules) -> list[Element]:
    total: list[Element] = [
        Columns(_word(shop, "total"), str(_taken(order)), bold=True, double=True),
        Text(_word(shop, "paid_with"), Align.LEFT),
    ]
    for part in order.parts:
        name = _word(shop, part.method.lower())
        total.append(Columns(name, str(Money(part.amount_minor, order.amount.currency))))
    if order.masked_card:
        total.append(Columns(_word(shop, "card"), order.masked_card))
    return [*total, Rule()]


def _taken(order: Order) -> Money:
    """What LINE Pay took; before it did, what is asked for."""
    return Money(order.captured_minor or order.amount.minor, order.amount.currency)


def _foot(order: Order, rules: Rules) -> list[Element]:
    shop = rules.receipt
    foot: list[Element] = [QrCode(order.order_id), Barcode(order.receipt_number)]
    foot += [Text(line, Align.CENTER) for line in shop.footer if line]
    foot.append(Text(_word(shop, "not_tax_invoice"), Align.CENTER))
    return foot


def local_time(wall_ms: int, shop: ReceiptRules) -> str:
    """A label on the shop's own clock and calendar, with its zone."""
    zone = timezone(timedelta(minutes=shop.utc_offset_minutes))
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(zone)
    year = moment.year + _YEARS_AWAY[shop.year]
    return f"{year}-{moment:%m-%d %H:%M:%S} {shop.zone}"


def _labelled(shop: ReceiptRules, key: str, value: str) -> str:
    return f"{_word(shop, key)} {value}" if value else ""


def _word(shop: ReceiptRules, key: str) -> str:
    return shop.words.get(f"receipt.{key}", key)
