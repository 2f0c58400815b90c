"""Asks LINE Pay about one order for a person: check, details, authorizations.

Rule: it reads, on a connection of its own, and never through the engine; a slow answer holds up
nobody but its asker.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from posd.core.commands import AccountName
from posd.core.money import DECIMALS
from posd.inquiry import Told
from posd.linepay.answers import Answer, PaymentDetails, Reply
from posd.linepay.client import Account, NoAnswer, NotSent

_Asked = Reply[tuple[PaymentDetails, ...]]


class Reader(Protocol):
    """What the inquirer needs of `posd.linepay.client.Client`."""

    def check(self, order_id: str) -> Answer:
        """The status of a payment; raises NotSent or NoAnswer."""

    def payments(self, *, order_id: str) -> _Asked:
        """A payment as it is booked; raises NotSent or NoAnswer."""

    def authorizations(self, *, order_id: str) -> _Asked:
        """What was authorized; raises NotSent or NoAnswer."""


class Inquirer:
    """Used by one asker at a time."""

    def __init__(self, client: Reader, account: Account) -> None:
        self._client = client
        self._account = AccountName(account.base_url, account.channel_id, account.dialect)

    def ask(self, order_id: str, *, currency: str, account: AccountName | None) -> tuple[Told, ...]:
        """Three answers, or why there are none; `account` is the one the order was sent with.

        `currency` is the order's, for amounts that LINE Pay states without one.
        """
        if account is not None and account != self._account:
            return (Told("check", "not_sent", reason="account_not_configured"),)
        ask = {
            "check": lambda: _of_check(self._client.check(order_id), currency),
            "details": lambda: _of_list(
                "details", self._client.payments(order_id=order_id), currency
            ),
            "authorizations": lambda: _of_list(
                "authorizations", self._client.authorizations(order_id=order_id), currency
            ),
        }
        return tuple(_told(operation, question) for operation, question in ask.items())


def _told(operation: str, ask: Callable[[], Told]) -> Told:
    try:
        return ask()
    except NotSent as failure:
        return Told(operation, "not_sent", reason=failure.reason)
    except NoAnswer as failure:
        return Told(operation, "no_answer", reason=failure.reason)


def _of_check(answer: Answer, currency: str) -> Told:
    return Told(
        "check",
        "answered",
        code=answer.code,
        message=answer.message,
        status=answer.status,
        transaction_id=answer.transaction_id,
        amount=_text(answer.paid, answer.currency or currency),
        currency=answer.currency,
    )


def _of_list(operation: str, reply: _Asked, currency: str) -> Told:
    told = Told(operation, "answered", code=reply.code, message=reply.message)
    if not reply.content:
        return told
    found = reply.content[0]
    return Told(
        operation,
        "answered",
        code=reply.code,
        message=reply.message,
        status=found.pay_status,
        transaction_id=found.transaction_id,
        amount=_text(found.paid, found.currency or currency),
        currency=found.currency,
        refunded=_text(found.refunded, found.currency or currency) if found.refunds else None,
    )


def _text(amount: Decimal | None, currency: str) -> str | None:
    """The amount with its currency's decimals, so that it can be compared as text."""
    if amount is None:
        return None
    decimals = DECIMALS.get(currency)
    if decimals is None or amount != round(amount, decimals):
        return str(amount)
    return f"{amount:.{decimals}f}"
