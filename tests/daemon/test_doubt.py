"""An answer that does not come: doubt is shown, asked about, and ends in the truth."""

from __future__ import annotations

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Shop


def test_an_answer_lost_after_the_money_moved_is_doubt_until_a_check_finds_it(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    shop.settings["timing"]["scale"] = 0.05  # NOT CONFIRMED after 3 s, late after 9
    posd = shop.start()
    sandbox.arm("check", "http:503")
    sale = posd.open()
    posd.scan(sandbox.key("close"))
    doubted = posd.sale_when(sale, state="UNKNOWN")
    assert (doubted["verdict"], doubted["receipt"]) == ("WORKING", "NOTHING")
    doubted = posd.verdict(sale)
    assert (doubted["verdict"], doubted["next_action"]) == ("NOT_CONFIRMED", "wait_or_supervisor")
    refused = posd.cli("sale", "120")
    assert (refused.code, "(same_amount_unresolved)" in refused.out) == (1, True)
    (listed,) = posd.api.lane()["unfinished"]
    assert listed["order_id"] == sale["order_id"]
    slip = printer.paper()
    assert slip.says("RESULT UNKNOWN", sale["order_id"], sale["receipt_number"])
    assert printer.rest() == []
    sandbox.disarm()
    found = posd.sale_when(sale, verdict="PAID")
    assert found["state"] == "CONFIRMED"
    assert printer.paper().says(sale["order_id"], found["transaction_id"])
    posd.sale_when(sale, receipt="PRINTED")
    assert sandbox.order(sale["order_id"])["pay_requests"] == 1
    assert posd.api.lane()["unfinished"] == []
    assert printer.rest() == []


def test_a_command_that_stops_waiting_in_doubt_ends_with_3_and_names_the_sale(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    sandbox.arm("check", "http:503")
    key = sandbox.key("close")
    ended = posd.cli_sale(key, "75", "--reference", "till-1", "--wait", "1", "--json")
    assert ended.code == 3
    assert (ended.json["state"], ended.json["reference"]) == ("UNKNOWN", "till-1")
    assert ended.json["order_id"] in ended.err
    assert "Do not charge again" in ended.err
    booked = sandbox.order(ended.json["order_id"])
    assert (booked["status"], booked["pay_requests"]) == ("COMPLETE", 1)
