"""When LINE Pay is asked about an uncertain order, and when its "no" is believed.

| time since the scan | a check every |
|---|---|
| the first three after doubt | 0, 2, 5 s after the doubt |
| to the 60 s verdict | 5 s |
| to the horizon | 10 s |
| beyond | 60 s, doubling to 15 min |
| after 24 h | day, with attention "escalated" |

While pay is still out the first check goes 15 s after the scan. One check is out at a time.
"""

from __future__ import annotations

from posd.core.commands import SendCheck
from posd.core.decision import NOTHING, Decision, join
from posd.core.judging import ACCOUNT_REFUSED, Finding
from posd.core.order import Attention, MoneyState, Order
from posd.core.records import AttentionRaised, CheckSent, OrderRecord, VerdictOverdue
from posd.core.rules import NIGHTS_TO_ESCALATE, Waits

_DENIALS = {
    Finding.CANCELLED: "cancelled",
    Finding.FAILED: "failed",
    Finding.EXPIRED: "expired",
}


def deadline_ns(order: Order, waits: Waits) -> int | None:
    """The next time at which `due` has something to do."""
    times = []
    if not order.overdue:
        times.append(_scan_ns(order) + waits.verdict_ns)
    if not order.checks.in_flight:
        times.append(next_check_ns(order, waits))
    return min(times, default=None)


def due(order: Order, now_ns: int, waits: Waits) -> Decision:
    """The records and the question that are due now."""
    records: list[OrderRecord] = []
    if not order.overdue and now_ns >= _scan_ns(order) + waits.verdict_ns:
        records.append(VerdictOverdue(order.order_id, now_ns))
    if _escalates(order, now_ns, waits):
        records.append(AttentionRaised(order.order_id, Attention.ESCALATED, "unresolved for 24 h"))
    flags = Decision(tuple(records), (), order.order_id) if records else NOTHING
    if now_ns < next_check_ns(order, waits):
        return flags
    question = _question(order, now_ns, waits)
    return join([flags, question]) if question.records else flags


def again(order: Order, now_ns: int, waits: Waits) -> Decision:
    """Somebody stands at the counter with the slip: ask now, if that was not done just now."""
    uncertain = order.money in (MoneyState.SENT, MoneyState.UNKNOWN)
    just_asked = order.checks.made_since and now_ns - order.checks.sent_ns < waits.same_scan_ns
    if not uncertain or just_asked:
        return Decision((), (), order.order_id)
    return _question(order, now_ns, waits)


def _question(order: Order, now_ns: int, waits: Waits) -> Decision:
    if order.checks.in_flight or order.account is None:
        return Decision((), (), order.order_id)
    sent = CheckSent(
        order_id=order.order_id,
        number=order.checks.number + 1,
        operation=_operation(order, waits),
        sent_ns=now_ns,
        past_horizon=now_ns > _scan_ns(order) + waits.horizon_ns,
    )
    command = SendCheck(order.order_id, sent.number, sent.operation, order.account)
    return Decision((sent,), (command,), order.order_id)


def _operation(order: Order, waits: Waits) -> str:
    """Details end a search, and decide where an answer contradicted the order."""
    doubted = Attention.MISMATCH in order.attention and order.checks.made_since % 2 == 0
    if doubted or _proved_absent_by_checks(order, waits):
        return "details"
    return "check" if order.captures else "authorizations"


def next_check_ns(order: Order, waits: Waits) -> int:
    """When the next question is due, whether or not one is out."""
    checks = order.checks
    if order.money is MoneyState.SENT and not checks.made_since:
        return _scan_ns(order) + waits.outstanding_check_ns
    if order.money is MoneyState.UNKNOWN and checks.made_since < len(waits.first_checks_ns):
        return _first_check_ns(order, waits)
    return checks.sent_ns + _interval_ns(order, waits)


def _first_check_ns(order: Order, waits: Waits) -> int:
    """One of the first checks; after a slow one the next keeps its distance: no burst."""
    checks, offsets_ns = order.checks, waits.first_checks_ns
    planned_ns = checks.since_ns + offsets_ns[checks.made_since]
    if not checks.made_since:
        return planned_ns
    apart_ns = offsets_ns[checks.made_since] - offsets_ns[checks.made_since - 1]
    return max(planned_ns, checks.sent_ns + apart_ns)


def denial(order: Order, number: int, finding: Finding) -> str | None:
    """Why the order is not paid, if this finding of the check with this number proves it."""
    declined = bool(order.declined_code) and number > order.declined_after
    if finding in _DENIALS:
        return "declined" if declined else _DENIALS[finding]
    if finding is Finding.ACCOUNT:
        return "declined" if declined and order.declined_code in ACCOUNT_REFUSED else None
    if finding is not Finding.ABSENT:
        return None
    if declined:
        return "declined"
    newest = number == order.checks.number  # an older question was a mere check
    return "absent" if newest and order.checks.operation == "details" else None


def _interval_ns(order: Order, waits: Waits) -> int:
    age_ns = order.checks.sent_ns - _scan_ns(order)
    if age_ns < waits.verdict_ns:
        return waits.check_to_verdict_ns
    if age_ns < waits.horizon_ns:
        return waits.check_to_horizon_ns
    if age_ns > waits.daily_after_ns:
        return waits.daily_ns
    first_ns, longest_ns = waits.check_after_ns
    doublings = min(max(order.checks.made_past - 1, 0), 30)
    return min(first_ns << doublings, longest_ns)


def _proved_absent_by_checks(order: Order, waits: Waits) -> bool:
    times = order.checks.absent_ns
    return len(times) > 1 and times[-1] - times[0] >= waits.absent_apart_ns


def _escalates(order: Order, now_ns: int, waits: Waits) -> bool:
    old = now_ns > _scan_ns(order) + waits.daily_after_ns
    old = old or order.reboots >= NIGHTS_TO_ESCALATE
    return old and Attention.ESCALATED not in order.attention


def _scan_ns(order: Order) -> int:
    return order.scan_ns if order.scan_ns is not None else order.opened_ns
