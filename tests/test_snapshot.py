"""What screens and tills may see of an order."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.order import MoneyState, Order, Verdict, verdict
from posd.core.records import SoldItem
from posd.core.rules import SECOND
from posd.snapshot import SaleView, next_action, rfc3339, sale_view
from tests.core import lanes, orders
from tests.core.lanes import Lane


def view(order: Order, now_ns: int = lanes.BOOT_NS) -> SaleView:
    return sale_view(order, lanes.RULES, seq=7, now_ns=now_ns, action=lambda code: f"for_{code}")


def test_a_paid_sale_as_a_till_sees_it() -> None:
    told = Lane().sale(items=(), cashier="Lin").after(1).scan().pay(lanes.paid()).printed()
    order = replace(told.order(), items=(SoldItem("Tea", 2, 60),))
    seen = view(order)
    assert (seen.id, seen.order_id, seen.reference) == ("sale-A", "A", "till-A")
    assert (seen.verdict, seen.state, seen.receipt) == ("PAID", "CONFIRMED", "PRINTED")
    assert (seen.amount, seen.currency, seen.transaction_id) == (
        "120",
        "TWD",
        "2026112400000000001",
    )
    assert (seen.items[0].name, seen.items[0].quantity, seen.items[0].price) == ("Tea", 2, "60")
    assert (seen.opened_at, seen.paid_at) == (
        "2025-11-24T16:00:00.000Z",
        "2025-11-24T16:00:01.000Z",
    )
    assert (seen.next_action, seen.cashier, seen.seq) == ("hand_over", "Lin", 7)
    assert seen.verdict_due_in_s is None


def test_what_is_not_known_is_none() -> None:
    seen = view(orders.money(MoneyState.ARMED))
    assert seen.transaction_id is None
    assert seen.paid_at is None
    assert seen.verdict_due_in_s is None


@pytest.mark.parametrize(
    ("seconds", "left"), [(0, 60.0), (1.5, 58.5), (59.9996, 0.0), (60, 0.0), (75, 0.0)]
)
def test_working_counts_down_to_the_verdict_and_not_below_nothing(
    seconds: float, left: float
) -> None:
    order = orders.money(MoneyState.SENT)
    assert view(order, order.scan_ns + round(seconds * SECOND)).verdict_due_in_s == left


def test_an_order_whose_scan_is_unknown_counts_nothing_down() -> None:
    assert view(orders.money(MoneyState.SENT, scan_ns=None)).verdict_due_in_s is None


@pytest.mark.parametrize(
    ("told", "word", "action"),
    [
        (Lane().sale(), "WAITING", "show_code"),
        (Lane().sent(), "WORKING", "wait"),
        (Lane().sent().pay(lanes.paid()), "PAID", "hand_over"),
        (Lane().sent().after(181).pay(lanes.paid()), "PAID_LATE", "keep_or_reverse"),
        (Lane().sent().wait(60), "NOT_CONFIRMED", "wait_or_supervisor"),
        (Lane().sent().pay(lanes.paid("Z")), "CALL_SUPERVISOR", "supervisor"),
        (Lane().sale().cancel(), "NOT_PAID", "new_sale"),
        (Lane().sale().wait(120), "NOT_PAID", "new_sale"),
        (Lane().sale().restart(), "NOT_PAID", "new_sale"),
        (Lane().sale().gateway_lost(), "NOT_PAID", "technician"),
        (Lane().sent().pay_not_sent(), "NOT_PAID", "new_code"),
        (Lane().sent().wait(15).check(lanes.CANCEL), "NOT_PAID", "new_code"),
        (Lane().sent().wait(15).check(lanes.FAIL), "NOT_PAID", "new_code"),
        (Lane().sent().pay(lanes.DECLINED).wait(0).check(lanes.ABSENT), "NOT_PAID", "for_1142"),
    ],
)
def test_each_verdict_says_what_to_do_next(told: Lane, word: str, action: str) -> None:
    seen = view(told.order())
    assert (seen.verdict, seen.next_action) == (word, action)


def test_every_verdict_has_an_action() -> None:
    seen = set()
    for money in MoneyState:
        for late in (False, True):
            for overdue in (False, True):
                order = orders.money(money, late=late, overdue=overdue)
                seen.add(verdict(order))
                assert next_action(order, lambda code: code) != ""
    assert seen == set(Verdict) - {Verdict.CALL_SUPERVISOR, Verdict.VOIDED}


def test_the_customer_is_awaited_only_while_he_is() -> None:
    told = Lane().sent().wait(15).check(lanes.AUTH_READY)
    assert view(told.order()).awaiting_customer
    assert not view(told.pay(lanes.paid()).order()).awaiting_customer


def test_attention_is_told_in_order() -> None:
    told = Lane().sent().after(181).pay(lanes.paid(amount=None))
    assert view(told.order()).attention == ("late", "unverified_amount")


def test_no_view_has_room_for_a_key() -> None:
    names = {field.name for field in fields(SaleView)}
    assert not {name for name in names if "fingerprint" in name or "key" in name}


@given(st.integers(0, 4_000_000_000_000))
def test_times_are_told_to_the_millisecond(wall_ms: int) -> None:
    text = rfc3339(wall_ms)
    assert int(text[-4:-1]) == wall_ms % 1000
    assert int(text[17:19]) == wall_ms // 1000 % 60
    assert len(text) == 24
