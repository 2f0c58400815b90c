"""What people and tills do wrong: told in words, nothing charged, nothing lost."""

from __future__ import annotations

import pytest

from posd.api_client import Refused

from .sandbox import Sandbox
from .shop import Shop


def test_a_code_that_is_no_key_costs_no_call_and_the_sale_goes_on(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    sale = posd.open()
    wrong = {
        "4710088430274": "key_product_code",
        "391234567890": "key_line_pay_abroad",
        "036000291452": "key_line_pay_or_product",
        "/U.5+A33": "key_einvoice_carrier",
        "38012345678901234": "key_too_short",
        "38123456789012345X": "key_not_digits",
        "R26112406304063": "key_receipt_number",
    }
    for code, notice in wrong.items():
        posd.scan(code)
        assert posd.notice(notice)["details"] == {"expected": "18", "got": str(len(code))}
        waiting = posd.api.sale(sale["id"])
        assert (waiting["verdict"], waiting["next_action"]) == ("WAITING", "show_code")
    assert sandbox.order(sale["order_id"])["pay_requests"] == 0
    posd.scan(sandbox.key())
    assert posd.verdict(sale)["verdict"] == "PAID"
    assert sandbox.order(sale["order_id"])["pay_requests"] == 1


def test_a_scan_without_a_sale_is_refused_and_never_kept_for_the_next_customer(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    before = sandbox.stats()["pay_requests"]
    posd.scan(sandbox.key())
    posd.notice("scan_not_armed")
    sale = posd.open()
    assert posd.api.sale(sale["id"])["verdict"] == "WAITING"
    assert posd.api.cancel(sale["id"], idempotency_key="c")["because"] == "cashier"
    assert sandbox.stats()["pay_requests"] == before


def test_a_key_works_once_the_next_sale_asks_for_a_new_one(shop: Shop, sandbox: Sandbox) -> None:
    posd = shop.start()
    key = sandbox.key()
    first = posd.sell(key, reference="basket-1")
    second = posd.open(reference="basket-2")
    posd.scan("/U.5+A33")  # something else: the same code at once would be one scan
    posd.notice("key_einvoice_carrier")
    posd.scan(key)
    assert posd.notice("key_used")["details"]["order_id"] == first["order_id"]
    assert posd.api.sale(second["id"])["verdict"] == "WAITING"
    posd.scan(sandbox.key())
    assert posd.verdict(second)["verdict"] == "PAID"
    for sale in (first, second):
        assert sandbox.order(sale["order_id"])["pay_requests"] == 1


def test_the_tills_repeat_after_a_restart_is_the_same_sale_as_it_is_now(
    shop: Shop, sandbox: Sandbox
) -> None:
    posd = shop.start()
    sale = posd.open(idempotency_key="till-7")
    posd.scan(sandbox.key())
    posd.sale_when(sale, receipt="PRINTED")
    posd.kill()
    posd = shop.start()
    again = posd.open(idempotency_key="till-7")
    assert (again["order_id"], again["verdict"]) == (sale["order_id"], "PAID")
    with pytest.raises(Refused) as other_body:
        posd.open("121", idempotency_key="till-7")
    assert other_body.value.code == "idempotency_conflict"
    with pytest.raises(Refused) as other_key:
        posd.open(idempotency_key="till-8")
    assert other_key.value.code == "reference_live"
    assert other_key.value.sale is not None
    assert other_key.value.sale["order_id"] == sale["order_id"]
    assert posd.api.lane()["selling"] is None
    assert sandbox.order(sale["order_id"])["pay_requests"] == 1


def test_an_amount_that_cannot_be_charged_is_refused_with_what_would_do(shop: Shop) -> None:
    posd = shop.start()
    for amount in ("0", "-5", "12.5", "1e3", "1,200", "9" * 15):
        with pytest.raises(Refused) as refused:
            posd.open(amount)
        assert refused.value.code == "amount", amount
        assert refused.value.problem["next_action"] == "fix_request"
        assert amount[:4] in refused.value.problem["detail"]
    assert posd.api.lane()["selling"] is None
    ended = posd.cli("sale", "12.5")
    assert (ended.code, ended.out) == (2, "")
    assert "TWD takes 0 decimals" in ended.err


def test_a_sale_for_which_no_code_came_is_not_left_armed(shop: Shop, sandbox: Sandbox) -> None:
    posd = shop.start()
    ended = posd.cli("sale", "120", "--wait", "0.1", "--json")
    assert (ended.code, ended.json["because"]) == (1, "cashier")
    assert posd.api.lane()["selling"] is None
    assert sandbox.order(ended.json["order_id"])["pay_requests"] == 0


def test_without_a_daemon_the_verbs_end_with_7_for_nothing_can_have_happened(shop: Shop) -> None:
    posd = shop.launch()
    posd.kill()
    for words in (("sale", "120"), ("cancel", "x")):
        ended = posd.cli(*words)
        assert (ended.code, "posd run" in ended.err) == (7, True)
