"""A payment request arrives when its order was long declared absent: the sweep finds the money."""

from __future__ import annotations

import pytest

from tests.daemon.waiting import eventually

from .faults import late_delivery
from .lane import SCALE, Lane, Sale

# The horizon after 0.6 s; denials are swept 11 s and 43 s after their scan.
SWEPT = 0.0005
SWEEPS_S = 90.0

pytestmark = pytest.mark.slow


def test_a_request_that_arrives_past_the_horizon_is_paid_late_and_waits_for_a_person(
    own_lane: Lane,
) -> None:
    sale = declared_absent(own_lane, in_doubt(own_lane))
    own_lane.proxy.deliver_held()
    late = found_by_the_sweep(own_lane, sale)
    assert (late["verdict"], late["attention"], late["receipt"]) == (
        "PAID_LATE",
        ["late"],
        "NOTHING",
    )
    own_lane.ends_paid(sale)


def test_a_request_that_arrives_past_the_horizon_of_an_abandoned_sale_is_given_back(
    own_lane: Lane,
) -> None:
    sale = in_doubt(own_lane)
    own_lane.act(sale, "abandon", because="paid_otherwise")
    declared_absent(own_lane, sale)
    own_lane.proxy.deliver_held()
    found_by_the_sweep(own_lane, sale)
    own_lane.posd.sale_when(sale, verdict="REFUNDED")
    assert own_lane.sandbox.refunds(sale["order_id"]) == [sale["amount"]]
    own_lane.judged(sale)


def test_of_a_basket_that_was_paid_again_meanwhile_only_one_payment_is_kept(
    own_lane: Lane,
) -> None:
    first = declared_absent(own_lane, in_doubt(own_lane))
    restarted(own_lane, SCALE)
    second = own_lane.sale(basket=first["reference"])
    own_lane.ends_paid(second)
    own_lane.proxy.deliver_held()
    restarted(own_lane, SWEPT)
    late = found_by_the_sweep(own_lane, first)
    assert (late["verdict"], late["receipt"]) == ("PAID_LATE", "NOTHING")
    own_lane.act(first, "abandon", because="paid_otherwise")
    own_lane.posd.sale_when(first, verdict="REFUNDED")
    assert own_lane.sandbox.refunds(first["order_id"]) == [first["amount"]]
    assert own_lane.sandbox.refunds(second["order_id"]) == []
    assert own_lane.posd.api.sale(second["id"])["verdict"] == "PAID"
    own_lane.judged(first)


def in_doubt(lane: Lane) -> Sale:
    """A sale whose request is on its way for as long as a test wants."""
    lane.proxy.arm("pay", late_delivery, count=1)
    return lane.doubted()


def declared_absent(lane: Lane, sale: Sale) -> Sale:
    """The same sale, past every limit: LINE Pay does not know it."""
    restarted(lane, SWEPT)
    lane.ends_unpaid(sale, "absent")
    assert lane.sandbox.order(sale["order_id"])["pay_requests"] == 0
    return sale


def restarted(lane: Lane, scale: float) -> None:
    lane.posd.kill()
    lane.shop.settings["timing"]["scale"] = scale
    lane.shop.start()


def found_by_the_sweep(lane: Lane, sale: Sale) -> Sale:
    """The sale once it is no longer taken for unpaid."""

    def look() -> Sale | None:
        found = lane.posd.api.sale(sale["id"])
        return None if found["verdict"] == "NOT_PAID" else found

    return eventually(look, within_s=SWEEPS_S)
