"""Events about giving up, capturing and giving back; `events` has all the others."""

from __future__ import annotations

from dataclasses import dataclass

from posd.core.evidence import Evidence
from posd.core.instant import Instant
from posd.core.people import Actor

# ---- people and tills -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what moves or gives up money, why, and under which key of the till."""

    actor: Actor
    reason: str = ""
    idempotency_key: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class AbandonRequested:
    """Somebody stops waiting for an uncertain payment.

    `because` is paid_otherwise, goods_kept (late success is reversed) or goods_gone (kept).
    """

    at: Instant
    order_id: str
    because: str
    asking: Asking


@dataclass(frozen=True, slots=True)
class AcceptRequested:
    """A supervisor hands over the goods although the payment is not confirmed."""

    at: Instant
    order_id: str
    asking: Asking


@dataclass(frozen=True, slots=True)
class ReversalRequested:
    """Somebody wants money given back: all that is left, or `amount_minor` of it."""

    at: Instant
    order_id: str
    amount_minor: int | None
    asking: Asking


@dataclass(frozen=True, slots=True)
class CaptureRequested:
    """Somebody wants what was authorized: all of it, or `amount_minor`."""

    at: Instant
    order_id: str
    amount_minor: int | None
    asking: Asking


@dataclass(frozen=True, slots=True)
class SettlementRequested:
    """A supervisor says how an owed or unproved refund ended: given back, or not."""

    at: Instant
    order_id: str
    given_back: bool
    asking: Asking


# ---- LINE Pay -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaptureAnswered:
    """LINE Pay answered the capture."""

    at: Instant
    order_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CaptureNotSent:
    """It is proved that no byte of the capture left."""

    at: Instant
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaptureUnanswered:
    """The capture may have left and no usable answer came."""

    at: Instant
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReversalAnswered:
    """LINE Pay answered the void or refund with this number."""

    at: Instant
    order_id: str
    number: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ReversalNotSent:
    """It is proved that no byte of that void or refund left."""

    at: Instant
    order_id: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReversalUnanswered:
    """That void or refund may have left and no usable answer came."""

    at: Instant
    order_id: str
    number: int
    reason: str
