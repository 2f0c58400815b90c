"""The page that shows whether a printer sets everything right: scripts, columns, codes.

The one rule: what it should look like can be seen from the page itself: the ruler ends at the
edge, every line says what it is, and the codes read back as the text beside them.
"""

from __future__ import annotations

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
from posd.core.receipt_values import local_time, word
from posd.core.rules import Rules

SCRIPTS = (
    ("English", "Thank you 0123456789"),
    ("繁體中文", "謝謝惠顧，歡迎再度光臨"),
    ("ไทย", "ขอบคุณที่ใช้บริการ น้ำ ปู่ ผู้ใหญ่"),
    ("日本語", "ありがとうございました ｶﾀｶﾅ"),
    ("mixed", "Tea 烏龍茶 ชาเย็น お茶"),
)
QR_DATA = "posd test page"
BARCODE_DATA = "R00000000000001"


def trial_page(rules: Rules, *, at_ms: int, columns: int) -> ReceiptDocument:
    """The page for paper of `columns` letters (48 on 80 mm, 32 on 58 mm)."""
    shop = rules.receipt
    head: list[Element] = [
        Text(shop.store_name, Align.CENTER, bold=True),
        Text(word(shop, "test_page"), Align.CENTER, double=True),
        Columns(rules.lane_id, local_time(at_ms, shop)),
    ]
    page = [*head, *_ruler(columns), *_scripts(), *_places(), *_codes()]
    return ReceiptDocument(tuple(page), shop.language)


def _ruler(columns: int) -> list[Element]:
    """Tens above ones, as wide as the paper: a line that breaks tells of a wrong `dots`."""
    tens = "".join(f"{ten:>10}" for ten in range(10, columns + 1, 10))
    return [Text(tens), Text(("1234567890" * columns)[:columns]), Rule()]


def _scripts() -> list[Element]:
    return [*(Columns(name, text) for name, text in SCRIPTS), Rule()]


def _places() -> list[Element]:
    return [
        Text("left"),
        Text("center", Align.CENTER),
        Text("right", Align.RIGHT),
        Text("bold", bold=True),
        Text("big", double=True),
        Text("big 大 ใหญ่", bold=True, double=True),
        Columns("total", "1,234 TWD", bold=True, double=True),
        Blank(),
    ]


def _codes() -> list[Element]:
    return [QrCode(QR_DATA), Text(QR_DATA, Align.CENTER), Barcode(BARCODE_DATA)]
