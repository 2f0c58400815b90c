"""A person asks about an order: LINE Pay's answers beside the journal, and nothing moves."""

from __future__ import annotations

from .sandbox import Sandbox
from .shop import Shop


def test_an_inquiry_tells_what_line_pay_says_and_names_what_differs(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    sale = posd.sell(sandbox.key(), "1280")
    agrees = posd.cli("inquire", sale["receipt_number"], "--json")
    assert agrees.code == 0
    told = {each["operation"]: each for each in agrees.json["told"]}
    assert (told["check"]["status"], told["check"]["amount"]) == ("COMPLETE", "1280")
    assert told["details"]["transaction_id"] == sale["transaction_id"]
    sandbox.change(sale["order_id"], "FAIL")
    differs = posd.cli("inquire", sale["order_id"])
    assert differs.code == 6
    assert "state: the journal says CONFIRMED, check says FAIL" in differs.out
    assert posd.api.sale(sale["id"])["verdict"] == "PAID"  # only the machine's own checks count
    assert posd.cli("inquire", "nobody").code == 1
