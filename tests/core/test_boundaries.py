"""Uncertain payments at the very instants at which something changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core import checking, judging, payment, permits
from posd.core.decision import Decision
from posd.core.errors import NotAllowed
from posd.core.events import ProcessStarted
from posd.core.order import Attention, Checks, MoneyState, Order
from posd.core.people import Actor, Role
from posd.core.records import AttentionRaised, CheckSent, PaymentLate, VerdictOverdue
from posd.core.rules import SECOND, Waits
from tests.core import lanes, orders

MINUTE, HOUR, DAY = 60, 3600, 86_400
WAITS = Waits()
SCAN_NS = orders.SENT.scan_ns


def unknown(**checks: int) -> Order:
    """An order in doubt, its verdict given; `checks` are what was asked so far."""
    return orders.money(MoneyState.UNKNOWN, overdue=True, checks=Checks(made_since=99, **checks))


def due(order: Order, seconds: float, ns: int = 0) -> Decision:
    return checking.due(order, SCAN_NS + round(seconds * SECOND) + ns, WAITS)


def interval_s(age_s: float, ns: int = 0, **checks: int) -> float:
    """How long after a check of this age the next one is due."""
    sent_ns = SCAN_NS + round(age_s * SECOND) + ns
    order = unknown(sent_ns=sent_ns, **checks)
    return (checking.next_check_ns(order, WAITS) - sent_ns) / SECOND


def test_checks_grow_rarer_at_the_verdict_at_the_horizon_and_after_a_day() -> None:
    assert (interval_s(MINUTE, -1), interval_s(MINUTE)) == (5, 10)
    assert (interval_s(21 * MINUTE, -1), interval_s(21 * MINUTE)) == (10, 60)
    assert (interval_s(DAY), interval_s(DAY, 1)) == (60, DAY)


def test_beyond_the_horizon_each_check_that_was_made_there_doubles_the_wait() -> None:
    waits_s = [interval_s(HOUR, made_past=made) for made in (0, 1, 2, 3, 4, 5, 6, 1000)]
    assert waits_s == [60, 60, 120, 240, 480, 900, 900, 900]


def test_a_check_is_past_the_horizon_only_after_it() -> None:
    order = unknown(sent_ns=SCAN_NS)
    past = [
        record.past_horizon
        for ns in (0, 1)
        for record in due(order, 21 * MINUTE, ns).records
        if isinstance(record, CheckSent)
    ]
    assert past == [False, True]


def test_a_person_is_called_once_a_day_is_over_and_not_at_its_last_instant() -> None:
    order = unknown(sent_ns=SCAN_NS + DAY * SECOND)
    assert due(order, DAY).records == ()
    (flag,) = due(order, DAY, 1).records
    assert flag == AttentionRaised("A", Attention.ESCALATED, "unresolved for 24 h")


def test_the_verdict_is_due_at_sixty_seconds_and_not_before() -> None:
    order = orders.money(MoneyState.SENT, checks=Checks(in_flight=True))
    assert due(order, MINUTE, -1).records == ()
    assert due(order, MINUTE).records == (VerdictOverdue("A", SCAN_NS + MINUTE * SECOND),)


@pytest.mark.parametrize(
    ("apart_ns", "operation"), [(60 * SECOND - 1, "check"), (60 * SECOND, "details")]
)
def test_two_absences_a_minute_apart_are_followed_by_details(apart_ns: int, operation: str) -> None:
    first_ns = SCAN_NS + HOUR * SECOND
    checks = Checks(made_since=99, sent_ns=first_ns, absent_ns=(first_ns, first_ns + apart_ns))
    order = orders.money(MoneyState.UNKNOWN, overdue=True, checks=checks)
    (sent,) = due(order, 3 * HOUR).records
    assert sent.operation == operation


# ---- late ------------------------------------------------------------------------------------


def late_at_restart(seconds: float, ns: int = 0) -> bool:
    """Whether a payment that was not printed asks a person, at a start so long after its scan."""
    at = replace(orders.AT, boot_ns=SCAN_NS + round(seconds * SECOND) + ns)
    event = ProcessStarted(at, "boot-1", "posd 1")
    records = payment.decide(orders.money(MoneyState.CONFIRMED), event, lanes.RULES).records
    return PaymentLate("A") in records


def test_a_payment_is_late_after_three_minutes_and_not_at_their_last_instant() -> None:
    assert not late_at_restart(180)
    assert late_at_restart(180, 1)


def overdue_at_restart(seconds: float, ns: int = 0) -> bool:
    at = replace(orders.AT, boot_ns=SCAN_NS + round(seconds * SECOND) + ns)
    event = ProcessStarted(at, "boot-1", "posd 1")
    records = payment.decide(orders.money(MoneyState.SENT), event, lanes.RULES).records
    return any(isinstance(record, VerdictOverdue) for record in records)


def test_a_start_gives_the_verdict_where_its_sixty_seconds_are_over() -> None:
    assert not overdue_at_restart(MINUTE, -1)
    assert overdue_at_restart(MINUTE)


# ---- the scanner -----------------------------------------------------------------------------


@pytest.mark.parametrize(("after_ns", "same"), [(2 * SECOND - 1, True), (2 * SECOND, False)])
def test_the_same_code_within_two_seconds_is_one_scan(after_ns: int, same: bool) -> None:
    again = replace(
        orders.EVENTS["CodeScanned"], fingerprint="key-1", last_byte_ns=SCAN_NS + after_ns
    )
    order = orders.money(MoneyState.SENT)
    if same:
        assert payment.decide(order, again, lanes.RULES) == Decision()
    else:
        with pytest.raises(NotAllowed, match="scan_not_armed"):
            payment.decide(order, again, lanes.RULES)


def test_another_code_right_after_the_first_is_refused() -> None:
    other = replace(orders.EVENTS["CodeScanned"], fingerprint="key-2", last_byte_ns=SCAN_NS + 1)
    with pytest.raises(NotAllowed, match="scan_not_armed"):
        payment.decide(orders.money(MoneyState.SENT), other, lanes.RULES)


# ---- caps ------------------------------------------------------------------------------------

CASHIER = Actor("ann", Role.CASHIER)


def test_a_cashier_abandons_up_to_the_cap_itself() -> None:
    order = orders.money(MoneyState.UNKNOWN)
    permits.may_abandon(order, "goods_kept", CASHIER, replace(lanes.RULES, abandon_cap_minor=120))
    with pytest.raises(NotAllowed, match="needs_supervisor"):
        permits.may_abandon(
            order, "goods_kept", CASHIER, replace(lanes.RULES, abandon_cap_minor=119)
        )


def test_a_cashier_gives_back_up_to_the_cap_itself_and_what_was_given_back_counts() -> None:
    rules = replace(lanes.RULES, refund_cap_minor={Role.CASHIER: 100})
    order = orders.money(MoneyState.CONFIRMED, refunded_minor=60)
    permits.may_reverse(order, 40, CASHIER, rules)
    with pytest.raises(NotAllowed, match="above_cap"):
        permits.may_reverse(order, 41, CASHIER, rules)


def test_without_a_cap_of_their_own_people_give_back_without_bounds() -> None:
    order = orders.money(MoneyState.CONFIRMED)
    permits.may_reverse(order, 10**12, Actor("lin", Role.SUPERVISOR), lanes.RULES)
    with pytest.raises(NotAllowed, match="above_cap"):
        permits.may_reverse(order, 1, CASHIER, lanes.RULES)


# ---- what details prove ----------------------------------------------------------------------


def test_details_that_state_no_sum_of_the_currency_prove_nothing_and_are_flagged_once() -> None:
    event = replace(orders.EVENTS["CheckAnswered"], evidence=lanes.details("120.5"))
    order = orders.money(MoneyState.UNKNOWN)
    (flag,) = judging.proved(order, event)
    assert flag == AttentionRaised("A", Attention.CONFLICT, "details state 120.5 TWD")
    flagged = replace(order, attention=frozenset({Attention.CONFLICT}))
    assert judging.proved(flagged, event) == ()
