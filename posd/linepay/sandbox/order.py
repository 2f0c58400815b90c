"""One order: what was paid, and what became of it.

The rule: what an order is now follows from its fields and the time alone; nothing ticks. Source:
reference, 4.3 to 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from posd.core.money import Money
from posd.linepay.sandbox.purse import Purse


class Status(StrEnum):
    """`info.status` of check (reference, 4.3)."""

    AUTH_READY = "AUTH_READY"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"
    FAIL = "FAIL"


class Stage(StrEnum):
    """Where the money of an order is."""

    WAITING = "waiting"
    FAILED = "failed"
    CANCELLED = "cancelled"
    AUTHORIZED = "authorized"
    VOIDED = "voided"
    EXPIRED = "expired"
    CAPTURED = "captured"
    PARTLY_REFUNDED = "partly refunded"
    REFUNDED = "refunded"


CHARGED = frozenset({Stage.CAPTURED, Stage.PARTLY_REFUNDED, Stage.REFUNDED})
AUTHORIZATIONS = frozenset({Stage.AUTHORIZED, Stage.VOIDED, Stage.EXPIRED})


class Distortion(StrEnum):
    """A lie that the answers about an order tell."""

    NONE = ""
    WRONG_AMOUNT = "wrong-amount"
    NO_PAYINFO = "no-payinfo"
    OTHER_ORDER = "other-order"
    DUPLICATE_MEMBER = "duplicate-member"


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an order ends: in `status` after `after_s`, unseen by check for `hidden_s`."""

    status: Status = Status.COMPLETE
    after_s: float = 0.0
    hidden_s: float = 0.0
    fail_code: str = ""
    distortion: Distortion = Distortion.NONE


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that went back; `made_s` is seconds since the epoch."""

    transaction_id: int
    minor: int
    made_s: float
    kind: str


@dataclass(slots=True)
class Order:
    """One order. Times are seconds since the epoch; `final` holds from `settles_s` on.

    `expires_s` is None for a payment that was captured with its request; `restricted` ones cannot
    be refunded in part.
    """

    order_id: str
    money: Money
    purse: Purse
    one_time_key: str = field(repr=False)
    transaction_id: int
    created_s: float
    final: Status
    settles_s: float
    seen_from_s: float
    fail_code: str
    distortion: Distortion
    product_name: str
    restricted: bool
    expires_s: float | None
    captured_minor: int | None
    voided: bool = False
    refunds: list[Refund] = field(default_factory=list)

    @property
    def refunded_minor(self) -> int:
        """What went back so far."""
        return sum(refund.minor for refund in self.refunds)

    @property
    def booked(self) -> Money:
        """What was captured, or asked for while nothing was."""
        minor = self.money.minor if self.captured_minor is None else self.captured_minor
        return Money(minor, self.money.currency)

    def stage_at(self, now_s: float) -> Stage:
        """Where the money is at that time."""
        if now_s < self.settles_s:
            return Stage.WAITING
        if self.final is not Status.COMPLETE:
            return Stage.FAILED if self.final is Status.FAIL else Stage.CANCELLED
        if self.captured_minor is None:
            return self._uncaptured_at(now_s)
        if not self.refunds:
            return Stage.CAPTURED
        whole = self.refunded_minor >= self.captured_minor
        return Stage.REFUNDED if whole else Stage.PARTLY_REFUNDED

    def _uncaptured_at(self, now_s: float) -> Stage:
        if self.voided:
            return Stage.VOIDED
        expired = self.expires_s is not None and now_s > self.expires_s
        return Stage.EXPIRED if expired else Stage.AUTHORIZED
