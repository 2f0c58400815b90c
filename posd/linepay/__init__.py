"""The LINE Pay Offline API (My Code, one-time key) as a library of its own.

Of posd it needs nothing but `posd.core.money`. The rule of the whole package: a request that moves
money leaves at most once, and what is not an answer of LINE Pay is never turned into one.

    client = Client(Account(base_url=..., channel_id=..., channel_secret=..., dialect="v4", ...))
    client.warm()                                         # while the customer opens the wallet
    answer = client.pay(payment, not_after_ns=...)        # Answer, or NotSent, or NoAnswer
    answer.or_raise().agreeing(order_id=..., amount=...)  # or Refused, or Contradicted
    proves(answer.code, Operation.PAY)                    # what a code says about the money

    Exception
     |- NotSent        proved: no byte has left; the same may be asked again
     |- NoAnswer       the outcome is unknown: read before anything else. `reason` tells what came:
     |                 timeout, reset, not_json, malformed, contradiction, ... (the table at Client)
     |- Refused        an answer with another code than 0000; its row says what it proves
     |- Contradicted   success of another order, amount or currency
     |- ValueError     what cannot be asked for, the field named

The names are loaded when they are first used: `result_codes` alone loads no network library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posd.core.money import Money
    from posd.linepay.account import Account, Timeouts
    from posd.linepay.answers import (
        AffiliateCard,
        Answer,
        PaymentDetails,
        PayMethod,
        Refund,
        RefundEntry,
        Reply,
        contradictions,
        money,
    )
    from posd.linepay.client import Client
    from posd.linepay.dialects import Dialect
    from posd.linepay.known_values import PaymentStatus, PayStatus, TransactionType
    from posd.linepay.next_actions import NextAction, SupervisorAction, TechnicianAction
    from posd.linepay.payment import Event, OneTimeKeyPayment, Product, PromotionRestriction
    from posd.linepay.refusals import Contradicted, Refused
    from posd.linepay.result_codes import Class, CodeEntry, Operation, Proves, entry, judge, proves
    from posd.linepay.wire import NoAnswer, NotSent

__all__ = [
    "Account",
    "AffiliateCard",
    "Answer",
    "Class",
    "Client",
    "CodeEntry",
    "Contradicted",
    "Dialect",
    "Event",
    "Money",
    "NextAction",
    "NoAnswer",
    "NotSent",
    "OneTimeKeyPayment",
    "Operation",
    "PayMethod",
    "PayStatus",
    "PaymentDetails",
    "PaymentStatus",
    "Product",
    "PromotionRestriction",
    "Proves",
    "Refund",
    "RefundEntry",
    "Refused",
    "Reply",
    "SupervisorAction",
    "TechnicianAction",
    "Timeouts",
    "TransactionType",
    "contradictions",
    "entry",
    "judge",
    "money",
    "proves",
]

_HOMES = {
    "posd.core.money": "Money",
    "posd.linepay.account": "Account Timeouts",
    "posd.linepay.answers": "AffiliateCard Answer PaymentDetails PayMethod Refund RefundEntry"
    " Reply contradictions money",
    "posd.linepay.client": "Client",
    "posd.linepay.dialects": "Dialect",
    "posd.linepay.known_values": "PaymentStatus PayStatus TransactionType",
    "posd.linepay.next_actions": "NextAction SupervisorAction TechnicianAction",
    "posd.linepay.payment": "Event OneTimeKeyPayment Product PromotionRestriction",
    "posd.linepay.refusals": "Contradicted Refused",
    "posd.linepay.result_codes": "Class CodeEntry Operation Proves entry judge proves",
    "posd.linepay.wire": "NoAnswer NotSent",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """A name of the surface, from the module that holds it."""
    if name not in _HOME_OF:
        raise AttributeError(f"posd.linepay has no {name}")
    return getattr(import_module(_HOME_OF[name]), name)
