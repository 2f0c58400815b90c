"""Values of answers that are known, to compare with what came.

One rule: an answer holds text, and a value that is not here is kept and never final.
"""

from __future__ import annotations

from enum import StrEnum


class PaymentStatus(StrEnum):
    """`Answer.status` of a check (reference, section 4.3); any other value is not final."""

    AUTH_READY = "AUTH_READY"  # the customer must still confirm
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"
    FAIL = "FAIL"
    REFUND = "REFUND"  # one source alone names it


class PayStatus(StrEnum):
    """`PaymentDetails.pay_status` (reference, section 4.4)."""

    AUTHORIZATION = "AUTHORIZATION"
    CAPTURE = "CAPTURE"
    VOIDED_AUTHORIZATION = "VOIDED_AUTHORIZATION"
    EXPIRED_AUTHORIZATION = "EXPIRED_AUTHORIZATION"


class TransactionType(StrEnum):
    """`transaction_type` of a payment or of its refund (reference, section 4.5)."""

    PAYMENT = "PAYMENT"
    PAYMENT_REFUND = "PAYMENT_REFUND"  # all of it
    PARTIAL_REFUND = "PARTIAL_REFUND"
