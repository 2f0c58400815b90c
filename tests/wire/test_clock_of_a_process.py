"""The daemon itself, while somebody sets its clock ten years forward and back."""

from __future__ import annotations

import pytest

from posd.api_client import Refused

from .faults import HTTP_503, lost_response
from .lane import Lane
from .wall_clock import WallClock

TEN_YEARS_S = 3653 * 86_400


@pytest.mark.slow
@pytest.mark.parametrize("first", [1, -1], ids=["forward_first", "back_first"])
def test_a_payment_in_doubt_is_found_in_time_whatever_the_wall_clock_says(
    closed_lane: Lane, first: int
) -> None:
    wall = WallClock(closed_lane.shop.folder)
    closed_lane.shop.settings["timing"]["scale"] = 0.05  # late after 9 s: this is no late payment
    closed_lane.shop.start(before=wall.before)
    closed_lane.proxy.arm("pay", lost_response, count=1)
    closed_lane.proxy.arm("check", HTTP_503.fault)
    sale = closed_lane.sale()
    wall.jump(first * TEN_YEARS_S)
    doubted = closed_lane.posd.verdict(sale)
    assert (doubted["verdict"], doubted["attention"]) == ("NOT_CONFIRMED", [])
    wall.jump(-first * TEN_YEARS_S)
    closed_lane.proxy.heal()
    assert closed_lane.ends_paid(sale)["verdict"] == "PAID"


@pytest.mark.slow
def test_a_clock_before_posd_was_written_takes_no_new_sale_until_it_is_set(
    closed_lane: Lane,
) -> None:
    wall = WallClock(closed_lane.shop.folder)
    wall.jump(-TEN_YEARS_S)
    closed_lane.shop.start(before=wall.before)
    with pytest.raises(Refused) as refused:
        closed_lane.opened()
    assert refused.value.code == "clock_unknown"
    wall.jump(0)
    closed_lane.ends_paid(closed_lane.sale())
