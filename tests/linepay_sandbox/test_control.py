import re

import pytest

from .client import fresh_key


def test_a_minted_key_has_the_shape_of_its_country(client):
    taiwan, thailand = client.mint(country="TW"), client.mint(country="TH")
    assert re.fullmatch(r"38[0-9]{16}", taiwan)
    assert re.fullmatch(r"[0-9]{12}", thailand)
    assert client.mint(country="TW") != taiwan


def test_orders_are_listed_as_they_were_first_asked_for(client):
    for order_id in ("b", "a", "b"):
        client.pay(orderId=order_id)
    rows = client.control("GET", "orders")[1]["orders"]
    assert [(row["order_id"], row["pay_requests"]) for row in rows] == [("b", 2), ("a", 1)]


def test_the_last_orders_can_be_asked_for_alone(client):
    for order_id in ("a", "b", "c"):
        client.pay(orderId=order_id)
    rows = client.control("GET", "orders?last=2")[1]["orders"]
    assert [row["order_id"] for row in rows] == ["b", "c"]
    assert client.control("GET", "orders?last=x")[0] == 400


def test_an_order_that_was_never_executed_has_no_status(client):
    client.pay(orderId="asked", amount=0)
    assert client.order("asked") == {
        "order_id": "asked",
        "status": None,
        "stage": None,
        "amount": None,
        "captured": None,
        "refunded": None,
        "currency": None,
        "transaction_id": None,
        "pay_requests": 1,
    }


def test_a_transaction_id_is_text_in_control_answers(client):
    paid = client.pay(orderId="text", currency="THB", oneTimeKey=fresh_key("TH"))
    row = client.order("text")
    assert row["transaction_id"] == str(paid["info"]["transactionId"])
    assert (row["amount"], row["currency"]) == ("100.00", "THB")


@pytest.mark.parametrize("status", ["COMPLETE", "FAIL", "CANCEL"])
def test_an_order_can_be_changed(client, status):
    client.pay(orderId="changed", oneTimeKey=client.mint(fault="auth-ready:600"))
    assert client.control("POST", "orders/changed", {"status": status})[1]["status"] == status
    assert client.check("changed")["info"]["status"] == status
    assert client.control("GET", "stats")[1]["charges"] == (status == "COMPLETE")


def test_a_call_that_is_not_utf8_is_refused(client):
    assert client.call("POST", "/control/keys", b'{"\xff":1}')[0] == 400


@pytest.mark.parametrize("header", ["Host", "Origin"])
def test_a_host_or_origin_that_is_no_name_is_refused(client, header):
    assert (
        client.call("GET", "/control/stats", sent_headers={header: "http://[127.0.0.1"})[0] == 403
    )


def test_armed_faults_can_be_cleared(client):
    armed = {"fault": "decline:1142", "count": 9, "operation": "pay"}
    assert client.control("POST", "faults", armed) == (200, {"armed": 9})
    assert client.control("DELETE", "faults") == (200, {"armed": 0})
    assert client.pay()["returnCode"] == "0000"


def test_stats_count_the_api_and_not_the_control_calls(client):
    client.pay(orderId="counted")
    client.check("counted")
    client.check("unknown")
    for _ in range(2):
        stats = client.control("GET", "stats")[1]
        came_ns, answered_ns = stats.pop("last_call_ns")
        assert 0 < came_ns <= answered_ns
        assert stats == {
            "pay_requests": 1,
            "check_requests": 2,
            "charges": 1,
            "refunds": 0,
            "connections": 3,
        }


@pytest.mark.parametrize(
    ("method", "path", "members", "status", "says"),
    [
        ("POST", "keys", {"country": "JP"}, 400, "$.country"),
        ("POST", "keys", {"country": ["TW"]}, 400, "$.country"),
        ("POST", "keys", {"fault": "decline"}, 400, "decline:CODE"),
        ("POST", "keys", {"funding": "gold"}, 400, "$.funding"),
        ("POST", "keys", {"balance": "-1"}, 400, "balance must be an amount of TWD"),
        ("POST", "keys", {"points": "0.5"}, 400, "points must be an amount of TWD"),
        ("POST", "faults", {"fault": "reset", "probability": 0}, 400, "$.probability"),
        ("POST", "clock", {"advance_s": 1}, 400, "--clock manual"),
        ("GET", "codes/x/qr.svg", None, 404, "codes are"),
        ("POST", "keys", {"land": "TW"}, 400, "unknown field `land`"),
        ("POST", "keys", None, 400, "the body is empty"),
        ("POST", "faults", {"fault": "decline:1142", "count": 0}, 400, "$.count"),
        ("POST", "faults", {"fault": "decline:1142", "count": True}, 400, "$.count"),
        ("POST", "faults", {"fault": "reset", "count": 100_001}, 400, "$.count"),
        ("POST", "faults", {"fault": "reset", "operation": "settle"}, 400, "$.operation"),
        ("POST", "faults", {"operation": "pay"}, 400, "required field `fault`"),
        ("POST", "orders/none", {"status": "FAIL"}, 404, "there is no order 'none'"),
        ("POST", "orders/none", {"status": "AUTH_READY"}, 400, "$.status"),
        ("GET", "orders/none", None, 404, "no pay request named order 'none'"),
        ("DELETE", "orders", None, 404, "no control call DELETE /control/orders"),
    ],
)
def test_a_control_call_that_cannot_be_done_says_why(client, method, path, members, status, says):
    answered, answer = client.control(method, path, members)
    assert answered == status
    assert says in answer["error"]


def test_at_most_so_many_faults_wait(client):
    armed = {"fault": "reset", "count": 100_000}
    assert client.control("POST", "faults", armed)[0] == 200
    assert client.control("POST", "faults", armed | {"count": 1})[0] == 400
