"""What strangers say is cut to a fixed length before it is written, shown or printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from devices.values import Columns
from posd.core.evidence import PaidPart
from posd.core.judging import confirmed, mismatch
from posd.core.order import Attention, Checks, MoneyState
from posd.core.receipt import receipt
from posd.core.records import AttentionRaised, DeclineReported
from tests.core import lanes, orders
from tests.core.lanes import DECLINED, Lane

LONG = "x" * 999
UNSURE = orders.money(MoneyState.UNKNOWN)


def test_the_message_of_a_decline_is_cut_to_200_characters() -> None:
    told = Lane().sent().pay(replace(DECLINED, message=LONG))
    assert told.of(DeclineReported)[0].message == "x" * 200


def test_the_id_of_another_order_is_cut_to_100_characters() -> None:
    assert mismatch(UNSURE, lanes.paid(LONG)) == "the answer is for order " + "x" * 100


def test_another_currency_is_cut_to_8_characters() -> None:
    assert mismatch(UNSURE, lanes.paid(currency=LONG)) == "the answer is in " + "x" * 8


def test_another_amount_is_cut_to_24_characters() -> None:
    what = mismatch(UNSURE, lanes.paid(amount="1" + "0" * 26))
    assert what == "LINE Pay took 1" + "0" * 23 + ", asked was 120"


def test_a_means_of_payment_is_cut_to_32_characters() -> None:
    evidence = lanes.paid(parts=(PaidPart(LONG, Decimal(120)),))
    record = confirmed(UNSURE, evidence, orders.AT, "pay", False)
    assert record.parts[0].method == "x" * 32


def test_what_details_state_in_another_currency_is_cut_to_24_and_8_characters() -> None:
    doubted = orders.money(
        MoneyState.UNKNOWN,
        attention=frozenset({Attention.MISMATCH}),
        checks=Checks(number=1, in_flight=True, operation="details"),
    )
    told = Lane().sent()
    told.state = replace(told.state, orders={"A": doubted})
    told.check(lanes.details("1" + "0" * 26, currency=LONG))
    flag = told.of(AttentionRaised)[0]
    assert flag.what == "details state 1" + "0" * 23 + " " + "x" * 8


def test_a_reference_is_cut_to_24_characters_on_paper() -> None:
    order = orders.money(MoneyState.CONFIRMED, reference=LONG)
    printed = receipt(order, lanes.RULES, copy=0).elements
    assert Columns("reference", "x" * 24) in printed
