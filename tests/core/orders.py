"""Orders in every state, made by records alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from devices.values import PrintProof
from posd.core import lane
from posd.core.events import (
    CancelRequested,
    CheckAnswered,
    CheckUnanswered,
    CodeScanned,
    Event,
    GatewayUnreachable,
    KeepRequested,
    PayAnswered,
    PayNotSent,
    PayUnanswered,
    PrinterReady,
    PrintNotStarted,
    PrintSucceeded,
    PrintUnanswered,
    ProcessStarted,
    ReprintRequested,
    TimePassed,
)
from posd.core.keys import KEY
from posd.core.order import MoneyState, Order, PaperState
from posd.core.records import (
    AttentionRaised,
    CheckReported,
    CheckSent,
    DeclineReported,
    MismatchSeen,
    OrderSettled,
    PaidAs,
    PaymentConfirmed,
    PaymentKept,
    PaymentLate,
    PaymentNotPaid,
    PaymentUnknown,
    PaySent,
    PrintFinished,
    PrintHeld,
    PrintStarted,
    PrintUnknown,
    Record,
    SaleCancelled,
    SaleOpened,
    VerdictOverdue,
)
from posd.core.rules import SECOND
from tests.core import lanes

AT = lanes.Lane().after(5).at

OPENED = SaleOpened(
    order_id="A",
    sale_id="sale-A",
    receipt_number="R000001",
    reference="till-A",
    idempotency_key="key-of-A",
    body_sha256="00" * 32,
    amount_minor=120,
    currency="TWD",
    items=(),
    cashier="Lin",
    another_customer=False,
    opened_ns=lanes.BOOT_NS,
    opened_ms=lanes.WALL_MS,
)
SENT = PaySent(
    order_id="A",
    fingerprint="key-1",
    host="pay.test",
    channel_id="1234567890",
    dialect="v4",
    currency="TWD",
    capture=True,
    scan_ns=lanes.BOOT_NS + SECOND,
    scan_ms=lanes.WALL_MS + 1000,
    not_after_ns=lanes.BOOT_NS + 11 * SECOND,
)
UNKNOWN = PaymentUnknown("A", "read_timeout", "", lanes.BOOT_NS + 2 * SECOND)
CONFIRMED = PaymentConfirmed(
    order_id="A",
    transaction_id="2026112400000000001",
    transaction_date="",
    parts=(PaidAs("BALANCE", 120),),
    masked_card="",
    found_by="pay",
    late=False,
    verified=True,
    confirmed_ms=lanes.WALL_MS + 2000,
)
NOT_PAID = PaymentNotPaid("A", "declined", "1142")
CHECK = CheckSent("A", 1, "check", lanes.BOOT_NS + 3 * SECOND, False)

_PAID = (OPENED, SENT, CONFIRMED)
_PRINTING = (*_PAID, PrintStarted("A", 0))

TO_MONEY: dict[str, tuple[Record, ...]] = {
    "ARMED": (OPENED,),
    "SENT": (OPENED, SENT),
    "UNKNOWN": (OPENED, SENT, UNKNOWN),
    "CONFIRMED": _PAID,
    "NOT_PAID": (OPENED, SENT, NOT_PAID),
}
TO_PAPER: dict[str, tuple[Record, ...]] = {
    "NOTHING": _PAID,
    "PRINTING": _PRINTING,
    "HELD": (*_PRINTING, PrintHeld("A", 0, "paper_out")),
    "PRINTED": (*_PRINTING, PrintFinished("A", 0, "proved")),
    "PROBABLE": (*_PRINTING, PrintFinished("A", 0, "probable")),
    "UNKNOWN": (*_PRINTING, PrintUnknown("A", 0, "reset")),
}

RECORDS: dict[str, Record] = {
    type(record).__name__: record
    for record in (
        SaleCancelled("A", "cashier"),
        SENT,
        DeclineReported("A", "1142", "balance too low"),
        UNKNOWN,
        MismatchSeen("A", "amount", "2026112400000000001", lanes.BOOT_NS),
        AttentionRaised("A", "conflict", "what"),
        VerdictOverdue("A", lanes.BOOT_NS + 61 * SECOND),
        CHECK,
        CheckReported("A", 1, "absent", "1150"),
        CONFIRMED,
        NOT_PAID,
        PaymentLate("A"),
        PaymentKept("A"),
        OrderSettled("A"),
        PrintStarted("A", 0),
        PrintFinished("A", 0, "proved"),
        PrintHeld("A", 0, "paper_out"),
        PrintUnknown("A", 0, "reset"),
    )
}

EVENTS: dict[str, Event] = {
    type(event).__name__: event
    for event in (
        CodeScanned(AT, KEY, "key-1", AT.boot_ns - 9, SENT.scan_ns + 1, 18),
        CancelRequested(AT, "A"),
        KeepRequested(AT, "A"),
        GatewayUnreachable(AT, "dns"),
        TimePassed(AT),
        ProcessStarted(AT, "boot-1", "posd 1"),
        PayAnswered(AT, "A", lanes.paid()),
        PayNotSent(AT, "A", "refused"),
        PayUnanswered(AT, "A", "read_timeout"),
        CheckAnswered(AT, "A", 1, lanes.COMPLETE),
        CheckUnanswered(AT, "A", 1, "timeout"),
        ReprintRequested(AT, "A"),
        PrintSucceeded(AT, "A", 0, PrintProof.PROVED),
        PrintNotStarted(AT, "A", 0, "paper_out"),
        PrintUnanswered(AT, "A", 0, "reset"),
        PrinterReady(AT),
    )
}


def state_after(records: tuple[Record, ...]) -> lane.LaneState:
    return lane.replay(lane.LaneState(lanes.RULES, boot_id="boot-1"), records)


def order_after(records: tuple[Record, ...], **changes: Any) -> Order:
    return replace(state_after(records).orders["A"], **changes)


def money(name: MoneyState, **changes: Any) -> Order:
    return order_after(TO_MONEY[name], **changes)


def paper(name: PaperState, **changes: Any) -> Order:
    return order_after(TO_PAPER[name], **changes)
