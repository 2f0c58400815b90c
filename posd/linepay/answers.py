"""What LINE Pay answers: one set of names for three dialects.

One rule: everything is kept as it was stated. What was not stated is None or empty, an amount is a
Decimal, a transaction id is text of any length, and a value that nobody knows yet is text too.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from posd.core.money import DECIMALS, Money, to_minor
from posd.linepay.refusals import Contradicted, Refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PayMethod:
    """One part of a payment: BALANCE, CREDIT_CARD, POINT, or a method not known yet."""

    method: str
    amount: Decimal
    card_brand: str | None = None
    card_nickname: str | None = None
    masked_card: str | None = None


@dataclass(frozen=True, slots=True)
class AffiliateCard:
    """A card that the customer shares: MOBILE_CARRIER is the carrier of Taiwan's e-invoices."""

    card_type: str
    card_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One envelope of pay, check, capture or void, in either spelling (reference, section 4).

    `code` is LINE Pay's four characters. `paid` is the sum over `methods`, or None where LINE Pay
    stated no payInfo. `status` is check's alone, kept as it came. Dates are text as it came.
    `Client.details` gives one too: the first payment of its list; none leaves all of it None.
    """

    code: str
    message: str
    order_id: str | None
    transaction_id: str | None
    transaction_date: str | None
    status: str | None
    paid: Decimal | None
    currency: str | None
    methods: tuple[PayMethod, ...]
    masked_card: str | None
    balance: Decimal | None
    payment_provider: str | None
    authorization_expire_date: str | None
    fail_code: str | None
    fail_message: str | None
    affiliate_cards: tuple[AffiliateCard, ...] = ()

    def or_raise(self) -> Answer:
        """Itself where the code is 0000; raises Refused."""
        if self.code != "0000":
            raise Refused(self.code, self.message)
        return self

    def agreeing(self, *, order_id: str, amount: Money) -> Answer:
        """Itself where it states nothing else than this order and amount; raises Contradicted.

        For pay, check and capture. What LINE Pay left out contradicts nothing: payInfo is not
        guaranteed, and a caller that must know the amount asks `Client.payments`.
        """
        if differing := contradictions(self, order_id=order_id, amount=amount):
            raise Contradicted(differing)
        return self


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """One envelope of refund, authorizations or payments, whatever its code.

    `content` is empty where the code is not 0000.
    """

    code: str
    message: str
    content: T

    def or_raise(self) -> T:
        """The content where the code is 0000; raises Refused."""
        if self.code != "0000":
            raise Refused(self.code, self.message)
        return self.content


@dataclass(frozen=True, slots=True)
class Refund:
    """What a refund answers with; both None where nothing was refunded."""

    transaction_id: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class RefundEntry:
    """One refund of a payment. `amount` is positive; on the wire it is negative."""

    transaction_id: str | None
    transaction_type: str | None
    amount: Decimal
    date: str | None


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """One payment as LINE Pay has booked it, from authorizations or from payments.

    The two lists differ only in `refunds`, which authorizations never state (reference, sections
    4.4 and 4.5). `original_transaction_id` is there when it was asked for by a refund's id.
    """

    transaction_id: str | None
    original_transaction_id: str | None
    order_id: str | None
    transaction_date: str | None
    transaction_type: str | None
    product_name: str | None
    merchant_name: str | None
    currency: str | None
    pay_status: str | None
    authorization_expire_date: str | None
    payment_provider: str | None
    paid: Decimal | None
    methods: tuple[PayMethod, ...]
    refunds: tuple[RefundEntry, ...]
    affiliate_cards: tuple[AffiliateCard, ...]

    @property
    def refunded(self) -> Decimal:
        """The sum of all refunds; 0 where there is none."""
        return sum((refund.amount for refund in self.refunds), Decimal(0))

    def concerns(self, *, order_id: str | None, transaction_id: str | None) -> bool:
        """Whether it can be the answer to a question about these; None was not asked about."""
        if order_id is not None:
            return self.order_id in (None, order_id)
        own = {self.transaction_id, self.original_transaction_id}
        refunds = {refund.transaction_id for refund in self.refunds}
        return self.transaction_id is None or transaction_id in own | refunds


def contradictions(
    stated: Answer | PaymentDetails, *, order_id: str, amount: Money
) -> tuple[str, ...]:
    """Those of order_id, amount and currency that `stated` states otherwise."""
    pairs = {
        "order_id": (stated.order_id, order_id),
        "amount": (stated.paid, amount.decimal),
        "currency": (stated.currency, amount.currency),
    }
    return tuple(
        name for name, (said, asked) in pairs.items() if said is not None and said != asked
    )


def money(amount: Decimal, currency: str) -> Money:
    """A stated amount in minor units, exactly; raises ValueError where that cannot be."""
    minor = to_minor(amount, currency) if currency in DECIMALS else None
    if minor is None:
        raise ValueError(f"the amount is not in whole minor units of {', '.join(DECIMALS)}")
    return Money(minor, currency)
