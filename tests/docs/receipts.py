"""docs/images/receipt.png: the receipt of one sale in three languages, by posd's own preview.

python -m tests.docs.receipts

The picture carries the text that it shows, so that a test can tell when it has become old.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from devices.printers.preview import png
from devices.values import ReceiptDocument
from posd.core.commands import AccountName
from posd.core.money import Money
from posd.core.order import MoneyState, Order
from posd.core.receipt import receipt
from posd.core.records import PaidAs, SoldItem
from posd.core.rules import ReceiptRules, Rules
from posd.receipt_text import receipt_text
from posd.words import catalogue

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "receipt.png"
DOTS = 576
MARGIN = 32
GAP = 32
BACKGROUND = 200
TEXT_KEY = "Description"

ACCOUNT = AccountName("https://sandbox-api-pay.line.me", "1650000000", "v4")
TAIWAN = Order(
    order_id="S001-L01-01KATK8Z3M5QJ7X2V9C4B6N8RD",
    sale_id="01KATK8Z3M5QJ7X2V9C4B6N8RD",
    receipt_number="R26112406353846",
    reference="basket-881",
    amount=Money(120, "TWD"),
    items=(SoldItem("Oolong 烏龍茶", 2, 45), SoldItem("Egg roll 蛋捲", 1, 30)),
    cashier="Mei",
    opened_ns=0,
    opened_ms=0,
    money=MoneyState.CONFIRMED,
    transaction_id="2026112400000000017",
    parts=(PaidAs("BALANCE", 100), PaidAs("POINT", 20)),
    confirmed_ms=1_795_502_138_000,
)
THAILAND = replace(
    TAIWAN,
    amount=Money(12000, "THB"),
    items=(SoldItem("ชาเย็น", 2, 4500), SoldItem("ขนมปังปิ้ง", 1, 3000)),
    cashier="มาลี",
    parts=(PaidAs("BALANCE", 12000),),
)


@dataclass(frozen=True)
class Shop:
    """One of the three shops and its sale."""

    language: str
    name: str
    branch: str
    order: Order
    utc_offset_minutes: int
    zone: str


SHOPS = (
    Shop("en", "Corner Tea", "Main Street", TAIWAN, 480, "CST"),
    Shop("zh-TW", "街角茶館", "永康店", TAIWAN, 480, "CST"),
    Shop("th", "ร้านชาหัวมุม", "สาขาสีลม", THAILAND, 420, "+07"),
)


def documents() -> list[ReceiptDocument]:
    """The three receipts."""
    return [_document(shop) for shop in SHOPS]


def _document(shop: Shop) -> ReceiptDocument:
    words = catalogue(shop.language)
    paper = ReceiptRules(
        language=shop.language,
        words=words,
        store_name=shop.name,
        branch=shop.branch,
        footer=(words["receipt.thank_you"],),
        utc_offset_minutes=shop.utc_offset_minutes,
        zone=shop.zone,
    )
    currency = shop.order.amount.currency
    rules = Rules("S001", "L01", currency[:2], currency, ACCOUNT, receipt=paper)
    return receipt(shop.order, rules, copy=0)


def text() -> str:
    """What the picture shows."""
    return "\n".join(map(receipt_text, documents()))


def shown() -> str:
    """The text that the picture says it shows."""
    with Image.open(PICTURE) as picture:
        return str(picture.info[TEXT_KEY])


def draw() -> Image.Image:
    """The three receipts side by side."""
    papers = [_paper(document) for document in documents()]
    width = sum(paper.width + GAP for paper in papers) + GAP
    canvas = Image.new("L", (width, max(paper.height for paper in papers) + 2 * GAP), BACKGROUND)
    for number, paper in enumerate(papers):
        canvas.paste(paper, (GAP + number * (paper.width + GAP), GAP))
    return canvas


def _paper(document: ReceiptDocument) -> Image.Image:
    """What is printed, and the margins that no printer reaches."""
    printed = Image.open(io.BytesIO(png(document, dots=DOTS))).convert("L")
    return ImageOps.expand(printed, MARGIN, 255)


def main() -> None:
    """Draw it anew."""
    info = PngInfo()
    info.add_itxt(TEXT_KEY, text())
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    draw().quantize(4).save(PICTURE, "PNG", pnginfo=info, optimize=True)


if __name__ == "__main__":
    main()
