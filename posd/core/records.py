"""What is now true: what the journal keeps, and all that `apply` ever sees.

A record is written and flushed before the effect that it names. Fields are only ever added, with
a default; a changed meaning is a new version (docs/reference/journal.md). Amounts are minor
units, times on the boot clock end in `_ns`, labels on the wall clock in `_ms`.
"""

from __future__ import annotations

from dataclasses import dataclass

from posd.core.reversal_records import ReversalRecord
from posd.core.slip_records import SlipRecord

# ---- the lane -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaneStarted:
    """The process began; a changed `boot_id` means that the boot clock began anew."""

    boot_id: str
    boot_ns: int
    wall_ms: int
    program: str


# ---- the sale -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SoldItem:
    """A line of the basket; `price_minor` is for one piece."""

    name: str
    quantity: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class SaleOpened:
    """An order waits for its one-time key (ARMED)."""

    order_id: str
    sale_id: str
    receipt_number: str
    reference: str
    idempotency_key: str
    body_sha256: str
    amount_minor: int
    currency: str
    items: tuple[SoldItem, ...]
    cashier: str
    another_customer: bool
    opened_ns: int
    opened_ms: int


@dataclass(frozen=True, slots=True)
class SaleCancelled:
    """The order ended before a key was sent; `because` is cashier, no_key, restart, gateway.

    With each record that a till asked for: its key for it, and the SHA-256 of what it asked.
    """

    order_id: str
    because: str
    idempotency_key: str = ""
    body_sha256: str = ""


# ---- the money ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaySent:
    """The payment request is about to leave, once, ever; checks use the account named here."""

    order_id: str
    fingerprint: str
    host: str
    channel_id: str
    dialect: str
    currency: str
    capture: bool
    scan_ns: int
    scan_ms: int
    not_after_ns: int
    amount_minor: int = 0
    receipt_number: str = ""


@dataclass(frozen=True, slots=True)
class OrderRecovered:
    """An order that only the second copy of what was sent knows: UNKNOWN, for a person.

    `amount_minor` is 0 where the copy did not say.
    """

    order_id: str
    receipt_number: str
    amount_minor: int
    currency: str
    fingerprint: str
    host: str
    channel_id: str
    dialect: str
    capture: bool
    sent_ms: int


@dataclass(frozen=True, slots=True)
class DeclineReported:
    """LINE Pay declined; not believed before one check."""

    order_id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PaymentUnknown:
    """Whether money moved is not known; `because` says what was seen instead of an answer."""

    order_id: str
    because: str
    code: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class MismatchSeen:
    """LINE Pay reported success for another order, amount or currency."""

    order_id: str
    what: str
    transaction_id: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class AttentionRaised:
    """A person should look; `reason` is an `order.Attention`, `what` a sentence."""

    order_id: str
    reason: str
    what: str


@dataclass(frozen=True, slots=True)
class VerdictOverdue:
    """60 s after the scan there was no verdict: NOT CONFIRMED is shown."""

    order_id: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class CheckSent:
    """LINE Pay is asked about the order; `operation` is check, details or authorizations."""

    order_id: str
    number: int
    operation: str
    sent_ns: int
    past_horizon: bool


@dataclass(frozen=True, slots=True)
class CheckReported:
    """What that question brought: `finding` is a `judging.Finding`, or no_answer."""

    order_id: str
    number: int
    finding: str
    code: str


@dataclass(frozen=True, slots=True)
class PaidAs:
    """A means of payment and its part of the amount."""

    method: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PaymentConfirmed:
    """LINE Pay has the money. `late` asks a person before paper; `verified` is the amount."""

    order_id: str
    transaction_id: str
    transaction_date: str
    parts: tuple[PaidAs, ...]
    masked_card: str
    found_by: str
    late: bool
    verified: bool
    confirmed_ms: int
    captured_minor: int = 0  # 0: the amount of the order


@dataclass(frozen=True, slots=True)
class PaymentNotPaid:
    """No money moved; `because` is declined, absent, cancelled, failed or expired."""

    order_id: str
    because: str
    code: str


@dataclass(frozen=True, slots=True)
class PaymentLate:
    """A confirmed payment without paper has become too old to print unasked."""

    order_id: str


@dataclass(frozen=True, slots=True)
class PaymentKept:
    """A person kept a payment that was learned late."""

    order_id: str
    idempotency_key: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class AmountVerified:
    """The details state the amount that a success had left out, and it is right."""

    order_id: str


@dataclass(frozen=True, slots=True)
class MismatchProved:
    """Success and details agree on another amount than was asked: that much was taken."""

    order_id: str
    transaction_id: str
    captured_minor: int
    currency: str
    confirmed_ms: int


@dataclass(frozen=True, slots=True)
class SweepAnswered:
    """A denied order was asked about once more, and is still denied."""

    order_id: str


# ---- the paper ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintStarted:
    """A receipt is about to be sent to the printer; `copy` 0 is the original."""

    order_id: str
    copy: int
    idempotency_key: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class PrintFinished:
    """The printer took the job; `proof` is proved or probable."""

    order_id: str
    copy: int
    proof: str


@dataclass(frozen=True, slots=True)
class PrintHeld:
    """No byte was sent; the same job waits until the printer is ready."""

    order_id: str
    copy: int
    condition: str


@dataclass(frozen=True, slots=True)
class PrintUnknown:
    """Bytes were sent and the outcome is unknown; further prints are copies."""

    order_id: str
    copy: int
    because: str


# ---- the end --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderSettled:
    """Nothing is left to do for the order by itself; it leaves memory."""

    order_id: str


OrderRecord = (
    SaleOpened
    | SaleCancelled
    | PaySent
    | DeclineReported
    | PaymentUnknown
    | MismatchSeen
    | AttentionRaised
    | VerdictOverdue
    | CheckSent
    | CheckReported
    | PaymentConfirmed
    | PaymentNotPaid
    | PaymentLate
    | PaymentKept
    | OrderRecovered
    | AmountVerified
    | MismatchProved
    | SweepAnswered
    | ReversalRecord
    | PrintStarted
    | PrintFinished
    | PrintHeld
    | PrintUnknown
    | SlipRecord
    | OrderSettled
)
Record = LaneStarted | OrderRecord
