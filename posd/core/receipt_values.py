"""What a receipt or a slip says of an order: a text for each placeholder of a template.

Every word comes from `Rules.receipt.words` (keys `receipt.*`); a missing key shows itself, so
that a hole in a catalogue is seen and a sale is not stopped by it. The one-time key is never
here: an order does not know it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from posd.core.money import Money
from posd.core.order import Order
from posd.core.records import SoldItem
from posd.core.rules import ReceiptRules, Rules
from posd.core.template.setting import Entry, Values

_YEARS_AWAY = {"gregorian": 0, "roc": -1911, "buddhist": 543}


def values(order: Order, rules: Rules, *, at_ms: int, copy: int) -> Values:
    """All that can be said of the order; `at_ms` is the moment of the paper, a label.

    `copy` 0 is the original, n is marked COPY n.
    """
    shop = rules.receipt
    mark = word(shop, "copy").replace("{number}", str(copy))
    return Values(
        texts={
            **_shop(rules),
            **_order(order, shop, at_ms),
            **_tax(order, shop),
            **_given_back(order),
        },
        word=lambda key: word(shop, key),
        lists=_lists(order, shop),
        copy_marks=(mark,) if copy else (),
        test_mark=word(shop, "test") if rules.test else "",
    )


def local_time(wall_ms: int, shop: ReceiptRules) -> str:
    """A label on the shop's own clock and calendar, with its zone."""
    zone = timezone(timedelta(minutes=shop.utc_offset_minutes))
    moment = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(zone)
    year = moment.year + _YEARS_AWAY[shop.year]
    return f"{year}-{moment:%m-%d %H:%M:%S} {shop.zone}"


def word(shop: ReceiptRules, key: str) -> str:
    """The text of a key in the receipt's language; the key itself where there is none."""
    return shop.words.get(f"receipt.{key}", key)


def _shop(rules: Rules) -> Entry:
    shop = rules.receipt
    return {
        "store_name": shop.store_name,
        "branch": shop.branch,
        "address": shop.address,
        "tax_id": shop.tax_id,
        "lane": rules.lane_id,
    }


def _order(order: Order, shop: ReceiptRules, at_ms: int) -> Entry:
    return {
        "date": local_time(at_ms, shop),
        "cashier": order.cashier,
        "order_id": order.order_id,
        "receipt_number": order.receipt_number,
        "transaction": order.transaction_id,
        "reference": order.reference[:24],
        "amount": str(order.amount),
        "total": str(_taken(order)),
        "card": order.masked_card,
    }


def _taken(order: Order) -> Money:
    """What LINE Pay took; before it did, what is asked for."""
    return Money(order.captured_minor or order.amount.minor, order.amount.currency)


def _tax(order: Order, shop: ReceiptRules) -> Entry:
    """The tax that the total contains, to the nearest minor unit, halves upwards."""
    rate = shop.tax_rate_hundredths
    if not rate:
        return {"tax_rate": "", "tax": ""}
    total, whole = _taken(order), 10_000 + rate
    contained = (2 * total.minor * rate + whole) // (2 * whole)
    percent, rest = divmod(rate, 100)
    shown = f"{percent}.{rest:02}".rstrip("0").rstrip(".")
    return {"tax_rate": f"{shown}%", "tax": str(Money(contained, total.currency))}


def _given_back(order: Order) -> Entry:
    currency = order.amount.currency
    last = order.reversal.amount_minor if order.reversal else order.refunded_minor
    return {
        # what was only authorized is released whole
        "given_back": str(Money(last or order.amount.minor, currency)),
        "left": str(Money(order.left_minor, currency)) if order.left_minor > 0 else "",
        "refund_id": order.refunds[-1] if order.refunds else "",
    }


def _lists(order: Order, shop: ReceiptRules) -> dict[str, tuple[Entry, ...]]:
    currency = order.amount.currency
    return {
        "header": tuple({"header.line": line} for line in shop.header if line),
        "footer": tuple({"footer.line": line} for line in shop.footer if line),
        "item": tuple(_item(item, currency) for item in order.items),
        "part": tuple(
            {
                "part.name": word(shop, part.method.lower()),
                "part.amount": str(Money(part.amount_minor, currency)),
            }
            for part in order.parts
        ),
    }


def _item(item: SoldItem, currency: str) -> Entry:
    return {
        "item.label": item.name if item.quantity == 1 else f"{item.name} x{item.quantity}",
        "item.name": item.name,
        "item.quantity": str(item.quantity),
        "item.price": Money(item.price_minor, currency).text,
        "item.sum": Money(item.quantity * item.price_minor, currency).text,
    }
