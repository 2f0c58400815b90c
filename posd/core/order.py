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

GOODS_GONE = "goods_gone"
STALE = "stale"  # why a held receipt waits no longer: nobody is there to take it


class MoneyState(StrEnum):
    """Where the money is."""

    ARMED = "ARMED"
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"
    AUTHORIZED = "AUTHORIZED"  # promised to us, not taken yet
    CAPTURING = "CAPTURING"
    CAPTURE_UNKNOWN = "CAPTURE_UNKNOWN"
    CONFIRMED = "CONFIRMED"
    NOT_PAID = "NOT_PAID"
    REVERSING = "REVERSING"
    REVERSAL_UNKNOWN = "REVERSAL_UNKNOWN"
    REFUND_OWED = "REFUND_OWED"  # refused for now, or for a person to settle
    REVERSED = "REVERSED"


class Wish(StrEnum):
    """What the shop wants of an order whose outcome it could not wait for."""

    WANTED = "WANTED"
    ABANDONED = "ABANDONED"  # success that comes late is reversed, unless the goods are gone
    ACCEPTED = "ACCEPTED"  # the goods were handed over unconfirmed


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
    AUTHORIZED = "AUTHORIZED"
    VOIDED = "VOIDED"
    REFUNDED = "REFUNDED"
    REFUND_OWED = "REFUND_OWED"
    CALL_SUPERVISOR = "CALL_SUPERVISOR"


class Attention(StrEnum):
    """A reason for a person to look."""

    MISMATCH = "mismatch"
    LATE = "late"
    CONFLICT = "conflict"
    OWED = "owed"
    LOSS = "loss"  # accepted by the store, and never paid
    RECOVERED = "recovered"  # known only from the second copy of what was sent
    EXPIRING = "expiring"  # an authorization that must be captured soon
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

    def answered_by(self, number: int) -> bool:
        """Whether the answer with this number is to the question that is out."""
        return self.in_flight and number == self.number


@dataclass(frozen=True, slots=True)
class Reversal:
    """The void or refund that was asked for last.

    `amount_minor` is to be given back; `full` says that it is all that is left, so that LINE Pay
    bounds a repetition. `seen` are the refunds that LINE Pay told of before it was sent. The last
    of its requests went at `sent_ns`, the first at `begun_ns`; `reboots` counts those since.
    `for_person`: posd does not ask again by itself; `by_person`: it was not posd who began it.
    """

    number: int
    kind: str
    amount_minor: int
    full: bool
    seen: tuple[str, ...]
    sent_ns: int
    attempt: int = 1
    for_person: bool = False
    begun_ns: int = 0
    reboots: int = 0
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A paper that is no receipt and is on its way, or held back; `kind` is a `SlipKind`."""

    number: int
    kind: str
    begun_ns: int
    begun_ms: int
    held: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """One order. Times ending in `_ns` are on the boot clock that runs now.

    `scan_ns` is None until the key was taken; after a reboot the boot clock began anew, and
    `scan_ns` is that new beginning. `reboots` counts them.
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
    reboots: int = 0
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
    captures: bool = True  # the payment takes the money at once; False authorizes only
    captured_minor: int = 0
    expires_ms: int = 0  # of an authorization, on LINE Pay's wall clock; a label
    alert_ns: int = 0  # when an authorization is to be looked at again
    capture_minor: int = 0  # of the capture that is out
    refunded_minor: int = 0
    refunds: tuple[str, ...] = ()  # LINE Pay's ids of those booked
    reversal: Reversal | None = None
    wish: Wish = Wish.WANTED
    wish_because: str = ""  # paid_otherwise, goods_kept, goods_gone
    sweeps: int = 0  # how often a denial was asked about again
    late: bool = False
    paper: PaperState = PaperState.NOTHING
    paper_because: str = ""
    copy: int = 0
    slips: tuple[Slip, ...] = ()  # those that are not over
    slip_count: int = 0
    attention: frozenset[Attention] = frozenset()
    settled: bool = False

    @property
    def rebooted(self) -> bool:
        """Whether the boot clock began anew since: how old the order is, nobody knows."""
        return self.reboots > 0

    @property
    def left_minor(self) -> int:
        """What was taken and not given back, in minor units."""
        return self.captured_minor - self.refunded_minor

    @property
    def reversal_kind(self) -> str:
        """`void` or `refund`; empty where nothing was reversed."""
        return self.reversal.kind if self.reversal else ""


_OF_MONEY = {
    MoneyState.ARMED: Verdict.WAITING,
    MoneyState.AUTHORIZED: Verdict.AUTHORIZED,
    MoneyState.CAPTURING: Verdict.AUTHORIZED,
    MoneyState.CAPTURE_UNKNOWN: Verdict.NOT_CONFIRMED,
    MoneyState.NOT_PAID: Verdict.NOT_PAID,
    MoneyState.REVERSING: Verdict.REFUND_OWED,
    MoneyState.REVERSAL_UNKNOWN: Verdict.REFUND_OWED,
    MoneyState.REFUND_OWED: Verdict.REFUND_OWED,
}


def verdict(order: Order) -> Verdict:
    """The one verdict of an order, from its records alone."""
    known = _OF_MONEY.get(order.money)
    if known is not None:
        return known
    if order.money is MoneyState.REVERSED:
        return Verdict.VOIDED if order.reversal_kind == "void" else Verdict.REFUNDED
    if Attention.MISMATCH in order.attention:
        return Verdict.CALL_SUPERVISOR
    if order.money is MoneyState.CONFIRMED:
        return Verdict.PAID_LATE if order.late else Verdict.PAID
    waited = order.overdue or order.wish is not Wish.WANTED
    return Verdict.NOT_CONFIRMED if waited else Verdict.WORKING


def is_given_up(order: Order) -> bool:
    """Whether success that comes late is to be reversed."""
    return order.wish is Wish.ABANDONED and order.wish_because != GOODS_GONE


def holds_its_sale(order: Order) -> bool:
    """Whether another order of the same basket could be a second charge."""
    over = order.money in (MoneyState.NOT_PAID, MoneyState.REVERSED)
    return not over and not is_given_up(order)
