"""What LINE Pay said of one order, reduced to what the machine judges.

The gateway worker translates the client's answers into this; no wire format is known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Proof(StrEnum):
    """What a result code proves for the operation that it answered (reference, section 5)."""

    SUCCESS = "success"
    NO_MONEY_MOVED = "no_money_moved"
    NO_SUCH_TRANSACTION = "no_such_transaction"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class PaidPart:
    """One means of payment in payInfo: `BALANCE`, `CREDIT_CARD`, `POINT`, ..."""

    method: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """One refund of a payment, as LINE Pay's details list it; `amount` is positive."""

    transaction_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer. What LINE Pay left out is None (or empty), never a default.

    `parts` is payInfo; its sum is what was paid. `status` is the status of a check, or payStatus
    of an authorization, as is. `transaction_id` of a refund's answer is the refund's own.
    `expires_ms` is when an authorization ends, UTC.
    """

    proof: Proof
    code: str
    message: str = ""
    order_id: str | None = None
    transaction_id: str | None = None
    transaction_date: str | None = None
    status: str | None = None
    currency: str | None = None
    parts: tuple[PaidPart, ...] = ()
    masked_card: str | None = None
    balance: Decimal | None = None
    refunds: tuple[RefundSeen, ...] = ()
    expires_ms: int | None = None

    @property
    def paid(self) -> Decimal | None:
        """The sum of all means of payment; None where payInfo was left out."""
        return sum((part.amount for part in self.parts), Decimal(0)) if self.parts else None
