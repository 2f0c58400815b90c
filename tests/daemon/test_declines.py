"""LINE Pay says no, or seems to: believed only after a check."""

from __future__ import annotations

from .printer import EpsonPrinter
from .sandbox import Sandbox
from .shop import Shop


def test_a_decline_is_told_with_the_next_action_and_exit_code_1(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    posd = shop.start()
    checks = sandbox.stats()["check_requests"]
    ended = posd.cli_sale(sandbox.key("decline:1142"), "120", "--reference", "b-1", "--json")
    sale = ended.json
    assert (ended.code, sale["verdict"], sale["because"]) == (1, "NOT_PAID", "declined")
    assert (sale["code"], sale["next_action"]) == ("1142", "other_tender")
    assert sandbox.order(sale["order_id"])["pay_requests"] == 1
    assert sandbox.stats()["check_requests"] > checks
    assert printer.rest() == []
    again = posd.sell(sandbox.key(), "120", "b-1")
    assert (again["verdict"], again["order_id"] != sale["order_id"]) == ("PAID", True)


def test_a_decline_is_told_in_words_to_a_person(shop: Shop, sandbox: Sandbox) -> None:
    ended = shop.start().cli_sale(sandbox.key("decline:1142"), "120")
    assert ended.code == 1
    assert "NOT PAID" in ended.out
    assert "LINE Pay declined the payment." in ended.out


def test_a_decline_that_the_check_contradicts_is_a_payment(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    sale = shop.start().sell(sandbox.key("code-after:1142"))
    assert sale["verdict"] == "PAID"
    booked = sandbox.order(sale["order_id"])
    assert (booked["status"], booked["pay_requests"]) == ("COMPLETE", 1)
    assert printer.paper().says(sale["order_id"], booked["transaction_id"])


def test_a_wrong_secret_leaves_no_money_in_doubt(
    shop: Shop, sandbox: Sandbox, printer: EpsonPrinter
) -> None:
    shop.secret.write_text("not-the-secret-of-this-channel")
    ended = shop.start().cli_sale(sandbox.key(), "120", "--json")
    assert (ended.code, ended.json["verdict"], ended.json["code"]) == (1, "NOT_PAID", "1106")
    assert ended.json["next_action"] == "technician"
    booked = sandbox.order(ended.json["order_id"])
    assert (booked["pay_requests"], booked["status"]) == (1, None)
    assert printer.rest() == []
