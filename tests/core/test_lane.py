"""The whole lane: routing, opening a sale, coupling money and paper, applying records."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from posd.core import lane
from posd.core.commands import PrintReceipt, SendPay, WarmConnection
from posd.core.errors import Contradiction, NotAllowed
from posd.core.events import Event, Item, SaleRequested
from posd.core.lane import LaneState, step
from posd.core.money import Money
from posd.core.order import Attention, MoneyState, Verdict
from posd.core.records import (
    AttentionRaised,
    LaneStarted,
    OrderSettled,
    PaymentConfirmed,
    PaySent,
    PrintStarted,
    SaleOpened,
    SoldItem,
)
from posd.core.rules import SECOND
from tests.core import lanes, orders
from tests.core.lanes import Lane

EMPTY = LaneState(lanes.RULES)


def refused(state: LaneState, **changes) -> NotAllowed:
    event = replace(lanes.sale_requested("B", Lane().at), **changes)
    with pytest.raises(NotAllowed) as refusal:
        step(state, event)
    return refusal.value


# ---- opening --------------------------------------------------------------------------------


def test_a_sale_is_written_as_it_was_asked_for_and_the_connection_warmed() -> None:
    told = Lane().sale(
        items=(Item("Tea", 2, Money(60, "TWD")),), cashier="Lin", another_customer=True
    )
    opened = told.of(SaleOpened)[0]
    assert opened.items == (SoldItem("Tea", 2, 60),)
    assert (opened.amount_minor, opened.currency) == (120, "TWD")
    assert (opened.reference, opened.idempotency_key) == ("till-A", "key-of-A")
    assert (opened.cashier, opened.another_customer) == ("Lin", True)
    assert (opened.opened_ns, opened.opened_ms) == (lanes.BOOT_NS, lanes.WALL_MS)
    assert told.of(WarmConnection) == [WarmConnection()]
    assert told.state.selling == "A"


def test_a_repeat_answers_with_the_first_order_and_opens_none() -> None:
    repeat = replace(lanes.sale_requested("B", Lane().at), repeat_of="A")
    assert step(EMPTY, repeat) == lane.Decision(subject="A")


def test_a_repeat_is_answered_before_anything_else_is_looked_at() -> None:
    event = replace(
        lanes.sale_requested("B", Lane().at),
        repeat_of="A",
        hindrances=("disk_low",),
        reference_held_by="A",
        amount=Money(1, "THB"),
    )
    assert step(Lane().sale().state, event).subject == "A"


def test_the_same_idempotency_key_with_another_body_is_a_conflict() -> None:
    refusal = refused(EMPTY, repeat_of="A", same_body=False)
    assert (refusal.code, refusal.details) == ("idempotency_conflict", {"order_id": "A"})


def test_another_currency_than_the_lanes_is_refused() -> None:
    refusal = refused(EMPTY, amount=Money(1, "THB"))
    assert (refusal.code, refusal.details) == ("currency", {"expected": "TWD", "got": "THB"})


def test_the_worst_hindrance_is_named() -> None:
    assert refused(EMPTY, hindrances=("disk_low", "gateway_unreachable")).code == "disk_low"


def test_a_reference_that_is_live_or_paid_is_refused_with_its_order() -> None:
    refusal = refused(EMPTY, reference_held_by="A")
    assert (refusal.code, refusal.details) == ("reference_live", {"order_id": "A"})


@pytest.mark.parametrize("verb", [Lane.sale, Lane.sent])
def test_one_sale_is_at_the_counter_at_a_time(verb) -> None:
    assert refused(verb(Lane()).state, amount=Money(7, "TWD")).code == "sale_open"


def test_too_many_unfinished_orders_need_a_person() -> None:
    late = orders.money(MoneyState.CONFIRMED, late=True)
    many = {f"old-{n}": replace(late, order_id=f"old-{n}") for n in range(lane.MAX_UNFINISHED)}
    assert refused(replace(EMPTY, orders=many)).code == "too_many_unfinished"
    many.popitem()
    assert step(replace(EMPTY, orders=many), lanes.sale_requested("B", Lane().at)).records


@pytest.mark.parametrize("unresolved", ["overdue", "mismatch"])
def test_the_same_amount_is_refused_while_one_is_unresolved(unresolved: str) -> None:
    told = Lane().sent()
    told = told.wait(60) if unresolved == "overdue" else told.pay(lanes.paid(amount=121))
    assert told.state.selling is None
    refusal = refused(told.state)
    assert (refusal.code, refusal.details) == ("same_amount_unresolved", {"order_id": "A"})
    other = lanes.sale_requested("B", told.at, 119)
    assert step(told.state, other).records
    assert step(told.state, replace(lanes.sale_requested("B", told.at), another_customer=True))


@pytest.mark.parametrize(
    "told",
    [
        Lane().sent().pay(lanes.paid()),
        Lane().sent().pay_not_sent(),
        Lane().sale().cancel(),
        Lane().sent().after(300).pay(lanes.paid()),
    ],
)
def test_the_same_amount_is_welcome_once_the_other_is_resolved(told: Lane) -> None:
    assert step(told.state, lanes.sale_requested("B", told.at)).records


# ---- who is at the counter ------------------------------------------------------------------


def test_the_counter_is_free_when_there_is_a_verdict() -> None:
    assert Lane().sent().state.selling == "A"
    assert Lane().sent().pay(lanes.paid()).state.selling is None
    assert Lane().sent().pay_not_sent().state.selling is None
    assert Lane().sent().wait(60).state.selling is None
    assert Lane().sent().pay(lanes.paid("Z")).state.selling is None
    assert Lane().sale().cancel().state.selling is None


def test_news_of_an_older_order_leaves_the_counter_alone() -> None:
    told = Lane().sent().wait(60).sale(50)
    assert told.state.selling == "B"
    assert told.pay(lanes.paid("A"), "A").state.selling == "B"
    assert told.verdict("A") is Verdict.PAID


def test_a_working_order_is_at_the_counter_again_after_a_restart() -> None:
    told = Lane().start().sent()
    loaded = replace(told.state, selling=None)
    told.state = loaded
    assert told.restart().state.selling == "A"


def test_a_scan_belongs_to_the_sale_at_the_counter() -> None:
    told = Lane().sent().wait(60).sale(50).after(1).scan("key-2")
    assert [sent.order_id for sent in told.of(PaySent)] == ["A", "B"]
    assert len(told.of(SendPay)) == 2


def test_a_scan_without_a_sale_is_refused_and_kept_nowhere() -> None:
    told = Lane().scan()
    assert told.refusals == ["scan_not_armed"]
    assert told.state == EMPTY


# ---- routing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb", [Lane.cancel, Lane.keep, Lane.reprint, Lane.pay_lost, Lane.printed]
)
def test_an_order_that_is_not_in_memory_is_no_such_sale(verb) -> None:
    told = Lane()
    verb(told, copy=0, order_id="A") if verb is Lane.printed else verb(told, "A")
    assert told.refusals == ["no_such_sale"]


def test_every_event_is_routed() -> None:
    kinds = {kind.__name__ for kind in get_args(Event)}
    known = {**orders.EVENTS, **orders.SLIP_EVENTS}
    assert kinds == set(known) | {SaleRequested.__name__}
    for event in known.values():
        try:
            step(orders.state_after(orders.TO_MONEY["CONFIRMED"]), event)
        except NotAllowed as refusal:
            assert refusal.code in ("already_paid", "scan_not_armed", "nothing_owed")


def test_time_gateway_and_printer_are_told_to_every_order() -> None:
    told = Lane().sent().after(1).pay(lanes.paid()).not_printed()
    told.sent(50).after(1).pay(lanes.paid("B", 50)).not_printed().printer_ready()
    assert [job.order_id for job in told.of(PrintReceipt)] == ["A", "B", "A", "B"]


def test_a_restart_is_told_to_every_order_after_the_lane_knows_it() -> None:
    told = Lane().start().sent().wait(60).sent(50).reboot()
    assert told.order("A").rebooted
    assert told.order("B").rebooted
    assert told.verdict("A") is told.verdict("B") is Verdict.NOT_CONFIRMED


# ---- coupling -------------------------------------------------------------------------------


def test_paid_and_its_receipt_are_one_decision() -> None:
    state = Lane().sent().state
    decision = step(state, lanes.events.PayAnswered(Lane().after(2).at, "A", lanes.paid()))
    assert [type(record) for record in decision.records] == [PaymentConfirmed, PrintStarted]
    assert [type(command) for command in decision.commands] == [PrintReceipt]
    assert decision.subject == "A"


def test_a_settled_order_that_something_happens_to_is_settled_again() -> None:
    told = Lane().sent().pay(lanes.paid()).printed().printed().pay(lanes.paid(amount=7))
    kinds = [type(record) for record in told.records[-5:]]
    assert kinds == [OrderSettled, AttentionRaised, OrderSettled, AttentionRaised, OrderSettled]
    assert told.order().settled


@pytest.mark.parametrize("name", ["AttentionRaised", "PaymentConfirmed", "OrderSettled"])
def test_every_record_but_its_end_unsettles_an_order(name: str) -> None:
    settled = lane.apply(orders.state_after(orders.TO_MONEY["NOT_PAID"]), OrderSettled("A"))
    order = lane.apply(settled, orders.RECORDS[name]).orders["A"]
    assert order.settled is (name == "OrderSettled")


def test_what_changes_nothing_of_a_settled_order_is_not_written() -> None:
    told = Lane().sent().pay_not_sent()
    written = len(told.records)
    assert len(told.pay_lost().cancel().time_passes().records) == written


def test_a_reprint_opens_the_order_until_the_copy_is_out() -> None:
    told = Lane().sent().pay(lanes.paid()).printed().reprint()
    assert not told.order().settled
    assert told.printed().order().settled


def test_nothing_is_settled_while_somebody_must_decide_or_paper_is_owed() -> None:
    assert not Lane().sent().after(200).pay(lanes.paid()).order().settled
    assert not Lane().sent().pay(lanes.paid()).not_printed().order().settled


def test_a_finished_order_leaves_memory_and_may_come_back() -> None:
    told = Lane().sent().pay(lanes.paid()).printed()
    order = told.order()
    told.state = lane.without_settled(told.state)
    assert told.state.orders == {}
    assert lane.without_settled(told.state) is told.state
    told.state = lane.recalled(told.state, order)
    assert [job.copy for job in told.reprint().of(PrintReceipt)] == [0, 1]


def test_an_order_learned_paid_after_all_is_unsettled_again() -> None:
    told = Lane().sent().pay_not_sent().pay(lanes.paid())
    assert not told.order().settled
    assert told.order().attention == {Attention.LATE}
    assert told.verdict() is Verdict.PAID_LATE


# ---- applying -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", orders.RECORDS)
def test_a_record_of_an_unknown_order_is_a_contradiction(name: str) -> None:
    with pytest.raises(Contradiction, match="order A: a record for an order that was never opened"):
        lane.apply(EMPTY, orders.RECORDS[name])


def test_applying_makes_a_new_state() -> None:
    before = orders.state_after(orders.TO_MONEY["SENT"])
    after = lane.apply(before, orders.UNKNOWN)
    assert before.orders["A"].money is MoneyState.SENT
    assert after.orders["A"].money is MoneyState.UNKNOWN


def test_the_first_start_of_a_lane_is_no_reboot() -> None:
    state = lane.replay(EMPTY, (*orders.TO_MONEY["SENT"], LaneStarted("boot-9", 5, 5, "posd 1")))
    assert not state.orders["A"].rebooted
    assert state.boot_id == "boot-9"


def test_after_a_reboot_the_times_count_from_its_start() -> None:
    started = LaneStarted("boot-2", 7 * SECOND, 5, "posd 1")
    order = lane.apply(orders.state_after(orders.TO_MONEY["SENT"]), started).orders["A"]
    assert (order.scan_ns, order.opened_ns, order.checks.sent_ns) == (7 * SECOND,) * 3
    order = lane.apply(orders.state_after(orders.TO_MONEY["ARMED"]), started).orders["A"]
    assert (order.scan_ns, order.opened_ns) == (None, 7 * SECOND)


def test_an_empty_lane_has_no_deadline() -> None:
    assert lane.next_deadline_ns(EMPTY) is None


def test_the_nearest_deadline_of_all_orders_is_the_lanes() -> None:
    told = Lane().sent().pay_lost().wait_answering(60, lanes.UNCLEAR).sale(50)
    assert lane.next_deadline_ns(told.state) == told.now_ns + 10 * SECOND
    told.wait_answering(119, lanes.UNCLEAR)
    assert lane.next_deadline_ns(told.state) == told.order("B").opened_ns + 120 * SECOND
