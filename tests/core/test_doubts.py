"""What begins a doubt, what ends it, and what is kept of it: the questions about an order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core import applying
from posd.core.judging import confirmed, mismatch
from posd.core.money import Money
from posd.core.order import Attention, Checks, MoneyState, Order
from posd.core.records import MismatchSeen, Record
from posd.core.rules import SECOND
from tests.core import lanes, orders
from tests.core.beginnings import a_paid_order
from tests.core.lanes import Lane, complete, details, paid, refunded

OUT = Checks(
    number=7,
    in_flight=True,
    operation="details",
    since_ns=5,
    made_since=3,
    sent_ns=9,
    awaiting_customer=True,
)
ENDS = (
    "PaymentConfirmed",
    "PaymentAuthorized",
    "PaymentNotPaid",
    "MismatchProved",
    "PaymentReversed",
    "PaymentPartlyRefunded",
    "ReversalGivenUp",
    "VoidGivenUp",
)
BEGINS = {
    "PaymentUnknown": orders.UNKNOWN.since_ns,
    "DeclineReported": 0,  # due already: it is checked at once
    "MismatchSeen": lanes.BOOT_NS,
    "VerdictOverdue": lanes.BOOT_NS + 61 * SECOND,
    "CaptureSent": orders.CAPTURE_SENT.sent_ns,
    "CaptureUnknown": orders.CAPTURE_UNKNOWN.since_ns,
    "ReversalSent": orders.REVERSAL_SENT.sent_ns,
    "ReversalUnknown": orders.REVERSAL_UNKNOWN.since_ns,
    "RefundOwed": orders.OWED.since_ns,
}


def after(record: Record, before: Order) -> Order:
    return applying.EFFECTS[type(record)](before, record)


@pytest.mark.parametrize("kind", ENDS)
def test_a_verdict_ends_all_questions_and_their_numbers_go_on(kind: str) -> None:
    checks = after(orders.RECORDS[kind], orders.money(MoneyState.REFUND_OWED, checks=OUT)).checks
    assert (checks.in_flight, checks.awaiting_customer) == (False, False)
    assert (checks.since_ns, checks.made_since, checks.number) == (0, 0, 7)


@pytest.mark.parametrize("kind", BEGINS)
def test_a_doubt_begins_at_its_own_time_and_nothing_was_asked_since(kind: str) -> None:
    before = orders.money(MoneyState.SENT, checks=OUT, reversal=None)
    checks = after(orders.RECORDS[kind], before).checks
    assert (checks.since_ns, checks.made_since, checks.number) == (BEGINS[kind], 0, 7)


@pytest.mark.parametrize("kind", ["CaptureSent", "CaptureUnknown", "ReversalSent", "RefundOwed"])
def test_a_doubt_of_another_kind_forgets_the_question_that_was_out(kind: str) -> None:
    checks = after(orders.RECORDS[kind], orders.money(MoneyState.AUTHORIZED, checks=OUT)).checks
    assert not checks.in_flight


@pytest.mark.parametrize("kind", ENDS[4:])
def test_what_was_given_back_or_given_up_is_not_owed_any_more(kind: str) -> None:
    reasons = frozenset({Attention.OWED, Attention.ESCALATED, Attention.CONFLICT})
    order = after(orders.RECORDS[kind], orders.money(MoneyState.REFUND_OWED, attention=reasons))
    assert order.attention == {Attention.CONFLICT}
    assert (order.because, order.code) == ("", "")


def test_a_second_refund_is_not_as_old_as_the_first() -> None:
    told = a_paid_order().refund(20).reversed(refunded("r1")).after(3600).refund(20)
    reversal = told.order().reversal
    assert reversal is not None
    assert (reversal.number, reversal.sent_ns) == (2, told.now_ns)
    assert reversal.begun_ns == told.now_ns


def test_a_refund_that_goes_again_is_as_old_as_its_first_request() -> None:
    told = a_paid_order().refund()
    begun_ns = told.now_ns
    told.reversal_lost().after(61).time_passes().check(details())
    reversal = told.order().reversal
    assert reversal is not None
    assert (reversal.attempt, reversal.begun_ns) == (2, begun_ns)
    assert reversal.sent_ns == told.now_ns


# ---- what success states ---------------------------------------------------------------------


def test_nothing_is_not_what_was_asked_for_however_little_that_is() -> None:
    order = orders.money(MoneyState.UNKNOWN, amount=Money(1, "TWD"))
    assert mismatch(order, paid(amount=0)) == "LINE Pay took 0, asked was 1"
    assert mismatch(order, paid(amount=1)) is None


@pytest.mark.parametrize(("stated", "minor"), [(None, 0), (0, 0), ("0.5", 0), (75, 75)])
def test_of_an_unknown_amount_only_what_is_stated_is_taken(
    stated: int | str | None, minor: int
) -> None:
    order = orders.money(MoneyState.UNKNOWN, amount=Money(0, "TWD"))
    record = confirmed(order, complete(stated), orders.AT, "check", False)
    assert record.captured_minor == minor


def test_the_transaction_of_a_contradiction_is_kept_for_the_person_who_looks() -> None:
    for told in (Lane().sent().pay(paid("Z")), Lane().sent().wait(15).check(complete(121))):
        assert told.of(MismatchSeen)[0].transaction_id == "2026112400000000001"
        assert told.order().transaction_id == "2026112400000000001"
    unnamed = Lane().sent().pay(paid("Z", transaction_id=None))
    assert unnamed.of(MismatchSeen)[0].transaction_id == ""


def test_a_right_amount_after_a_contradiction_is_a_conflict_and_no_mismatch() -> None:
    doubted = orders.money(MoneyState.UNKNOWN, attention=frozenset({Attention.MISMATCH}))
    order = after(replace(orders.CONFIRMED, late=True), doubted)
    assert order.attention == {Attention.CONFLICT, Attention.LATE}


def test_a_success_ends_what_was_said_of_an_end_and_of_a_loss() -> None:
    reasons = frozenset({Attention.EXPIRING, Attention.LOSS, Attention.ESCALATED})
    order = after(orders.CONFIRMED, orders.money(MoneyState.AUTHORIZED, attention=reasons))
    assert order.attention == {Attention.ESCALATED}
