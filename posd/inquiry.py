"""An order as LINE Pay sees it, beside what the journal says: told, compared, nothing changed.

Rule: an inquiry is for people. The machine asks its own questions, and only their answers move it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from posd.core.order import MoneyState
from posd.snapshot import SaleView

NO_SUCH_TRANSACTION = "1150"
SUCCESS = "0000"


@dataclass(frozen=True, slots=True)
class Told:
    """What one question brought. `outcome` is answered, not_sent or no_answer.

    What LINE Pay left out is None; `reason` tells why there was no answer. `amount` is a decimal
    string, `refunded` the sum of all refunds.
    """

    operation: str
    outcome: str
    code: str | None = None
    message: str | None = None
    status: str | None = None
    transaction_id: str | None = None
    amount: str | None = None
    currency: str | None = None
    refunded: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that journal and LINE Pay tell differently."""

    operation: str
    field: str
    journal: str
    linepay: str


@dataclass(frozen=True, slots=True)
class InquiryView:
    """The journal's view, LINE Pay's answers, and where they differ."""

    sale: SaleView
    told: tuple[Told, ...]
    differences: tuple[Difference, ...]


# What becomes of a payment that is given back: LINE Pay may tell its first half, or both.
_ANY_LIFE = ("COMPLETE", "CAPTURE", "AUTHORIZATION", "VOIDED_AUTHORIZATION", SUCCESS)
# What check and details may say of an order in each state without contradicting the journal.
_EXPECTED = {
    MoneyState.ARMED: (NO_SUCH_TRANSACTION,),
    MoneyState.SENT: (),
    MoneyState.UNKNOWN: (),
    MoneyState.CONFIRMED: ("COMPLETE", "CAPTURE", SUCCESS),
    MoneyState.AUTHORIZED: ("AUTHORIZATION",),
    MoneyState.CAPTURING: (),
    MoneyState.CAPTURE_UNKNOWN: (),
    MoneyState.NOT_PAID: (NO_SUCH_TRANSACTION, "FAIL", "CANCEL", "VOIDED_AUTHORIZATION"),
    MoneyState.REVERSING: _ANY_LIFE,
    MoneyState.REVERSAL_UNKNOWN: _ANY_LIFE,
    MoneyState.REFUND_OWED: _ANY_LIFE,
    MoneyState.REVERSED: _ANY_LIFE,
}


def compared(sale: SaleView, told: Iterable[Told]) -> InquiryView:
    """The two views side by side."""
    answers = tuple(told)
    found = (difference for answer in answers for difference in _differences(sale, answer))
    return InquiryView(sale, answers, tuple(found))


def _differences(sale: SaleView, told: Told) -> Iterator[Difference]:
    if told.outcome != "answered" or told.code not in (SUCCESS, NO_SUCH_TRANSACTION):
        return
    word = (told.status or SUCCESS) if told.code == SUCCESS else NO_SUCH_TRANSACTION
    # Authorizations know only what was authorized and not taken: their silence says nothing.
    speaks = told.operation != "authorizations" or told.code == SUCCESS
    if speaks and word not in _EXPECTED[MoneyState(sale.state)]:
        yield Difference(told.operation, "state", sale.state, word)
    for name, journal, linepay in (
        ("amount", sale.amount, told.amount),
        ("currency", sale.currency, told.currency),
        ("transaction_id", sale.transaction_id, told.transaction_id),
    ):
        if journal is not None and linepay is not None and journal != linepay:
            yield Difference(told.operation, name, journal, linepay)
    if told.refunded is not None and told.refunded != sale.refunded:
        yield Difference(told.operation, "refunded", sale.refunded, told.refunded)
