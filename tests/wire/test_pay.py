"""The wire fails under a payment, and under every question about it: the truth comes out once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.daemon.waiting import eventually

from .faults import (
    HTTP_503,
    ROWS,
    Row,
    html_with_200,
    late_delivery,
    lost_response,
)
from .lane import Lane

ARRIVING = [row for row in ROWS if row.arrives and not row.tells]
TELLING = [row for row in ROWS if row.tells]
LOST = [row for row in ROWS if not row.arrives and row.fault is not late_delivery]
QUICK = (lost_response, html_with_200)  # the others in `make slow`
DOUBTFUL = [
    row if row.fault in QUICK else pytest.param(row, marks=pytest.mark.slow, id=row.name)
    for row in ARRIVING
]
CHECK = {"duplicate_second_told": lost_response}  # a question may be put twice: the answer is heard


@pytest.mark.parametrize("row", ARRIVING, ids=lambda row: row.name)
def test_a_payment_whose_answer_is_spoilt_is_found_by_a_check_and_printed_once(
    lane: Lane, row: Row
) -> None:
    lane.proxy.arm("pay", row.fault, count=1)
    lane.ends_paid(lane.sale())


@pytest.mark.parametrize("row", DOUBTFUL, ids=lambda row: getattr(row, "name", None))
def test_while_the_fault_lasts_nothing_is_confirmed_and_then_the_charge_is_found_once(
    lane: Lane, row: Row
) -> None:
    lane.proxy.arm("pay", row.fault, count=1)
    lane.proxy.arm("check", CHECK.get(row.name, row.fault))
    sale = lane.doubted()
    lane.proxy.heal()
    lane.ends_paid(sale)


@pytest.mark.parametrize("row", TELLING, ids=lambda row: row.name)
def test_noise_around_a_true_answer_changes_nothing(lane: Lane, row: Row) -> None:
    lane.proxy.arm("pay", row.fault, count=1)
    lane.proxy.arm("check", row.fault)
    lane.ends_paid(lane.sale())


def test_requests_that_never_arrived_are_asked_about_and_never_sent_again(own_lane: Lane) -> None:
    sales = []
    own_lane.proxy.arm("check", HTTP_503.fault)
    for row in LOST:
        own_lane.proxy.arm("pay", row.fault, count=1)
        sales.append(own_lane.doubted())
    own_lane.posd.kill()
    own_lane.proxy.heal()
    own_lane.shop.hurry(sales[-1])
    own_lane.shop.start()
    for sale in sales:
        own_lane.ends_unpaid(sale, "absent")
        assert len(own_lane.proxy.sent_for("pay", sale["order_id"])) == 1


def test_a_request_that_arrives_after_posd_gave_up_is_paid_late_and_waits_for_a_person(
    own_lane: Lane,
) -> None:
    sale = delivered_late(own_lane, lambda sale: None)
    late = own_lane.posd.sale_when(sale, verdict="PAID_LATE")
    assert (late["attention"], late["receipt"]) == (["late"], "NOTHING")
    own_lane.ends_paid(sale)


@pytest.mark.slow
def test_a_request_that_arrives_after_its_sale_was_abandoned_is_given_back(own_lane: Lane) -> None:
    def abandon(sale: dict[str, object]) -> None:
        own_lane.act(sale, "abandon", because="paid_otherwise")

    sale = delivered_late(own_lane, abandon)
    own_lane.posd.sale_when(sale, verdict="REFUNDED")
    assert len(own_lane.sandbox.refunds(sale["order_id"])) == 1
    assert len(own_lane.proxy.sent_for("refund", sale["order_id"])) == 1
    own_lane.judged(sale)


def delivered_late(lane: Lane, meanwhile: Callable[[dict[str, object]], None]) -> dict[str, object]:
    """A sale whose request reaches LINE Pay when the customer may be gone."""
    lane.proxy.arm("pay", late_delivery, count=1)
    sale = lane.doubted()
    assert lane.sandbox.order(sale["order_id"])["pay_requests"] == 0
    meanwhile(sale)
    eventually(lambda: lane.is_late(sale))
    lane.proxy.deliver_held()
    return sale
