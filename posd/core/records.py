"""What is now true: what the journal keeps, and all that `apply` ever sees.

A record is written and flushed before the effect that it names. Fields are only ever added, with
a default; a changed meaning is a new version (docs/reference/journal.md). Amounts are minor
units, times on the boot clock end in `_ns`, labels on the wall clock in `_ms`.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """The order ended before a key was sent; `because` is cashier, no_key, restart, gateway."""

    order_id: str
    because: str


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


@dataclass(frozen=True, slots=True)
class SaleAbandoned:
    """Nobody waits for the payment any more; `because` is paid_otherwise, goods_kept, goods_gone.

    With each record that a person caused: the actor, why, and the till's key for it.
    """

    order_id: str
    because: str
    actor: str
    reason: str
    idempotency_key: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class SaleAccepted:
    """A supervisor handed over the goods unconfirmed."""

    order_id: str
    actor: str
    reason: str
    idempotency_key: str
    body_sha256: str


# ---- capture --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaymentAuthorized:
    """LINE Pay holds the money for us; it is not taken. `alert_ns`: when to look again."""

    order_id: str
    transaction_id: str
    found_by: str
    expires_ms: int
    alert_ns: int
    verified: bool


@dataclass(frozen=True, slots=True)
class CaptureSent:
    """The capture of this amount is about to leave."""

    order_id: str
    amount_minor: int
    sent_ns: int
    actor: str
    reason: str
    idempotency_key: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class CaptureUnknown:
    """Whether the capture was carried out is not known."""

    order_id: str
    because: str
    code: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class CaptureFailed:
    """The capture was not carried out; the money is still authorized."""

    order_id: str
    because: str
    code: str


# ---- giving back ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReversalSent:
    """A void or refund is about to leave; `seen` are the refunds told of before it.

    `full`: it is all that is left. `attempt` counts the requests of one intent, which only a
    full one may have more than one of.
    """

    order_id: str
    number: int
    kind: str
    amount_minor: int
    full: bool
    seen: tuple[str, ...]
    attempt: int
    sent_ns: int
    actor: str
    reason: str
    idempotency_key: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class ReversalUnknown:
    """Whether the money was given back is not known: read first."""

    order_id: str
    number: int
    because: str
    code: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class RefundOwed:
    """It was refused, so the money is owed; `for_person`: posd does not ask again by itself."""

    order_id: str
    number: int
    because: str
    code: str
    for_person: bool
    since_ns: int


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """All that was taken is given back; `found_by` is answer, read or person."""

    order_id: str
    number: int
    refund_id: str
    found_by: str
    actor: str = ""
    reason: str = ""
    idempotency_key: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class PaymentPartlyRefunded:
    """A part is given back; `amount_minor` is that part."""

    order_id: str
    number: int
    refund_id: str
    amount_minor: int
    found_by: str
    actor: str = ""
    reason: str = ""
    idempotency_key: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class ReversalGivenUp:
    """A supervisor says that the money was not given back and shall not be: it is kept."""

    order_id: str
    number: int
    actor: str
    reason: str
    idempotency_key: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class VoidGivenUp:
    """A supervisor says that it was not released: it is still authorized."""

    order_id: str
    number: int
    actor: str
    reason: str
    idempotency_key: str
    body_sha256: str


# ---- the paper ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintStarted:
    """A receipt is about to be sent to the printer; `copy` 0 is the original."""

    order_id: str
    copy: int


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
    | SaleAbandoned
    | SaleAccepted
    | PaymentAuthorized
    | CaptureSent
    | CaptureUnknown
    | CaptureFailed
    | ReversalSent
    | ReversalUnknown
    | RefundOwed
    | PaymentReversed
    | PaymentPartlyRefunded
    | ReversalGivenUp
    | VoidGivenUp
    | PrintStarted
    | PrintFinished
    | PrintHeld
    | PrintUnknown
    | OrderSettled
)
Record = LaneStarted | OrderRecord
