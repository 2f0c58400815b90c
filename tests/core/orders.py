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
    SlipNotStarted,
    SlipPrinted,
    SlipScanned,
    SlipUnanswered,
    TimePassed,
)
from posd.core.evidence import Proof
from posd.core.keys import KEY
from posd.core.order import MoneyState, Order, PaperState
from posd.core.people import Actor, Role
from posd.core.records import (
    AmountVerified,
    AttentionRaised,
    CheckReported,
    CheckSent,
    DeclineReported,
    MismatchProved,
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
    SweepAnswered,
    VerdictOverdue,
)
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
    Asking,
    CaptureAnswered,
    CaptureNotSent,
    CaptureRequested,
    CaptureUnanswered,
    ReversalAnswered,
    ReversalNotSent,
    ReversalRequested,
    ReversalUnanswered,
    SettlementRequested,
)
from posd.core.reversal_records import (
    CaptureFailed,
    CaptureSent,
    CaptureUnknown,
    PaymentAuthorized,
    PaymentPartlyRefunded,
    PaymentReversed,
    RefundOwed,
    ReversalGivenUp,
    ReversalSent,
    ReversalUnknown,
    SaleAbandoned,
    SaleAccepted,
    VoidGivenUp,
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
LIN = Actor("lin", Role.SUPERVISOR)
ASKING = Asking(LIN, "broken cup", "act-1", "11" * 32)
WHO = {"actor": "lin", "reason": "broken cup", "idempotency_key": "act-1", "body_sha256": "11" * 32}
AUTHORIZED = PaymentAuthorized(
    order_id="A",
    transaction_id="2026112400000000001",
    found_by="pay",
    expires_ms=lanes.WALL_MS + 86_400_000,
    alert_ns=lanes.BOOT_NS + 82_800 * SECOND,
    verified=True,
)
CAPTURE_SENT = CaptureSent("A", 120, lanes.BOOT_NS + 3 * SECOND, **WHO)
CAPTURE_UNKNOWN = CaptureUnknown("A", "timeout", "", lanes.BOOT_NS + 4 * SECOND)
REVERSAL_SENT = ReversalSent("A", 1, "refund", 120, True, (), 1, lanes.BOOT_NS + 3 * SECOND, **WHO)
REVERSAL_UNKNOWN = ReversalUnknown("A", 1, "timeout", "", lanes.BOOT_NS + 4 * SECOND)
OWED = RefundOwed("A", 1, "refused", "2042", False, lanes.BOOT_NS + 4 * SECOND)
REVERSED = PaymentReversed("A", 1, "99", "answer")
CHECK = CheckSent("A", 1, "check", lanes.BOOT_NS + 3 * SECOND, False)

_PAID = (OPENED, SENT, CONFIRMED)
_AUTHORIZED = (OPENED, SENT, AUTHORIZED)
_REVERSING = (*_PAID, PrintStarted("A", 0), PrintFinished("A", 0, "proved"), REVERSAL_SENT)
_PRINTING = (*_PAID, PrintStarted("A", 0))

TO_MONEY: dict[str, tuple[Record, ...]] = {
    "ARMED": (OPENED,),
    "SENT": (OPENED, SENT),
    "UNKNOWN": (OPENED, SENT, UNKNOWN),
    "CONFIRMED": _PAID,
    "NOT_PAID": (OPENED, SENT, NOT_PAID),
    "AUTHORIZED": _AUTHORIZED,
    "CAPTURING": (*_AUTHORIZED, CAPTURE_SENT),
    "CAPTURE_UNKNOWN": (*_AUTHORIZED, CAPTURE_SENT, CAPTURE_UNKNOWN),
    "REVERSING": _REVERSING,
    "REVERSAL_UNKNOWN": (*_REVERSING, REVERSAL_UNKNOWN),
    "REFUND_OWED": (*_REVERSING, OWED),
    "REVERSED": (*_REVERSING, REVERSED),
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
        AmountVerified("A"),
        MismatchProved("A", "2026112400000000001", 121, "TWD", lanes.WALL_MS),
        SweepAnswered("A"),
        SaleAbandoned("A", "paid_otherwise", **WHO),
        SaleAccepted("A", **WHO),
        AUTHORIZED,
        CAPTURE_SENT,
        CAPTURE_UNKNOWN,
        CaptureFailed("A", "connect_refused", ""),
        REVERSAL_SENT,
        REVERSAL_UNKNOWN,
        OWED,
        REVERSED,
        PaymentPartlyRefunded("A", 1, "99", 20, "answer"),
        ReversalGivenUp("A", 1, **WHO),
        VoidGivenUp("A", 1, **WHO),
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
        AbandonRequested(AT, "A", "paid_otherwise", ASKING),
        AcceptRequested(AT, "A", ASKING),
        ReversalRequested(AT, "A", None, ASKING),
        CaptureRequested(AT, "A", None, ASKING),
        SettlementRequested(AT, "A", True, ASKING),
        CaptureAnswered(AT, "A", lanes.paid()),
        CaptureNotSent(AT, "A", "refused"),
        CaptureUnanswered(AT, "A", "timeout"),
        ReversalAnswered(AT, "A", 1, lanes.said(Proof.SUCCESS, "0000", transaction_id="99")),
        ReversalNotSent(AT, "A", 1, "refused"),
        ReversalUnanswered(AT, "A", 1, "timeout"),
        ReprintRequested(AT, "A"),
        PrintSucceeded(AT, "A", 0, PrintProof.PROVED),
        PrintNotStarted(AT, "A", 0, "paper_out"),
        PrintUnanswered(AT, "A", 0, "reset"),
        PrinterReady(AT),
    )
}

SLIP_EVENTS: dict[str, Event] = {
    type(event).__name__: event
    for event in (
        SlipPrinted(AT, "A", 1, PrintProof.PROVED),
        SlipNotStarted(AT, "A", 1, "paper_out"),
        SlipUnanswered(AT, "A", 1, "reset"),
        SlipScanned(AT, "A"),
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
