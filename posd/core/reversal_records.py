"""Records of money that is authorized, captured and given back; `records` has all the others.

With each record that a person caused: the actor, why, and the till's key for it.
"""

from __future__ import annotations

from dataclasses import dataclass

# ---- giving up -----------------------------------------------------------------------------


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


ReversalRecord = (
    SaleAbandoned
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
)
