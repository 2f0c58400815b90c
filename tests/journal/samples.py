"""Records of plausible orders, and how to open and damage the journal of a test."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import apsw

from posd.core.instant import Instant
from posd.core.records import (
    CheckReported,
    CheckSent,
    LaneStarted,
    OrderSettled,
    PaidAs,
    PaymentConfirmed,
    PaySent,
    PrintFinished,
    PrintStarted,
    Record,
    SaleOpened,
    SoldItem,
)
from posd.journal.chain import epoch_head, seal
from posd.journal.journal import Journal, LaneIdentity
from posd.journal.reader import JournalReader
from posd.journal.sent_log import SentLine, SentLog

LANE = LaneIdentity("S001", "L01", "machine-a")
AT = Instant(wall_ms=1_795_000_000_000, boot_ns=5_000_000_000)
BOOT = "boot-1"


def opened(number: int, **changes: object) -> SaleOpened:
    fields: dict[str, object] = {
        "order_id": order_id(number),
        "sale_id": f"sale-{number}",
        "receipt_number": f"R{number:08d}",
        "reference": f"basket-{number}",
        "idempotency_key": f"key-{number}",
        "body_sha256": f"{number:064x}",
        "amount_minor": 120,
        "currency": "TWD",
        "items": (SoldItem("珍珠奶茶", 1, 120),),
        "cashier": "ann",
        "another_customer": False,
        "opened_ns": 1,
        "opened_ms": 2,
    }
    return SaleOpened(**{**fields, **changes})


def sent(number: int, **changes: object) -> PaySent:
    fields: dict[str, object] = {
        "order_id": order_id(number),
        "fingerprint": f"fingerprint-{number}",
        "host": "sandbox-api-pay.line.me",
        "channel_id": "1650000000",
        "dialect": "v4",
        "currency": "TWD",
        "capture": True,
        "scan_ns": 3,
        "scan_ms": 4,
        "not_after_ns": 5,
        "amount_minor": 120,
        "receipt_number": f"R{number:08d}",
    }
    return PaySent(**{**fields, **changes})


def lines(directory: Path, *numbers: int) -> list[SentLine]:
    """All lines of the sent log of `directory`, after those of these orders were added."""
    log = SentLog(directory / "sent.log")
    for number in numbers:
        log.append(sent(number), AT)
    return log.lines()


def names(sent_lines: Iterable[SentLine]) -> list[str]:
    return [line.order_id for line in sent_lines]


def order_id(number: int) -> str:
    return f"S001-L01-{number:026d}"


def started(program: str = "posd 1") -> LaneStarted:
    return LaneStarted(BOOT, 1, 2, program)


def paid(number: int) -> list[Record]:
    """All the records of an order that went well, OrderSettled last."""
    name = order_id(number)
    return [
        opened(number),
        sent(number),
        CheckSent(name, 1, "check", 6, False),
        CheckReported(name, 1, "pending", "1106"),
        PaymentConfirmed(
            name, "2019123112345678910", "", (PaidAs("BALANCE", 120),), "", "pay", False, True, 7
        ),
        PrintStarted(name, 0),
        PrintFinished(name, 0, "proved"),
        OrderSettled(name),
    ]


def write(directory: Path, *batches: list[Record]) -> int:
    """Append each batch in its own transaction; the last seq."""
    journal = Journal.open(directory, LANE)
    try:
        seq = 0
        for batch in batches:
            seq = journal.append(batch, at=AT, boot_id=BOOT)
        return seq
    finally:
        journal.close()


def tamper(directory: Path, sql: str) -> None:
    """Change the file as somebody with an SQLite shell and time would: without the triggers."""
    connection = apsw.Connection(str(directory / "journal.db"))
    try:
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        connection.execute(sql).fetchall()
    finally:
        connection.close()


def reseal(directory: Path) -> None:
    """Forge a chain that holds over what the records say now."""
    with JournalReader(directory) as reader:
        entries, head = reader.entries(0, -1), epoch_head(reader.epoch()).hash
    for entry in entries:
        hash_ = seal(entry[:11], head)
        change = f"prev_hash = x'{head.hex()}', hash = x'{hash_.hex()}'"
        tamper(directory, f"UPDATE record SET {change} WHERE seq = {entry.seq}")
        head = hash_
