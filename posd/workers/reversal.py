"""The worker that captures, voids and refunds: one request for one command, never a repetition.

Rule: whether anything is asked for again is the core's to say; an error that nobody foresaw is
"unanswered", for the request may have left.
"""

from __future__ import annotations

from typing import Protocol

from posd import clock
from posd.core.commands import SendCapture, SendReversal
from posd.core.events import Event
from posd.core.evidence import Evidence
from posd.core.money import Money
from posd.core.reversal_events import (
    CaptureAnswered,
    CaptureNotSent,
    CaptureUnanswered,
    ReversalAnswered,
    ReversalNotSent,
    ReversalUnanswered,
)
from posd.inbox import Inbox
from posd.linepay.answers import Answer, Refund, Reply
from posd.linepay.client import Account, NoAnswer, NotSent
from posd.linepay.result_codes import Operation
from posd.workers.evidence import evidence, refunded
from posd.workers.worker import Worker

Moving = SendCapture | SendReversal


class Mover(Protocol):
    """What the worker needs of `posd.linepay.client.Client`."""

    def capture(self, order_id: str, amount: Money) -> Answer:
        """Take what was authorized; raises NotSent or NoAnswer."""

    def void(self, order_id: str) -> Answer:
        """Release what was authorized; raises NotSent or NoAnswer."""

    def refund(self, order_id: str, amount: Money) -> Reply[Refund]:
        """Give back exactly this amount; raises NotSent or NoAnswer."""

    def close(self) -> None:
        """Close the connection."""


class ReversalWorker(Worker[Moving]):
    """One thread with a connection of its own: it never keeps a payment waiting."""

    fatal = True

    def __init__(self, inbox: Inbox, client: Mover, account: Account) -> None:
        super().__init__("reversal", inbox)
        self._client = client
        self._account = (account.base_url, account.channel_id, account.dialect)
        self._moving: Moving | None = None

    def work(self) -> None:
        """One request, one event."""
        command = self.next_command(None)
        if command is None:
            return
        sent_with = command.account
        if (sent_with.host, sent_with.channel_id, sent_with.dialect) != self._account:
            self.inbox.put(not_sent(command, "account_not_configured"))
            return
        self._moving = command
        try:
            self.inbox.put(_answered(command, self._ask(command)))
        except NotSent as failure:
            self.inbox.put(not_sent(command, failure.reason))
        except NoAnswer as failure:
            self.inbox.put(_unanswered(command, failure.reason))
        self._moving = None

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def mourn(self, reason: str) -> None:
        """The request that was out may have left."""
        moving, self._moving = self._moving, None
        if moving is not None:
            self.inbox.put(_unanswered(moving, "internal_error"))

    def _ask(self, command: Moving) -> Evidence:
        order_id = command.order_id
        if isinstance(command, SendCapture):
            return evidence(self._client.capture(order_id, command.amount), Operation.CAPTURE)
        if command.kind == "void":
            return evidence(self._client.void(order_id), Operation.VOID)
        return refunded(self._client.refund(order_id, command.amount))


def not_sent(command: Moving, reason: str) -> Event:
    """The event that says that no byte of the command left."""
    now = clock.now()
    if isinstance(command, SendCapture):
        return CaptureNotSent(now, command.order_id, reason)
    return ReversalNotSent(now, command.order_id, command.number, reason)


def _answered(command: Moving, said: Evidence) -> Event:
    now = clock.now()
    if isinstance(command, SendCapture):
        return CaptureAnswered(now, command.order_id, said)
    return ReversalAnswered(now, command.order_id, command.number, said)


def _unanswered(command: Moving, reason: str) -> Event:
    now = clock.now()
    if isinstance(command, SendCapture):
        return CaptureUnanswered(now, command.order_id, reason)
    return ReversalUnanswered(now, command.order_id, command.number, reason)
