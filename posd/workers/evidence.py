"""From LINE Pay's answers to what the core judges: translated, not judged.

Rule: what was left out stays left out; a list that tells of nothing proves nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from posd.core.evidence import Evidence, PaidPart, Proof, RefundSeen
from posd.linepay.answers import Answer, PaymentDetails, PayMethod, Refund, Reply
from posd.linepay.result_codes import Operation, Proves, proves

_PROOF = {
    Proves.SUCCESS: Proof.SUCCESS,
    Proves.NO_MONEY_MOVED: Proof.NO_MONEY_MOVED,
    Proves.NO_SUCH_TRANSACTION: Proof.NO_SUCH_TRANSACTION,
    Proves.UNCERTAIN: Proof.UNCERTAIN,
}


def evidence(answer: Answer, operation: Operation) -> Evidence:
    """An answer of pay, check, capture or void."""
    return Evidence(
        proof=_PROOF[proves(answer.code, operation)],
        code=answer.code,
        message=answer.message,
        order_id=answer.order_id,
        transaction_id=answer.transaction_id,
        transaction_date=answer.transaction_date,
        status=answer.status,
        currency=answer.currency,
        parts=_parts(answer.methods),
        masked_card=answer.masked_card,
        balance=answer.balance,
        expires_ms=_moment_ms(answer.authorization_expire_date),
    )


def listed(reply: Reply[tuple[PaymentDetails, ...]], operation: Operation) -> Evidence:
    """An answer of details or authorizations: its first payment."""
    said = Evidence(_PROOF[proves(reply.code, operation)], reply.code, reply.message)
    if not reply.content:
        empty = said.proof is Proof.SUCCESS
        return replace(said, proof=Proof.UNCERTAIN) if empty else said
    found = reply.content[0]
    return replace(
        said,
        order_id=found.order_id,
        transaction_id=found.transaction_id,
        transaction_date=found.transaction_date,
        status=found.pay_status,
        currency=found.currency,
        parts=_parts(found.methods),
        refunds=tuple(RefundSeen(one.transaction_id or "", one.amount) for one in found.refunds),
        expires_ms=_moment_ms(found.authorization_expire_date),
    )


def refunded(reply: Reply[Refund]) -> Evidence:
    """An answer of refund: its transaction id is the refund's own."""
    proof = _PROOF[proves(reply.code, Operation.REFUND)]
    refund_id = reply.content.transaction_id
    return Evidence(proof, reply.code, reply.message, transaction_id=refund_id)


def _parts(methods: tuple[PayMethod, ...]) -> tuple[PaidPart, ...]:
    return tuple(PaidPart(part.method, part.amount) for part in methods)


def _moment_ms(text: str | None) -> int | None:
    """ISO 8601 as UTC milliseconds; None where it is left out or cannot be read."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1000)
