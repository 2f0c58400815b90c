"""The control interface as data: every call, what it asks and what it tells.

The rule: the dispatcher, `--help` and the OpenAPI document all read this one table. Amounts are
decimal text or numbers in units of the currency; times are seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from posd.linepay.sandbox.armed import MAX_ARMED

Country = Literal["TW", "TH"]
Funding = Literal["balance", "card", "point", "mixed"]
OperationName = Literal["pay", "check", "authorizations", "capture", "void", "details", "refund"]
Text = Annotated[str, Meta(max_length=100)]


class Asked(Struct, forbid_unknown_fields=True):
    """A body that takes no members but its own."""


class MintKey(Asked):
    """A key and the purse behind it; a balance of null never runs dry."""

    country: Country = "TW"
    fault: Text = "none"
    funding: Funding = "balance"
    provider: Literal["TSP", "EPI"] = "TSP"
    balance: Decimal | None = None
    points: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    card_brand: Text = ""
    masked_card: Text = ""
    carrier: Text = ""


class MintedKey(Struct):
    """A key that can be paid with, once and for five minutes."""

    one_time_key: str


class WaitingKey(Struct):
    """A minted key that was not used yet."""

    one_time_key: str
    country: Country
    fault: str
    funding: Funding
    expires_s: float


class WaitingKeys(Struct):
    """The latest hundred, the last minted first."""

    keys: list[WaitingKey]


class ArmFault(Asked):
    """`count` defaults to 1, with a probability below 1 to no end; no order_id means any order."""

    fault: Text
    operation: OperationName = "pay"
    count: Annotated[int, Meta(ge=1, le=MAX_ARMED)] | None = None
    order_id: Text | None = None
    probability: Annotated[float, Meta(gt=0, le=1)] = 1.0


class ArmedCount(Struct):
    """How many calls will meet the fault; null is every one that chance picks."""

    armed: int | None


class ArmedRule(Struct):
    """A fault that waits; `left` null is without end."""

    operation: OperationName
    fault: str
    left: int | None
    order_id: str | None
    probability: float


class ArmedRules(Struct):
    """In the order in which they are tried."""

    faults: list[ArmedRule]


class HoldCall(Asked):
    """Keeps back the answer of the next call of this operation, whatever it is."""

    operation: OperationName = "pay"


class HeldCall(Struct):
    """`came`: the call is here, has had its effect, and waits."""

    operation: OperationName
    came: bool


class HeldCalls(Struct):
    """In the order in which they were asked for."""

    holds: list[HeldCall]


class OrderRow(Struct):
    """An order; one whose requests were never executed has only an id and a count."""

    order_id: str
    status: str | None
    stage: str | None
    amount: str | None
    captured: str | None
    refunded: str | None
    currency: str | None
    transaction_id: str | None
    pay_requests: int


class OrderRows(Struct):
    """Every order id that was asked for, in the order of its first request."""

    orders: list[OrderRow]


class SettleOrder(Asked):
    """How the order ends, now."""

    status: Literal["COMPLETE", "FAIL", "CANCEL"]


class AdvanceClock(Asked):
    """Seconds to move forward; only with --clock manual."""

    advance_s: Annotated[float, Meta(ge=0, le=10**9)]


class ClockTold(Struct):
    """The time that the stand-in goes by."""

    kind: Literal["real", "manual"]
    now_s: float


class SetMode(Asked):
    """Without idempotence a used order id or key charges again."""

    idempotent: bool


class ModeTold(Struct):
    """How the stand-in behaves."""

    idempotent: bool


class Stats(Struct):
    """Counts since the start, or since the state file began.

    `charges` are orders that took money, `last_call_ns` is when the last call of the API came and
    was answered (CLOCK_BOOTTIME).
    """

    pay_requests: int
    check_requests: int
    charges: int
    refunds: int
    connections: int
    last_call_ns: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call: `asks` is the type of its body, None for none; `query` names its one number."""

    method: str
    path: str
    says: str
    tells: type[Struct]
    asks: type[Struct] | None = None
    query: str = ""


CALLS = (
    CallRow("POST", "/control/keys", "mints a one-time key", MintedKey, MintKey),
    CallRow("GET", "/control/keys", "the minted keys that wait", WaitingKeys),
    CallRow("POST", "/control/faults", "lets the next calls meet a fault", ArmedCount, ArmFault),
    CallRow("GET", "/control/faults", "the faults that wait", ArmedRules),
    CallRow("DELETE", "/control/faults", "forgets the faults that wait", ArmedCount),
    CallRow("POST", "/control/holds", "keeps back the next answer", HeldCalls, HoldCall),
    CallRow("GET", "/control/holds", "the answers that are kept back", HeldCalls),
    CallRow("DELETE", "/control/holds", "lets every answer go", HeldCalls),
    CallRow(
        "GET",
        "/control/orders",
        "every order id that was asked for, or the last N of them (?last=N)",
        OrderRows,
        query="last",
    ),
    CallRow("GET", "/control/orders/{order_id}", "one order", OrderRow),
    CallRow("POST", "/control/orders/{order_id}", "ends an order", OrderRow, SettleOrder),
    CallRow("GET", "/control/clock", "the time", ClockTold),
    CallRow("POST", "/control/clock", "moves a manual clock", ClockTold, AdvanceClock),
    CallRow("GET", "/control/mode", "how it behaves", ModeTold),
    CallRow("POST", "/control/mode", "changes how it behaves", ModeTold, SetMode),
    CallRow("GET", "/control/stats", "counts", Stats),
)
