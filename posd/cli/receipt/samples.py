"""Five sales that never were, in every script that posd prints.

The one rule: they are the same on every machine, on every day, so that a picture or the bytes of
one can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.values import ReceiptDocument
from posd.core.commands import AccountName
from posd.core.money import Money
from posd.core.order import MoneyState, Order, Reversal
from posd.core.receipt import merchant_copy, receipt
from posd.core.records import PaidAs, SoldItem
from posd.core.rules import ReceiptRules, Rules
from posd.core.slips import SlipKind, slip
from posd.core.trial_page import trial_page
from posd.words import catalogue

AT_MS = 1_795_502_138_000
_ACCOUNT = AccountName("http://127.0.0.1", "1650000000", "v4")
_ENGLISH = Order(
    order_id="S001-L01-01KATK8Z3M5QJ7X2V9C4B6N8RD",
    sale_id="01KATK8Z3M5QJ7X2V9C4B6N8RD",
    receipt_number="R26112406353846",
    reference="basket-881",
    amount=Money(120, "TWD"),
    items=(SoldItem("Oolong tea", 2, 45), SoldItem("Egg roll", 1, 30)),
    cashier="Mei",
    opened_ns=0,
    opened_ms=AT_MS,
    money=MoneyState.CONFIRMED,
    transaction_id="2026112400000000017",
    parts=(PaidAs("BALANCE", 100), PaidAs("POINT", 20)),
    confirmed_ms=AT_MS,
    captured_minor=120,
)
_CHINESE = replace(
    _ENGLISH,
    items=(SoldItem("凍頂烏龍茶", 2, 45), SoldItem("手工蛋捲", 1, 30)),
    cashier="美玲",
    parts=(PaidAs("CREDIT_CARD", 120),),
    masked_card="************1234",
)
_THAI = replace(
    _ENGLISH,
    amount=Money(12_000, "THB"),
    items=(SoldItem("ชาเย็นน้ำตาลน้อย", 2, 4_500), SoldItem("ขนมปังปิ้งเนยนม", 1, 3_000)),
    cashier="มาลี",
    parts=(PaidAs("BALANCE", 12_000),),
    captured_minor=12_000,
)
_JAPANESE = replace(
    _ENGLISH,
    items=(SoldItem("ウーロン茶", 2, 45), SoldItem("たまごロール", 1, 30)),
    cashier="さくら",
)
_MIXED = replace(
    _ENGLISH,
    amount=Money(235, "TWD"),
    items=(
        SoldItem("Tea 烏龍茶 (hot)", 1, 45),
        SoldItem("ชาเย็น Thai tea", 2, 50),
        SoldItem("抹茶ラテ Matcha latte with oat milk and a shot of brown sugar", 1, 90),
    ),
    parts=(PaidAs("BALANCE", 200), PaidAs("DISCOUNT", 35)),
    captured_minor=235,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sale and the shop where it was made."""

    language: str
    order: Order
    store_name: str
    branch: str
    utc_offset_minutes: int = 480
    zone: str = "CST"

    @property
    def rules(self) -> Rules:
        """The lane of that shop; a test, as everything here."""
        words = catalogue(self.language)
        shop = ReceiptRules(
            language=self.language,
            words=words,
            store_name=self.store_name,
            branch=self.branch,
            footer=(words["receipt.thank_you"],),
            utc_offset_minutes=self.utc_offset_minutes,
            zone=self.zone,
        )
        currency = self.order.amount.currency
        return Rules("S001", "L01", currency[:2], currency, _ACCOUNT, test=True, receipt=shop)


SAMPLES = {
    "en": Sample("en", _ENGLISH, "Corner Tea", "Main Street"),
    "zh-TW": Sample("zh-TW", _CHINESE, "街角茶館", "永康店"),
    "th": Sample("th", _THAI, "ร้านชาหัวมุม", "สาขาสีลม", 420, "+07"),
    "ja": Sample("ja", _JAPANESE, "街角のお茶屋", "表参道店", 540, "JST"),
    "mixed": Sample("zh-TW", _MIXED, "Corner Tea 街角茶館", "Silom สีลม"),
}


def document(kind: str, order: Order, rules: Rules, *, dots: int, copy: int) -> ReceiptDocument:
    """The paper of `kind` on `dots` of width; kinds are `posd.cli.receipt.KINDS`."""
    if kind == "test":
        return trial_page(rules, at_ms=AT_MS, columns=dots // 12)
    return _PAPERS[kind](order, rules, copy)


def _slip(kind: SlipKind, order: Order, rules: Rules, copy: int) -> ReceiptDocument:
    return slip(kind, order, rules, at_ms=AT_MS, copy=copy)


def _unpaid(order: Order) -> Order:
    return replace(order, transaction_id="", parts=(), masked_card="", captured_minor=0)


def _given_back(order: Order, kind: str, minor: int) -> Order:
    reversal = Reversal(1, kind, minor, minor == order.captured_minor, (), 0)
    return replace(order, reversal=reversal, refunded_minor=minor, refunds=("2026112400000000099",))


_PAPERS: dict[str, Callable[[Order, Rules, int], ReceiptDocument]] = {
    "sale": lambda order, rules, copy: receipt(order, rules, copy=copy),
    "merchant": lambda order, rules, copy: merchant_copy(order, rules, copy=copy or 1),
    "unknown": lambda order, rules, copy: _slip(SlipKind.UNKNOWN, _unpaid(order), rules, copy),
    "accepted": lambda order, rules, copy: _slip(SlipKind.ACCEPTED, _unpaid(order), rules, copy),
    "declined": lambda order, rules, copy: _slip(SlipKind.DECLINED, _unpaid(order), rules, copy),
    "void": lambda order, rules, copy: _slip(
        SlipKind.VOIDED, _given_back(order, "void", order.captured_minor), rules, copy
    ),
    "refund": lambda order, rules, copy: _slip(
        SlipKind.REFUNDED, _given_back(order, "refund", order.captured_minor // 3), rules, copy
    ),
}
