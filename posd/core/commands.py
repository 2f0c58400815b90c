"""What to do, in the imperative. A command is carried out only after its record is durable."""

from __future__ import annotations

from dataclasses import dataclass

from devices.values import ReceiptDocument
from posd.core.money import Money
from posd.core.records import SoldItem


@dataclass(frozen=True, slots=True)
class AccountName:
    """Which LINE Pay account an order was sent with: checks go there and nowhere else."""

    host: str
    channel_id: str
    dialect: str


@dataclass(frozen=True, slots=True)
class WarmConnection:
    """Open the connection for the next payment now, while the customer finds the code."""


@dataclass(frozen=True, slots=True)
class SendPay:
    """POST the payment request once; the key is in the vault under its fingerprint.

    A worker that reaches it after `not_after_ns` (boot clock) sends nothing.
    """

    order_id: str
    fingerprint: str
    amount: Money
    items: tuple[SoldItem, ...]
    account: AccountName
    not_after_ns: int
    capture: bool = True


@dataclass(frozen=True, slots=True)
class SendCheck:
    """Ask LINE Pay about the order; `operation` is check, details or authorizations."""

    order_id: str
    number: int
    operation: str
    account: AccountName


@dataclass(frozen=True, slots=True)
class SendCapture:
    """Take the amount from what was authorized: one request, never repeated blindly."""

    order_id: str
    amount: Money
    account: AccountName


@dataclass(frozen=True, slots=True)
class SendReversal:
    """Void the authorization, or refund the amount: one request."""

    order_id: str
    number: int
    kind: str
    amount: Money
    account: AccountName


@dataclass(frozen=True, slots=True)
class PrepareReceipt:
    """Set a receipt like the one to come, while the customer finds the code; print nothing."""

    document: ReceiptDocument


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """Send this document to the printer; `copy` 0 is the original."""

    order_id: str
    copy: int
    document: ReceiptDocument


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Send a paper that is no receipt to the printer."""

    order_id: str
    number: int
    document: ReceiptDocument


Command = (
    WarmConnection
    | SendPay
    | SendCheck
    | SendCapture
    | SendReversal
    | PrepareReceipt
    | PrintReceipt
    | PrintSlip
)
