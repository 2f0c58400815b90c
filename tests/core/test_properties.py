"""What holds in every history: the invariants of the money machine, over random worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from posd.core import lane, reading
from posd.core.commands import (
    Command,
    PrepareReceipt,
    PrintReceipt,
    SendCapture,
    SendCheck,
    SendPay,
    SendReversal,
    WarmConnection,
)
from posd.core.events import Event, ProcessStarted
from posd.core.order import MoneyState, Verdict, is_given_up, verdict
from posd.core.records import (
    CheckReported,
    CheckSent,
    DeclineReported,
    LaneStarted,
    MismatchProved,
    MismatchSeen,
    OrderSettled,
    PaymentConfirmed,
    PaymentNotPaid,
    PaymentUnknown,
    PaySent,
    PrintFinished,
    PrintStarted,
    PrintUnknown,
    Record,
    SaleCancelled,
    SaleOpened,
    SweepAnswered,
    VerdictOverdue,
)
from posd.core.reversal_records import (
    CaptureSent,
    CaptureUnknown,
    PaymentAuthorized,
    PaymentPartlyRefunded,
    PaymentReversed,
    RefundOwed,
    ReversalGivenUp,
    ReversalSent,
    ReversalUnknown,
    VoidGivenUp,
)
from posd.core.rules import SECOND, Rules
from tests.core import lanes
from tests.core.lanes import Lane
from tests.core.worlds import MOVES, World

NUMBERS = st.integers(0, 11)
OFTEN = ("sells", "answers_pay", "loses_pay", "answers_check", "prints", "waits", "refunds")
MOVE = st.tuples(st.sampled_from((*MOVES, *OFTEN, *OFTEN)), NUMBERS, NUMBERS)
HISTORIES = st.lists(MOVE, min_size=15, max_size=60)


def played(history: list[tuple[str, int, int]], rules: Rules = lanes.RULES) -> Lane:
    world = World(rules)
    for move in history:
        world.moves(*move)
        _holds_at_every_instant(world.lane)
    return world.lane


def _holds_at_every_instant(told: Lane) -> None:
    at_counter = []
    for order in told.state.orders.values():
        word = verdict(order)
        if word in (Verdict.WAITING, Verdict.WORKING):
            at_counter.append(order.order_id)
        if word is Verdict.WORKING:
            assert told.now_ns - order.scan_ns < 60 * SECOND, "WORKING lasts at most 60 s"
        if word is Verdict.WAITING:
            assert told.now_ns - order.opened_ns < 120 * SECOND, "ARMED lasts at most 120 s"
    assert at_counter == ([told.state.selling] if told.state.selling else [])


# ---- what holds of a finished history -------------------------------------------------------


def of_order(told: Lane) -> Iterator[tuple[str, list[Record]]]:
    for order_id in told.state.orders:
        yield order_id, [r for r in told.records if getattr(r, "order_id", "") == order_id]


def replay_gives_the_live_state(told: Lane) -> None:
    empty = lane.LaneState(told.state.rules)
    first = lane.replay(empty, told.records)
    assert first == told.state
    assert lane.replay(empty, told.records) == first


def at_most_one_payment_request_leaves_for_an_order(told: Lane) -> None:
    sent = Counter(command.order_id for command in told.of(SendPay))
    assert set(sent.values()) <= {1}
    assert sent == Counter(record.order_id for record in told.of(PaySent))


def a_key_belongs_to_one_order(told: Lane) -> None:
    assert set(Counter(sent.fingerprint for sent in told.of(PaySent)).values()) <= {1}


RECORD_OF = {
    SendPay: PaySent,
    SendCheck: CheckSent,
    SendCapture: CaptureSent,
    SendReversal: ReversalSent,
    PrintReceipt: PrintStarted,
    WarmConnection: SaleOpened,
    PrepareReceipt: SaleOpened,
}
SHARED = ("order_id", "fingerprint", "not_after_ns", "number", "operation", "copy")


def a_commands_record_is_in_its_own_decision(told: Lane) -> None:
    for _, decision in told.decisions:
        for command in decision.commands:
            assert any(_names(record, command) for record in decision.records), command


def _names(record: Record, command: Command) -> bool:
    shared = [name for name in SHARED if hasattr(command, name)]
    return type(record) is RECORD_OF[type(command)] and all(
        getattr(record, name) == getattr(command, name) for name in shared
    )


def a_restart_sends_nothing(told: Lane) -> None:
    for event, decision in told.decisions:
        if isinstance(event, ProcessStarted):
            assert decision.commands == ()


def a_sent_order_is_never_cancelled(told: Lane) -> None:
    for _, records in of_order(told):
        assert not {PaySent, SaleCancelled} <= {type(record) for record in records}


def paid_means_confirmed_with_the_same_amount(told: Lane) -> None:
    for order_id, records in of_order(told):
        order = told.order(order_id)
        taken = [r for r in records if isinstance(r, PaymentConfirmed | MismatchProved)]
        assert len(taken) <= 1
        if order.money is MoneyState.CONFIRMED:
            assert taken
        for record in taken:
            if isinstance(record, PaymentConfirmed) and record.parts:
                total = sum(part.amount_minor for part in record.parts)
                assert total == record.captured_minor


def nothing_is_printed_before_it_is_confirmed(told: Lane) -> None:
    for _, records in of_order(told):
        kinds = [type(record) for record in records]
        if PrintStarted in kinds:
            assert PaymentConfirmed in kinds[: kinds.index(PrintStarted)]


def at_most_one_original_is_printed(told: Lane) -> None:
    for _, records in of_order(told):
        ended = [r.copy for r in records if isinstance(r, PrintFinished | PrintUnknown)]
        assert len(ended) == len(set(ended)), "each copy's number is printed once at most"
        assert ended == sorted(ended)


def absence_is_believed_only_past_the_horizon(told: Lane) -> None:
    for _, records in of_order(told):
        for index, record in enumerate(records):
            if isinstance(record, PaymentNotPaid) and (record.because, record.code) == (
                "absent",
                "1150",
            ):
                _proved_absent(records[:index])


def _proved_absent(before: list[Record]) -> None:
    sent = {record.number: record for record in before if isinstance(record, CheckSent)}
    reports = [record for record in before if isinstance(record, CheckReported)]
    assert reports[-1].finding == "absent"
    assert sent[reports[-1].number].operation == "details"
    past = [
        sent[report.number].sent_ns
        for report in reports[:-1]
        if report.finding == "absent"
        and sent[report.number].past_horizon
        and sent[report.number].operation == "check"
    ]
    assert max(past) - min(past) >= 60 * SECOND


def a_decline_is_believed_only_after_a_later_check(told: Lane) -> None:
    for _, records in of_order(told):
        kinds = [type(record) for record in records]
        for index, record in enumerate(records):
            if isinstance(record, PaymentNotPaid) and record.because == "declined":
                declined = len(kinds) - 1 - kinds[::-1].index(DeclineReported)
                assert CheckSent in kinds[declined:index]
                assert kinds[index - 1] is CheckReported


def line_pay_is_not_hammered(told: Lane) -> None:
    """Between two checks of an order lie two seconds, or something new was learned."""
    news = (
        *(LaneStarted, PaymentUnknown, DeclineReported, MismatchSeen, VerdictOverdue),
        *(PaymentConfirmed, CaptureUnknown, ReversalUnknown, RefundOwed),
    )
    for order_id in told.state.orders:
        last_ns = None
        for record in told.records:
            mine = getattr(record, "order_id", order_id) == order_id
            if mine and isinstance(record, news):
                last_ns = None
            elif mine and isinstance(record, CheckSent):
                assert last_ns is None or record.sent_ns - last_ns >= 2 * SECOND
                last_ns = record.sent_ns


def what_is_over_is_settled_and_nothing_else(told: Lane) -> None:
    for order_id, records in of_order(told):
        order = told.order(order_id)
        assert order.settled == isinstance(records[-1], OrderSettled)
        if order.settled:
            assert verdict(order) in SETTLED


SETTLED = (Verdict.PAID, Verdict.NOT_PAID, Verdict.REFUNDED, Verdict.VOIDED)


def a_denied_order_that_was_sent_is_swept_twice_before_it_is_settled(told: Lane) -> None:
    for order_id, records in of_order(told):
        order = told.order(order_id)
        sent = any(isinstance(record, PaySent) for record in records)
        unsent = order.because == "absent" and order.code != "1150"
        if order.money is MoneyState.NOT_PAID and sent and not unsent and order.settled:
            assert sum(isinstance(record, SweepAnswered) for record in records) == 2


def no_partial_refund_is_sent_twice(told: Lane) -> None:
    for _, records in of_order(told):
        sent = [r for r in records if isinstance(r, ReversalSent)]
        assert len({(r.number, r.attempt) for r in sent}) == len(sent)
        for record in sent:
            assert record.full or record.attempt == 1


def a_full_one_goes_again_only_after_a_read_that_came_after_it(told: Lane) -> None:
    for _, records in of_order(told):
        for index, record in enumerate(records):
            if isinstance(record, ReversalSent) and record.attempt > 1:
                kinds = [type(each) for each in records[:index]]
                before = len(kinds) - 1 - kinds[::-1].index(ReversalSent)
                assert CheckSent in kinds[before:]
                assert kinds[-1] is CheckReported


def no_more_is_given_back_than_was_taken(told: Lane) -> None:
    for order_id, _ in of_order(told):
        order = told.order(order_id)
        assert 0 <= order.refunded_minor <= order.captured_minor or not order.captured_minor
        running = order.money in (MoneyState.REVERSING, MoneyState.REVERSAL_UNKNOWN)
        if running and order.reversal.kind == "refund":
            assert order.reversal.amount_minor <= order.left_minor


def what_was_given_up_is_not_kept(told: Lane) -> None:
    """Invariant 13: given back, or owed in sight, or a person decided otherwise by name."""
    for order_id, records in of_order(told):
        order = told.order(order_id)
        decided = any(isinstance(r, ReversalGivenUp | VoidGivenUp) for r in records)
        partly = any(isinstance(r, PaymentPartlyRefunded) for r in records)
        waits = reading.is_verifying(order)  # for the amount, which then goes back whole
        if is_given_up(order) and not decided and not partly and not waits:
            assert order.money not in (MoneyState.CONFIRMED, MoneyState.AUTHORIZED)


def nothing_authorized_is_printed(told: Lane) -> None:
    for _, records in of_order(told):
        kinds = [type(record) for record in records]
        if PaymentAuthorized in kinds and PrintStarted in kinds:
            assert PaymentConfirmed in kinds[: kinds.index(PrintStarted)]


def a_reversed_order_was_asked_to_be(told: Lane) -> None:
    for _, records in of_order(told):
        sent = {r.number: r for r in records if isinstance(r, ReversalSent)}
        for record in records:
            if isinstance(record, PaymentReversed | PaymentPartlyRefunded):
                assert sent[record.number].actor


ALWAYS: tuple[Callable[[Lane], None], ...] = (
    replay_gives_the_live_state,
    at_most_one_payment_request_leaves_for_an_order,
    a_key_belongs_to_one_order,
    a_commands_record_is_in_its_own_decision,
    a_restart_sends_nothing,
    a_sent_order_is_never_cancelled,
    paid_means_confirmed_with_the_same_amount,
    nothing_is_printed_before_it_is_confirmed,
    at_most_one_original_is_printed,
    absence_is_believed_only_past_the_horizon,
    a_decline_is_believed_only_after_a_later_check,
    line_pay_is_not_hammered,
    what_is_over_is_settled_and_nothing_else,
    a_denied_order_that_was_sent_is_swept_twice_before_it_is_settled,
    no_partial_refund_is_sent_twice,
    a_full_one_goes_again_only_after_a_read_that_came_after_it,
    no_more_is_given_back_than_was_taken,
    what_was_given_up_is_not_kept,
    nothing_authorized_is_printed,
    a_reversed_order_was_asked_to_be,
)

SOLD = ("sells", 0, 0)
ABSENT_PAST_HORIZON = [SOLD, ("loses_pay", 0, 0), ("waits_answered", 11, 0)]
STALE_PRINT = [SOLD, ("answers_pay", 0, 0), ("prints", 0, 3), ("reprints", 0, 0), ("prints", 0, 0)]

OVERDUE_BETWEEN_CHECKS = [SOLD, ("waits", 5, 0), ("waits_answered", 6, 0)]


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES)
@example(ABSENT_PAST_HORIZON)
@example(STALE_PRINT)
@example(OVERDUE_BETWEEN_CHECKS)
def test_every_history_keeps_every_invariant(history: list[tuple[str, int, int]]) -> None:
    told = played(history)
    for holds in ALWAYS:
        holds(told)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES)
def test_every_history_of_a_lane_that_authorizes_keeps_them_too(
    history: list[tuple[str, int, int]],
) -> None:
    told = played(history, replace(lanes.RULES, capture=False))
    for holds in ALWAYS:
        holds(told)


def test_the_world_makes_every_move() -> None:
    assert len(MOVES) == 29
    world = World()
    for move in MOVES:
        world.moves(move, 0, 0)


@pytest.mark.parametrize("because", ["absent", "declined", "failed", "cancelled"])
def test_the_world_reaches_every_way_of_not_being_paid(because: str) -> None:
    ways = {
        "absent": ABSENT_PAST_HORIZON,
        "declined": [SOLD, ("answers_pay", 0, 2), ("answers_check", 0, 0)],
        "failed": [SOLD, ("waits", 4, 0), ("answers_check", 0, 4)],
        "cancelled": [SOLD, ("waits", 4, 0), ("answers_check", 0, 3)],
    }
    told = played(ways[because])
    assert told.order("A").because == because
    for holds in ALWAYS:
        holds(told)


def test_the_event_that_a_decision_answers_is_kept_beside_it() -> None:
    event, decision = World().lane.decisions[0]
    assert isinstance(event, Event)
    assert [type(record) for record in decision.records] == [LaneStarted]
