"""What an answer of LINE Pay means for one order: pure comparisons, no state is moved.

Rule: success counts only for the order asked about, its amount to the minor unit, and the
currency where one is stated. What is left out proves nothing and contradicts nothing.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from posd.core.events import CheckAnswered
from posd.core.evidence import Evidence, Proof
from posd.core.instant import Instant
from posd.core.money import Money, to_minor
from posd.core.order import Attention, MoneyState, Order
from posd.core.records import AttentionRaised, MismatchProved, PaidAs, PaymentConfirmed

# The account itself was refused: said of the payment and again of a later check, it proves that
# the payment was refused for the same reason (ADR 0010).
ACCOUNT_REFUSED = frozenset({"1104", "1106"})


class Finding(StrEnum):
    """What a check or details answer says of the order."""

    COMPLETE = "complete"
    MISMATCH = "mismatch"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    FAILED = "failed"
    AUTHORIZED = "authorized"
    EXPIRED = "expired"
    PROVED = "mismatch_proved"
    ABSENT = "absent"
    FOUND = "found"
    ACCOUNT = "account"
    UNCLEAR = "unclear"


_STATUS = {
    "AUTH_READY": Finding.WAITING,
    "CANCEL": Finding.CANCELLED,
    "FAIL": Finding.FAILED,
}
_PAY_STATUS = {
    "AUTHORIZATION": Finding.AUTHORIZED,
    "CAPTURE": Finding.COMPLETE,
    "VOIDED_AUTHORIZATION": Finding.CANCELLED,
    "EXPIRED_AUTHORIZATION": Finding.EXPIRED,
}


def judge_check(order: Order, evidence: Evidence, number: int) -> Finding:
    """The finding of the answer to the check or details question with this number.

    An unknown status is never final. An answer to an older question is read as one to a check.
    """
    if evidence.proof is Proof.NO_SUCH_TRANSACTION:
        return Finding.ABSENT
    if evidence.proof is not Proof.SUCCESS:
        return Finding.ACCOUNT if evidence.code in ACCOUNT_REFUSED else Finding.UNCLEAR
    operation = order.checks.operation if number == order.checks.number else ""
    if operation == "details":
        return _of_details(order, evidence)
    if operation == "authorizations":
        finding = _PAY_STATUS.get(evidence.status or "", Finding.UNCLEAR)
    elif evidence.status == "COMPLETE" and order.captures:
        finding = Finding.COMPLETE
    else:
        finding = _STATUS.get(evidence.status or "", Finding.UNCLEAR)
    tells_of_money = finding in (Finding.COMPLETE, Finding.AUTHORIZED)
    return Finding.MISMATCH if tells_of_money and mismatch(order, evidence) else finding


def _of_details(order: Order, evidence: Evidence) -> Finding:
    """Details decide where an amount is stated; where none is, they only know the order."""
    taken = order.captures and evidence.status in (None, "CAPTURE")
    if not taken or evidence.paid is None or evidence.order_id != order.order_id:
        return Finding.FOUND
    if mismatch(order, evidence) is None:
        return Finding.COMPLETE
    return Finding.PROVED if Attention.MISMATCH in order.attention else Finding.MISMATCH


def mismatch(order: Order, evidence: Evidence) -> str | None:
    """What contradicts the order, as a sentence for the journal; None where nothing does."""
    if evidence.order_id is not None and evidence.order_id != order.order_id:
        return f"the answer is for order {evidence.order_id[:100]}"
    if evidence.currency is not None and evidence.currency != order.amount.currency:
        return f"the answer is in {evidence.currency[:8]}"
    paid, asked_minor = evidence.paid, order.capture_minor or order.amount.minor
    known = asked_minor and paid is not None  # a recovered order may not know its amount
    if known and to_minor(paid or Decimal(0), order.amount.currency) != asked_minor:
        asked = Money(asked_minor, order.amount.currency).text
        return f"LINE Pay took {str(paid)[:24]}, asked was {asked}"
    if paid is None and order.money is MoneyState.UNKNOWN and Attention.MISMATCH in order.attention:
        return "no amount is stated, and an earlier answer contradicted the order"
    return None


def confirmed(
    order: Order, evidence: Evidence, at: Instant, found_by: str, late: bool
) -> PaymentConfirmed:
    """The record of a success that was compared and found good; of a capture, its amount."""
    return PaymentConfirmed(
        order_id=order.order_id,
        transaction_id=evidence.transaction_id or "",
        transaction_date=evidence.transaction_date or "",
        parts=_parts(order, evidence),
        masked_card=evidence.masked_card or "",
        found_by=found_by,
        late=late,
        verified=evidence.paid is not None,
        confirmed_ms=at.wall_ms,
        captured_minor=order.capture_minor or order.amount.minor or _taken(order, evidence),
    )


def proved(order: Order, event: CheckAnswered) -> tuple[MismatchProved | AttentionRaised, ...]:
    """What details state to have been taken; a flag, once, where that is no sum of this currency.

    What was taken in another currency is never booked: giving it back by the order's would give
    back something else.
    """
    said, currency = event.evidence, order.amount.currency
    stated_in = said.currency or currency
    minor = to_minor(said.paid or Decimal(0), currency) if stated_in == currency else None
    if minor:
        transaction_id, at_ms = said.transaction_id or "", event.at.wall_ms
        return (MismatchProved(order.order_id, transaction_id, minor, currency, at_ms),)
    if Attention.CONFLICT in order.attention:
        return ()
    what = f"details state {str(said.paid)[:24]} {stated_in[:8]}"
    return (AttentionRaised(order.order_id, Attention.CONFLICT, what),)


def _taken(order: Order, evidence: Evidence) -> int:
    return to_minor(evidence.paid or Decimal(0), order.amount.currency) or 0


def _parts(order: Order, evidence: Evidence) -> tuple[PaidAs, ...]:
    parts = []
    for part in evidence.parts:
        minor = to_minor(part.amount, order.amount.currency)
        if minor is None:  # the sum was compared; a part too fine to print is left out
            return ()
        parts.append(PaidAs(part.method[:32], minor))
    return tuple(parts)
