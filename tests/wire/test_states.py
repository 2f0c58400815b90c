"""The wire fails in each state of an order: before its request, after it, and at a restart."""

from __future__ import annotations

import pytest

from posd.api_client import Refused
from tests.daemon.waiting import eventually

from .dead_ends import swallowing
from .faults import ROWS, Row, lost_response, silence_after, silence_before
from .lane import Lane

DETAILS = [row for row in ROWS if row.reason]  # a question may be put twice
SPOILT = ("lost_response",)  # the others in `make slow`


# ---- ARMED


def test_a_connection_that_died_while_the_code_was_awaited_is_replaced_before_the_request(
    lane: Lane,
) -> None:
    def code() -> str:
        lane.proxy.hang_up()
        return lane.sandbox.key()

    lane.ends_paid(lane.sale(code))


@pytest.mark.slow
def test_a_port_that_died_while_the_code_was_awaited_takes_nothing_and_frees_the_sale(
    own_lane: Lane,
) -> None:
    sale = own_lane.opened()
    own_lane.proxy.shut()
    own_lane.posd.scan(own_lane.sandbox.key())
    own_lane.ends_unpaid(sale, "absent")
    own_lane.proxy.open()
    eventually(lambda: own_lane.posd.api.lane()["hindrances"] == [])
    own_lane.ends_paid(own_lane.sale())


def test_an_address_that_swallows_every_packet_counts_as_not_sent(own_lane: Lane) -> None:
    sale = own_lane.opened()
    own_lane.proxy.shut()
    with swallowing(own_lane.proxy.port):
        own_lane.posd.scan(own_lane.sandbox.key())
        own_lane.ends_unpaid(sale, "absent")
        assert own_lane.proxy.sent_for("pay", sale["order_id"]) == []
        with pytest.raises(Refused) as refused:
            own_lane.opened()
        assert refused.value.code == "gateway_unreachable"


@pytest.mark.slow
def test_a_sale_that_waits_for_its_code_ends_by_itself_when_the_gateway_goes(
    closed_lane: Lane,
) -> None:
    closed_lane.shop.settings["timing"]["scale"] = 0.1  # a code may take longer than the next look
    closed_lane.shop.start()
    sale = closed_lane.opened()
    closed_lane.proxy.shut()
    closed_lane.ends_unpaid(sale, "gateway")
    assert closed_lane.proxy.sent_for("pay", sale["order_id"]) == []


# ---- SENT, UNKNOWN, and a restart in the middle


@pytest.mark.parametrize("fault", [silence_after, lost_response], ids=["SENT", "UNKNOWN"])
def test_killed_while_the_wire_is_broken_the_charge_is_found_by_the_next_daemon(
    own_lane: Lane, fault: object
) -> None:
    own_lane.proxy.arm("pay", fault, count=1)  # type: ignore[arg-type]
    own_lane.proxy.arm("check", silence_before)
    sale = own_lane.sale()
    eventually(lambda: own_lane.sandbox.order(sale["order_id"]).get("status") == "COMPLETE")
    own_lane.posd.kill()
    assert own_lane.printer.rest() == []
    own_lane.proxy.heal()
    own_lane.shop.start()
    own_lane.ends_paid(sale)


@pytest.mark.slow
def test_started_without_a_gateway_the_daemon_asks_until_it_is_back(own_lane: Lane) -> None:
    own_lane.proxy.arm("pay", silence_after, count=1)
    sale = own_lane.sale()
    own_lane.posd.kill()
    own_lane.proxy.shut()
    own_lane.shop.start()
    doubted = own_lane.posd.verdict(sale)
    assert (doubted["verdict"], doubted["receipt"]) == ("NOT_CONFIRMED", "NOTHING")
    own_lane.proxy.open()
    own_lane.ends_paid(sale)


# ---- CONFIRMED


def test_a_confirmed_payment_is_printed_without_any_gateway(own_lane: Lane) -> None:
    own_lane.printer.hang()
    sale = own_lane.sale()
    own_lane.posd.sale_when(sale, verdict="PAID", receipt="PRINTING")
    own_lane.proxy.shut()
    own_lane.printer.go_on()
    own_lane.ends_paid(sale)


@pytest.mark.parametrize(
    "row",
    [
        row if row.name in SPOILT else pytest.param(row, marks=pytest.mark.slow, id=row.name)
        for row in DETAILS
    ],
    ids=lambda row: getattr(row, "name", None),
)
def test_a_payment_without_amounts_stays_paid_whatever_becomes_of_the_question_for_details(
    lane: Lane, row: Row
) -> None:
    lane.proxy.arm("details", row.fault)
    sale = lane.sale(lambda: lane.sandbox.key("no-payinfo"))
    assert lane.ends_paid(sale)["attention"] == ["unverified_amount"]
    eventually(lambda: len(lane.proxy.sent_for("details", sale["order_id"])) > 1)
    assert lane.posd.api.sale(sale["id"])["attention"] == ["unverified_amount"]
    assert lane.judged(sale)["status"] == "COMPLETE"
