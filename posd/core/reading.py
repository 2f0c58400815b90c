"""When LINE Pay is read again about a capture, a reversal, an authorization or an old denial.

| what is uncertain | a read |
|---|---|
| a capture or a reversal | after 0, 2, 5 s, then 10 s doubling to 15 min, daily after 24 h |
| a refund that is refused for now | hourly, before it is asked for again |
| an authorization | an hour before it ends, after a day at the latest, then hourly |
| an authorization that is about to end | 15 min apart |
| an amount that a success left out | the same as a reversal, four times at most |
| a denied payment (the sweep) | 6 h and 24 h after the scan; soon after a reboot |

Uncertain payments have their own times: `checking`. One question is out at a time.
"""

from __future__ import annotations

from collections.abc import Callable

from posd.core.commands import SendCheck
from posd.core.decision import NOTHING, Decision
from posd.core.order import Attention, MoneyState, Order
from posd.core.records import AttentionRaised, CheckSent
from posd.core.rules import Waits

MOST_VERIFICATIONS = 4
NO_SUCH_TRANSACTION = "1150"


def deadline_ns(order: Order, waits: Waits) -> int | None:
    """When the next read is due; None while one is out, or where there is nothing to read."""
    planned = _PLANS.get(order.money)
    if planned is None or order.checks.in_flight or order.account is None:
        return None
    return planned(order, waits)


def read(order: Order, operation: str, now_ns: int, waits: Waits) -> Decision:
    """The question, if it is due."""
    due_ns = deadline_ns(order, waits)
    if due_ns is None or now_ns < due_ns or order.account is None:
        return NOTHING
    number = order.checks.number + 1
    sent = CheckSent(order.order_id, number, operation, now_ns, False)
    command = SendCheck(order.order_id, number, operation, order.account)
    return Decision((sent,), (command,), order.order_id)


def flagged(order: Order, asked: Decision, what: str, *, age_ns: int, waits: Waits) -> Decision:
    """The question, and after a day of them the flag for a person."""
    if age_ns < waits.daily_after_ns or Attention.ESCALATED in order.attention:
        return asked
    flag = AttentionRaised(order.order_id, Attention.ESCALATED, what)
    return Decision((flag, *asked.records), asked.commands, order.order_id)


def is_verifying(order: Order) -> bool:
    """Whether the amount of a success is still to be read from the details."""
    left = order.checks.made_since < MOST_VERIFICATIONS
    return left and Attention.UNVERIFIED_AMOUNT in order.attention


def is_swept(order: Order, waits: Waits) -> bool:
    """Whether a denied order is to be asked about again: one whose request may have left."""
    unsent = order.because == "absent" and order.code != NO_SUCH_TRANSACTION
    return order.scan_ns is not None and not unsent and order.sweeps < len(waits.sweeps_ns)


def _next_ns(order: Order, waits: Waits) -> int:
    checks = order.checks
    offsets_ns, made = waits.first_checks_ns, checks.made_since
    if not made:
        return checks.since_ns
    if made < len(offsets_ns):  # the distance is kept also where the answer was slow: no burst
        apart_ns = offsets_ns[made] - offsets_ns[made - 1]
        return max(checks.since_ns + offsets_ns[made], checks.sent_ns + apart_ns)
    if checks.since_ns and checks.sent_ns - checks.since_ns > waits.daily_after_ns:
        return checks.sent_ns + waits.daily_ns
    first_ns, longest_ns = waits.read_ns
    doublings = min(checks.made_since - len(waits.first_checks_ns), 30)
    return checks.sent_ns + min(first_ns << doublings, longest_ns)


def _sweep_ns(order: Order, waits: Waits) -> int:
    scan_ns = order.scan_ns or 0
    if order.rebooted:  # a shop that switches its lane off at night sweeps in the morning
        planned_ns = scan_ns + waits.sweep_soon_ns * (order.sweeps + 1)
    else:
        planned_ns = scan_ns + waits.sweeps_ns[order.sweeps]
    doublings = min(max(order.checks.made_since - 1, 0), 30)  # answers that say nothing
    again_ns = order.checks.sent_ns + min(waits.sweep_soon_ns << doublings, waits.daily_ns)
    return max(planned_ns, again_ns)


def _owed_ns(order: Order, waits: Waits) -> int:
    return max(order.checks.since_ns, order.checks.sent_ns) + waits.owed_ns


def _watch_ns(order: Order, waits: Waits) -> int:
    ends_soon = Attention.EXPIRING in order.attention
    apart_ns = waits.read_ns[1] if ends_soon else waits.owed_ns
    return max(order.alert_ns, order.checks.sent_ns + apart_ns)


def _verify_ns(order: Order, waits: Waits) -> int | None:
    return _next_ns(order, waits) if is_verifying(order) else None


def _next_sweep_ns(order: Order, waits: Waits) -> int | None:
    return _sweep_ns(order, waits) if is_swept(order, waits) else None


_PLANS: dict[MoneyState, Callable[[Order, Waits], int | None]] = {
    MoneyState.AUTHORIZED: _watch_ns,
    MoneyState.CAPTURE_UNKNOWN: _next_ns,
    MoneyState.CONFIRMED: _verify_ns,
    MoneyState.NOT_PAID: _next_sweep_ns,
    MoneyState.REVERSAL_UNKNOWN: _next_ns,
    MoneyState.REFUND_OWED: _owed_ns,
    MoneyState.REVERSED: _verify_ns,
}
