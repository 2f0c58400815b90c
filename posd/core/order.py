"""One attempt to be paid, and the few words in which its state is told.

An order is three small things: its money, its paper, and the set of reasons for which a person
should look at it. `payment.py` moves the money, `printing.py` the paper; nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posd.core.commands import AccountName
from posd.core.money import Money
from posd.core.records import PaidAs, SoldItem


class MoneyState(StrEnum):
    """Where the money is."""

    ARMED = "ARMED"
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"
    CONFIRMED = "CONFIRMED"
    NOT_PAID = "NOT_PAID"


class PaperState(StrEnum):
    """Where the receipt is."""

    NOTHING = "NOTHING"
    PRINTING = "PRINTING"
    HELD = "HELD"  # no byte was sent; waits for the printer
    PRINTED = "PRINTED"  # proved by the printer
    PROBABLE = "PROBABLE"  # handed over, never confirmed
    UNKNOWN = "UNKNOWN"  # bytes were sent, the outcome is not known


class Verdict(StrEnum):
    """The one word on every screen; exactly one holds at any time."""

    WAITING = "WAITING"
    WORKING = "WORKING"
    PAID = "PAID"
    PAID_LATE = "PAID_LATE"
    NOT_PAID = "NOT_PAID"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    CALL_SUPERVISOR = "CALL_SUPERVISOR"


class Attention(StrEnum):
    """A reason for a person to look."""

    MISMATCH = "mismatch"
    LATE = "late"
    CONFLICT = "conflict"
    ESCALATED = "escalated"
    UNVERIFIED_AMOUNT = "unverified_amount"
    PRINT_UNKNOWN = "print_unknown"


@dataclass(frozen=True, slots=True)
class Checks:
    """What has been asked of LINE Pay about an order.

    `number` counts all questions; `made_since` those since the payment became uncertain at
    `since_ns`; `made_past` those sent past the horizon. The last one was sent at `sent_ns` and
    asked for `operation`. `absent_ns` are the send times of checks past the horizon that found
    nothing. `awaiting_customer`: LINE Pay waits for the customer to confirm on the phone.
    """

    number: int = 0
    in_flight: bool = False
    operation: str = "check"
    since_ns: int = 0
    made_since: int = 0
    made_past: int = 0
    sent_ns: int = 0
    sent_past: bool = False
    absent_ns: tuple[int, ...] = ()
    awaiting_customer: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """One order. Times ending in `_ns` are on the boot clock that runs now.

    `scan_ns` is None until the key was taken; `rebooted` says that the boot clock began anew
    after the scan, so that `scan_ns` is that new beginning.
    """

    order_id: str
    sale_id: str
    receipt_number: str
    reference: str
    amount: Money
    items: tuple[SoldItem, ...]
    cashier: str
    opened_ns: int
    opened_ms: int
    money: MoneyState = MoneyState.ARMED
    account: AccountName | None = None
    fingerprint: str = ""
    scan_ns: int | None = None
    scan_ms: int = 0
    rebooted: bool = False
    overdue: bool = False
    declined_code: str = ""
    declined_after: int = 0  # the number of the last check sent before the decline came
    because: str = ""
    code: str = ""
    checks: Checks = Checks()
    transaction_id: str = ""
    parts: tuple[PaidAs, ...] = ()
    masked_card: str = ""
    confirmed_ms: int = 0
    late: bool = False
    paper: PaperState = PaperState.NOTHING
    paper_because: str = ""
    copy: int = 0
    attention: frozenset[Attention] = frozenset()
    settled: bool = False


def verdict(order: Order) -> Verdict:
    """The one verdict of an order, from its records alone."""
    match order.money:
        case MoneyState.ARMED:
            return Verdict.WAITING
        case MoneyState.CONFIRMED:
            return Verdict.PAID_LATE if order.late else Verdict.PAID
        case MoneyState.NOT_PAID:
            return Verdict.NOT_PAID
    if Attention.MISMATCH in order.attention:
        return Verdict.CALL_SUPERVISOR
    return Verdict.NOT_CONFIRMED if order.overdue else Verdict.WORKING
