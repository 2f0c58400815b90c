"""A sale through the API: opened, waited for, cancelled, kept, printed again."""

from __future__ import annotations

import threading

import pytest

from tests.api.conftest import PNG, Running


def test_opening_a_sale_answers_202_with_the_whole_sale(api: Running) -> None:
    answer = api.sell("120", cashier="Mei", items=[{"name": "茶", "price": "60", "quantity": 2}])
    assert answer.status == 202
    sale = answer.json
    assert (sale["verdict"], sale["amount"], sale["currency"]) == ("WAITING", "120", "TWD")
    assert sale["items"] == [{"name": "茶", "quantity": 2, "price": "60"}]
    assert (sale["cashier"], sale["next_action"]) == ("Mei", "show_code")


def test_currency_left_out_is_that_of_the_lane(api: Running) -> None:
    body = {"reference": "no-currency", "amount": "75"}
    assert api.call("POST", "/v1/sales", body, Idempotency_Key=api.fresh()).json["currency"] == (
        "TWD"
    )


def test_a_repeat_tells_the_same_sale_as_it_is_now(api: Running) -> None:
    key = api.fresh()
    body = {"reference": f"basket-{key}", "amount": "80", "currency": "TWD"}
    first = api.call("POST", "/v1/sales", body, Idempotency_Key=key).json
    api.door.scan()
    api.door.pay_succeeds()
    again = api.call("POST", "/v1/sales", body, Idempotency_Key=key)
    assert again.status == 202
    assert (again.json["id"], again.json["verdict"]) == (first["id"], "PAID")


def test_another_spelling_of_the_same_body_is_the_same_sale(api: Running) -> None:
    key = api.fresh()
    first = b'{"reference":"r-%s","amount":"81","currency":"TWD"}' % key.encode()
    other = b'{ "currency":"TWD", "amount":"81.00", "reference":"r-%s" }' % key.encode()
    one = api.call("POST", "/v1/sales", first, Idempotency_Key=key)
    two = api.call("POST", "/v1/sales", other, Idempotency_Key=key)
    assert one.json["id"] == two.json["id"]


def test_the_same_key_with_another_amount_is_a_conflict(api: Running) -> None:
    key = api.fresh()
    body = {"reference": f"basket-{key}", "amount": "80", "currency": "TWD"}
    api.call("POST", "/v1/sales", body, Idempotency_Key=key)
    answer = api.call("POST", "/v1/sales", {**body, "amount": "81"}, Idempotency_Key=key)
    assert (answer.status, answer.json["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\xe9"])
def test_an_unfit_idempotency_key_is_refused(api: Running, key: str) -> None:
    answer = api.call("POST", "/v1/sales", {"reference": "r", "amount": "1"}, Idempotency_Key=key)
    assert (answer.status, answer.json["code"]) == (400, "idempotency_key")


def test_a_long_poll_ends_with_the_verdict(api: Running) -> None:
    sale_id = api.sell().json["id"]
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(api.call("GET", f"/v1/sales/{sale_id}?wait=60"))
    )
    asking.start()
    api.door.scan()
    api.door.pay_succeeds()
    asking.join(30)
    assert [answer.json["verdict"] for answer in answers] == ["PAID"]


def test_opening_with_wait_answers_at_the_verdict(api: Running) -> None:
    answers = []
    key = api.fresh()
    body = {"reference": f"basket-{key}", "amount": "55", "currency": "TWD"}
    path = "/v1/sales?wait=60"
    asking = threading.Thread(
        target=lambda: answers.append(api.call("POST", path, body, Idempotency_Key=key))
    )
    opened = threading.Event()
    end = api.door.subscribe(opened.set)
    asking.start()
    assert opened.wait(30)
    end()
    api.door.scan()
    api.door.pay_succeeds()
    asking.join(30)
    assert (answers[0].status, answers[0].json["verdict"]) == (202, "PAID")


@pytest.mark.parametrize("name", ["id", "order_id", "receipt_number"])
def test_a_sale_is_found_by_any_of_its_names(api: Running, name: str) -> None:
    sale = api.sell().json
    assert api.call("GET", f"/v1/sales/{sale[name]}").json["id"] == sale["id"]


def test_an_order_is_found_by_its_order_id_alone(api: Running) -> None:
    sale = api.sell().json
    assert api.call("GET", f"/v1/orders/{sale['order_id']}").json["id"] == sale["id"]
    assert api.call("GET", f"/v1/orders/{sale['id']}").status == 404


@pytest.mark.parametrize("wait", ["-1", "61", "nan", "1e1", "x"])
def test_a_wait_that_is_no_number_of_seconds_is_refused(api: Running, wait: str) -> None:
    assert api.call("GET", f"/v1/sales/any?wait={wait}").json["code"] == "wait"


def test_cancel_ends_a_sale_that_waits(api: Running) -> None:
    answer = api.act(api.sell().json["id"], "cancel")
    assert (answer.status, answer.json["verdict"]) == (200, "NOT_PAID")
    assert answer.json["because"] == "cashier"


def test_cancel_after_the_key_was_sent_is_refused_and_names_the_sale(api: Running) -> None:
    sale = api.sell().json
    api.door.scan()
    answer = api.act(sale["id"], "cancel")
    assert (answer.status, answer.json["code"]) == (409, "already_sent")
    assert answer.json["sale"]["verdict"] == "WORKING"
    assert answer.headers["content-type"] == "application/problem+json"


def test_if_match_with_an_old_seq_is_refused(api: Running) -> None:
    sale = api.sell().json
    api.door.scan()
    answer = api.act(sale["id"], "cancel", If_Match=f'"{sale["seq"]}"')
    assert (answer.status, answer.json["code"]) == (412, "sale_changed")


def test_if_match_with_the_seq_of_now_goes_through(api: Running) -> None:
    sale = api.sell().json
    assert api.act(sale["id"], "cancel", If_Match=f'"{sale["seq"]}"').status == 200


def test_an_if_match_that_is_no_seq_is_refused(api: Running) -> None:
    sale = api.sell().json
    assert api.act(sale["id"], "cancel", If_Match="W/abc").json["code"] == "if_match"


def _paid(api: Running) -> str:
    sale_id: str = api.sell().json["id"]
    api.door.scan()
    api.door.pay_succeeds()
    return sale_id


def test_print_makes_a_copy_once_for_each_key(api: Running) -> None:
    sale_id = _paid(api)
    key = api.fresh()
    assert api.act(sale_id, "receipt/print", Idempotency_Key=key).json["copies"] == 1
    assert api.act(sale_id, "receipt/print", Idempotency_Key=key).json["copies"] == 1
    assert api.act(sale_id, "receipt/print").json["copies"] == 2


def test_one_key_for_two_actions_is_a_conflict(api: Running) -> None:
    sale_id, key = _paid(api), api.fresh()
    api.act(sale_id, "receipt/print", Idempotency_Key=key)
    answer = api.act(sale_id, "cancel", Idempotency_Key=key)
    assert (answer.status, answer.json["code"]) == (409, "idempotency_conflict")


def test_a_refused_action_may_be_asked_again_with_its_key(api: Running) -> None:
    sale_id, key = api.sell().json["id"], api.fresh()
    refused = api.act(sale_id, "receipt/print", Idempotency_Key=key)
    assert (refused.status, refused.json["code"]) == (409, "not_paid")
    api.door.scan()
    api.door.pay_succeeds()
    assert api.act(sale_id, "receipt/print", Idempotency_Key=key).json["copies"] == 1


def test_a_late_payment_is_kept_and_then_printed(api: Running) -> None:
    sale = api.sell().json
    api.door.scan()
    api.door.pay_is_lost()
    api.door.pass_s(200)
    assert api.call("GET", f"/v1/sales/{sale['id']}").json["verdict"] == "NOT_CONFIRMED"
    api.door.lost_payment_succeeds(sale["order_id"])
    assert api.call("GET", f"/v1/sales/{sale['id']}").json["verdict"] == "PAID_LATE"
    assert api.act(sale["id"], "keep").json["verdict"] == "PAID"
    assert api.call("GET", f"/v1/sales/{sale['id']}").json["receipt"] == "PRINTED"


def test_a_declined_payment_tells_the_next_action(api: Running) -> None:
    sale_id = api.sell().json["id"]
    api.door.scan()
    api.door.pay_declined("1142")
    sale = api.call("GET", f"/v1/sales/{sale_id}").json
    assert (sale["verdict"], sale["code"], sale["next_action"]) == (
        "NOT_PAID",
        "1142",
        "other_tender",
    )


def test_the_receipt_comes_as_picture_and_as_text(api: Running) -> None:
    sale_id = _paid(api)
    picture = api.call("GET", f"/v1/sales/{sale_id}/receipt.png")
    assert (picture.body, picture.headers["content-type"]) == (PNG, "image/png")
    text = api.call("GET", f"/v1/sales/{sale_id}/receipt.txt")
    assert text.body.startswith(b"receipt of")


def test_there_is_no_receipt_before_the_payment(api: Running) -> None:
    sale_id = api.sell().json["id"]
    answer = api.call("GET", f"/v1/sales/{sale_id}/receipt.png")
    assert (answer.status, answer.json["code"]) == (404, "no_receipt")


def test_a_second_sale_is_refused_while_one_is_open(api: Running) -> None:
    first = api.sell().json
    answer = api.sell()
    assert (answer.status, answer.json["code"]) == (409, "sale_open")
    assert answer.json["sale"]["id"] == first["id"]
    assert answer.json["title"] == "Another sale is open. Finish or cancel it first."


def test_the_same_amount_while_one_is_unresolved_needs_another_customer(api: Running) -> None:
    sale = api.sell("333").json
    api.door.scan()
    api.door.pay_is_lost()
    api.door.pass_s(61)
    refused = api.sell("333")
    assert (refused.status, refused.json["code"]) == (409, "same_amount_unresolved")
    assert refused.json["next_action"] == "wait_or_another_customer"
    assert api.sell("333", another_customer=True).status == 202
    api.door.lost_payment_succeeds(sale["order_id"])


def test_a_hindrance_is_503_with_its_words(api: Running) -> None:
    api.door.hindrances = ("not_selling",)
    answer = api.sell()
    assert (answer.status, answer.json["code"]) == (503, "not_selling")
    assert answer.json["next_action"] == "technician"


def test_a_refusal_that_nobody_foresaw_is_409(api: Running) -> None:
    api.door.hindrances = ("moon_in_the_way",)
    answer = api.sell()
    assert (answer.status, answer.json["code"]) == (409, "moon_in_the_way")
