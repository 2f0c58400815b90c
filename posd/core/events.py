"""What the world did, in the past tense. Every event carries its time and what the core cannot see.

An event is put into the inbox once and never changed. `at` is when it was seen: the boot clock
orders and measures, the wall clock only labels.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.values import PrintProof
from posd.core.evidence import Evidence
from posd.core.instant import Instant
from posd.core.money import Money
from posd.core.records import OrderRecovered
from posd.core.reversal_events import (
    AbandonRequested,
    AcceptRequested,
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


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the basket, for the receipt and for LINE Pay's product list."""

    name: str
    quantity: int
    price: Money


# ---- the process ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProcessStarted:
    """posd began; `boot_id` is the kernel's, so that a reboot is known from a restart.

    `sent` are the orders whose request the second copy knows and the journal does not.
    """

    at: Instant
    boot_id: str
    program: str
    sent: tuple[OrderRecovered, ...] = ()


@dataclass(frozen=True, slots=True)
class TimePassed:
    """A deadline of the state may have come."""

    at: Instant


# ---- people and tills -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SaleRequested:
    """A till or a cashier wants an amount.

    `repeat_of` is the order that this Idempotency-Key opened before, if any, and `same_body`
    whether it asked for the same. `reference_held_by` is a live or paid order of the same
    reference. `hindrances` are reasons not to take an order now, worst first.
    """

    at: Instant
    order_id: str
    sale_id: str
    receipt_number: str
    reference: str
    idempotency_key: str
    body_sha256: str
    amount: Money
    items: tuple[Item, ...] = ()
    cashier: str = ""
    another_customer: bool = False
    repeat_of: str | None = None
    same_body: bool = True
    reference_held_by: str | None = None
    hindrances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """Somebody wants the sale to end without payment.

    As below: under which key of the till, if it is one that asks, and the SHA-256 of its ask.
    """

    at: Instant
    order_id: str
    idempotency_key: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class KeepRequested:
    """Somebody decided that a payment learned late is kept."""

    at: Instant
    order_id: str
    idempotency_key: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class ReprintRequested:
    """Somebody wants a copy of the receipt."""

    at: Instant
    order_id: str
    idempotency_key: str = ""
    body_sha256: str = ""


# ---- the scanner ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A code arrived. The code itself stays in the engine's vault.

    `finding` is what `keys.classify` made of it; `fingerprint` its HMAC; `used_by` the order
    that this fingerprint paid for, however long ago. The times are those of its first and last
    byte, on the boot clock. `doubt` is what a fresh key may be besides: it decides nothing and is
    said, as `doubt_<doubt>`.
    """

    at: Instant
    finding: str
    fingerprint: str
    first_byte_ns: int
    last_byte_ns: int
    length: int
    used_by: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class SlipScanned:
    """The barcode or QR code of an order's paper was scanned while no sale waited for a code."""

    at: Instant
    order_id: str


# ---- LINE Pay -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GatewayUnreachable:
    """The connection for the next payment could not be opened; nothing was sent."""

    at: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class PayAnswered:
    """LINE Pay answered the payment request."""

    at: Instant
    order_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PayNotSent:
    """It is proved that no byte of the payment request left."""

    at: Instant
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class PayUnanswered:
    """The payment request may have left and no usable answer came."""

    at: Instant
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """LINE Pay answered the check with this number.

    `mismatches_before` counts the proved mismatches of other orders in this shift.
    """

    at: Instant
    order_id: str
    number: int
    evidence: Evidence
    mismatches_before: int = 0


@dataclass(frozen=True, slots=True)
class CheckUnanswered:
    """The check with this number brought nothing."""

    at: Instant
    order_id: str
    number: int
    reason: str


# ---- the printer ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintSucceeded:
    """Every byte of the job was taken; `proof` says how sure the paper is."""

    at: Instant
    order_id: str
    copy: int
    proof: PrintProof


@dataclass(frozen=True, slots=True)
class PrintNotStarted:
    """No byte of the job was sent; `condition` is the printer's."""

    at: Instant
    order_id: str
    copy: int
    condition: str


@dataclass(frozen=True, slots=True)
class PrintUnanswered:
    """Some bytes of the job were sent and its outcome is unknown."""

    at: Instant
    order_id: str
    copy: int
    reason: str


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The printer took every byte of a slip."""

    at: Instant
    order_id: str
    number: int
    proof: PrintProof


@dataclass(frozen=True, slots=True)
class SlipNotStarted:
    """No byte of the slip was sent."""

    at: Instant
    order_id: str
    number: int
    condition: str


@dataclass(frozen=True, slots=True)
class SlipUnanswered:
    """Some bytes of the slip were sent and its outcome is unknown."""

    at: Instant
    order_id: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class PrinterReady:
    """A printer that did not take jobs takes them again."""

    at: Instant


MoneyEvent = (
    CancelRequested
    | CodeScanned
    | TimePassed
    | ProcessStarted
    | GatewayUnreachable
    | PayAnswered
    | PayNotSent
    | PayUnanswered
    | CheckAnswered
    | CheckUnanswered
    | KeepRequested
    | AbandonRequested
    | AcceptRequested
    | ReversalRequested
    | CaptureRequested
    | SettlementRequested
    | CaptureAnswered
    | CaptureNotSent
    | CaptureUnanswered
    | ReversalAnswered
    | ReversalNotSent
    | ReversalUnanswered
)
SlipEvent = SlipPrinted | SlipNotStarted | SlipUnanswered
PaperEvent = (
    PrintSucceeded
    | PrintNotStarted
    | PrintUnanswered
    | PrinterReady
    | ReprintRequested
    | ProcessStarted
)
Event = MoneyEvent | PaperEvent | SlipEvent | SlipScanned | SaleRequested
