"""The two workers that talk to LINE Pay: one sends payments, one asks about them.

Rule: a command leads to one request at most. Whatever comes of it returns as an event; an error
that nobody foresaw is "unanswered", for the request may have left.
"""

from __future__ import annotations

from typing import Protocol

from posd import clock
from posd.core.commands import SendCheck, SendPay, WarmConnection
from posd.core.events import (
    CheckAnswered,
    CheckUnanswered,
    GatewayUnreachable,
    PayAnswered,
    PayNotSent,
    PayUnanswered,
)
from posd.core.money import Money
from posd.inbox import GatewaySeen, Inbox
from posd.linepay.answers import PaymentDetails, Reply
from posd.linepay.client import Account, NoAnswer, NotSent
from posd.linepay.messages import Answer, OneTimeKeyPayment, Product
from posd.linepay.result_codes import Operation
from posd.snapshot import GatewayView
from posd.vault import Vault
from posd.workers.evidence import evidence, listed
from posd.workers.worker import Worker

LOOK_EVERY_S = 5.0  # at the connection: while a sale waits, or LINE Pay cannot be reached
LOOKS_PER_SALE = 24  # two minutes, the life of a sale without a key


class Gateway(Protocol):
    """What the workers need of `posd.linepay.client.Client`."""

    def warm(self) -> None:
        """Open the connection for the next payment; raises NotSent."""

    def pay(self, payment: OneTimeKeyPayment, *, not_after_ns: int) -> Answer:
        """Send the payment once; raises NotSent or NoAnswer."""

    def check(self, order_id: str) -> Answer:
        """Ask for the status of a payment; raises NotSent or NoAnswer."""

    def payments(self, *, order_id: str) -> Reply[tuple[PaymentDetails, ...]]:
        """Ask for a payment as it is booked, with its refunds; raises NotSent or NoAnswer."""

    def authorizations(self, *, order_id: str) -> Reply[tuple[PaymentDetails, ...]]:
        """Ask for what was authorized; raises NotSent or NoAnswer."""

    def close(self) -> None:
        """Close the connection."""


class PayWorker(Worker[SendPay | WarmConnection]):
    """Sends each payment request once, over a connection opened while the sale waits."""

    fatal = True

    def __init__(self, inbox: Inbox, client: Gateway, vault: Vault, shop: ShopNames) -> None:
        super().__init__("pay", inbox)
        self._client = client
        self._vault = vault
        self._shop = shop
        self._sending: SendPay | None = None
        self._reachable: bool | None = None
        self._looks_left = 0

    def work(self) -> None:
        """One command, or a look at the connection: connections only, no call of LINE Pay."""
        if self._reachable is None:
            self._warm()
        looks = self._looks_left > 0 or not self._reachable
        command = self.next_command(LOOK_EVERY_S if looks else None)
        if isinstance(command, SendPay):
            self._looks_left = 0
            self._pay(command)
        elif isinstance(command, WarmConnection):
            self._looks_left = LOOKS_PER_SALE
            self._warm()
        elif not self.stopping:
            self._looks_left -= 1
            self._warm()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def mourn(self, reason: str) -> None:
        """The request that was being sent may have left."""
        sending, self._sending = self._sending, None
        if sending is not None:
            self.inbox.put(PayUnanswered(clock.now(), sending.order_id, "internal_error"))

    def _warm(self) -> None:
        try:
            self._client.warm()
        except NotSent as failure:
            self._missed(failure)
            self.inbox.put(GatewayUnreachable(clock.now(), failure.reason))
        else:
            self._met()

    def _missed(self, failure: NotSent) -> None:
        if failure.reason == "expired":  # our own lateness says nothing of the gateway
            return
        if self._reachable is not False:
            self.inbox.put(GatewaySeen(GatewayView("unreachable", str(failure))))
        self._reachable = False

    def _met(self) -> None:
        if not self._reachable:
            self._reachable = True
            self.inbox.put(GatewaySeen(GatewayView("reachable")))

    def _pay(self, command: SendPay) -> None:
        key = self._vault.take(command.fingerprint)
        if key is None:
            self.inbox.put(PayNotSent(clock.now(), command.order_id, "key_lost"))
            return
        self._sending = command
        try:
            answer = self._client.pay(
                self._shop.payment(command, key), not_after_ns=command.not_after_ns
            )
        except NotSent as failure:
            self.inbox.put(PayNotSent(clock.now(), command.order_id, failure.reason))
            self._missed(failure)
        except NoAnswer as failure:
            self.inbox.put(PayUnanswered(clock.now(), command.order_id, failure.reason))
        else:
            self.inbox.put(
                PayAnswered(clock.now(), command.order_id, evidence(answer, Operation.PAY))
            )
            self._met()
        self._sending = None


class CheckWorker(Worker[SendCheck]):
    """Asks about orders; reading, it may fail as often as it likes."""

    fatal = True

    def __init__(self, inbox: Inbox, client: Gateway, account: Account) -> None:
        super().__init__("check", inbox)
        self._client = client
        self._account = (account.base_url, account.channel_id, account.dialect)
        self._asking: SendCheck | None = None

    def work(self) -> None:
        """One question, one event."""
        command = self.next_command(None)
        if command is None:
            return
        self._asking = command
        try:
            self._ask(command)
        except (NotSent, NoAnswer) as failure:
            self._unanswered(command, failure.reason)
        self._asking = None

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def mourn(self, reason: str) -> None:
        """The question that was out brought nothing."""
        asking, self._asking = self._asking, None
        if asking is not None:
            self._unanswered(asking, "internal_error")

    def _ask(self, command: SendCheck) -> None:
        sent_with = command.account
        if (sent_with.host, sent_with.channel_id, sent_with.dialect) != self._account:
            self._unanswered(command, "account_not_configured")
            return
        order_id = command.order_id
        if command.operation == "details":
            found = listed(self._client.payments(order_id=order_id), Operation.DETAILS)
        elif command.operation == "authorizations":
            reply = self._client.authorizations(order_id=order_id)
            found = listed(reply, Operation.AUTHORIZATIONS)
        else:
            found = evidence(self._client.check(order_id), Operation.CHECK)
        self.inbox.put(CheckAnswered(clock.now(), command.order_id, command.number, found))

    def _unanswered(self, command: SendCheck, reason: str) -> None:
        self.inbox.put(CheckUnanswered(clock.now(), command.order_id, command.number, reason))


class ShopNames:
    """What LINE Pay is told of the shop with each payment."""

    def __init__(self, *, product_name: str, branch_id: str, branch_name: str) -> None:
        self._product_name = product_name
        self._branch_id = branch_id
        self._branch_name = branch_name

    def payment(self, command: SendPay, key: str) -> OneTimeKeyPayment:
        """The payment request of this command."""
        currency = command.amount.currency
        return OneTimeKeyPayment(
            order_id=command.order_id,
            one_time_key=key,
            amount=command.amount,
            product_name=self._product_name,
            products=tuple(
                Product(item.name, item.quantity, Money(item.price_minor, currency))
                for item in command.items
            ),
            branch_id=self._branch_id,
            branch_name=self._branch_name,
            capture=command.capture,
        )
