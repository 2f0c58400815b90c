import re
from decimal import Decimal

import pytest

from .client import CHANNEL_ID, SECRET, encode, fresh_key, fresh_order_id, headers, pay_body

DIALECTS = ["v2", "v2.4", "v4"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_payment_is_answered_as_its_version_writes_it(client, dialect):
    order_id = fresh_order_id()
    paid = client.pay(dialect, orderId=order_id, amount=120)
    assert (paid["returnCode"], paid["returnMessage"]) == ("0000", "success")
    info = paid["info"]
    assert re.fullmatch(r"20260718[0-9]{11}", str(info["transactionId"]))
    assert info["transactionDate"] == "2026-07-18T12:00:00Z"
    assert info["orderId"] == order_id
    assert info["payInfo"] == [{"method": "BALANCE", "amount": 120}]
    assert ("balance" in info) == (dialect == "v2")
    assert info.get("paymentProvider") == (None if dialect == "v2" else "TSP")
    checked = client.check(order_id, dialect)
    assert checked["returnCode"] == "0000"
    assert checked["info"] == {"status": "COMPLETE"} | info


def test_an_order_paid_in_one_version_is_seen_in_the_others(client):
    order_id = fresh_order_id()
    paid = client.pay("v4", orderId=order_id)
    for dialect in DIALECTS:
        info = client.check(order_id, dialect)["info"]
        assert info["transactionId"] == paid["info"]["transactionId"]


@pytest.mark.parametrize(
    ("currency", "amount", "written"),
    [("TWD", 100, b"100"), ("THB", Decimal("0.30"), b"0.30"), ("USD", 5, b"5.00")],
)
def test_amounts_are_written_exactly(client, currency, amount, written):
    path, body = (
        "/v4/payments/oneTimeKeys/pay",
        encode(pay_body("v4", currency=currency, amount=amount)),
    )
    _, answer = client.call("POST", path, body, headers("v4", path, body))
    assert b'"payInfo":[{"method":"BALANCE","amount":' + written + b"}]" in answer
    assert re.search(rb'"transactionId":[0-9]{19},', answer)


@pytest.mark.parametrize(
    ("funding", "pay_info"),
    [
        ("balance", [("BALANCE", 101)]),
        ("card", [("CREDIT_CARD", 101)]),
        ("point", [("POINT", 101)]),
        ("mixed", [("POINT", 50), ("BALANCE", 51)]),
    ],
)
def test_the_purse_of_a_minted_key_pays(client, funding, pay_info):
    paid = client.pay(amount=101, oneTimeKey=client.mint(country="TW", funding=funding))
    entries = [(entry["method"], entry["amount"]) for entry in paid["info"]["payInfo"]]
    assert entries == pay_info


def test_transaction_ids_differ_within_one_instant(client):
    ids = [client.pay()["info"]["transactionId"] for _ in range(5)]
    assert ids == sorted(set(ids))


def test_an_order_id_pays_once(client):
    body = encode(pay_body("v2", orderId="once"))
    assert client.pay_raw(body)["returnCode"] == "0000"
    assert client.pay_raw(body)["returnCode"] == "1172", "the same request again"
    assert client.pay(orderId="once")["returnCode"] == "1172", "with a fresh key"
    assert client.order("once")["pay_requests"] == 3
    assert client.control("GET", "stats")[1]["charges"] == 1


def test_an_order_id_that_failed_is_used_too(client):
    key = client.mint(fault="decline:1142")
    assert client.pay(orderId="failed", oneTimeKey=key)["returnCode"] == "1142"
    assert client.pay(orderId="failed")["returnCode"] == "1172"


@pytest.mark.parametrize("country", ["TW", "TH"])
def test_a_key_pays_once(client, country):
    currency = "TWD" if country == "TW" else "THB"
    for key in (client.mint(country=country), fresh_key(country)):
        assert client.pay(oneTimeKey=key, currency=currency)["returnCode"] == "0000"
        assert client.pay(oneTimeKey=key, currency=currency)["returnCode"] == "1133"


def test_a_minted_key_lives_five_minutes(client, clock):
    young, old = client.mint(), client.mint()
    clock.advance(300)
    assert client.pay(oneTimeKey=young)["returnCode"] == "0000"
    clock.advance(1)
    assert client.pay(oneTimeKey=old)["returnCode"] == "1133"


def test_a_key_of_eighteen_digits_must_begin_with_38(client):
    assert client.pay(oneTimeKey="391234567890123456")["returnCode"] == "1133"


@pytest.mark.parametrize(
    ("country", "currency", "code"),
    [
        ("TW", "TWD", "0000"),
        ("TH", "THB", "0000"),
        ("TH", "USD", "0000"),
        ("TW", "THB", "1178"),
        ("TW", "USD", "1178"),
        ("TH", "TWD", "1178"),
    ],
)
def test_the_currency_must_fit_the_country_of_the_key(client, country, currency, code):
    key = client.mint(country=country)
    assert client.pay(oneTimeKey=key, currency=currency)["returnCode"] == code


def test_a_refused_body_leaves_no_order_and_spends_no_key(client):
    key = client.mint()
    refused = client.pay(orderId="again", oneTimeKey=key, productName=None)
    assert refused == {"returnCode": "2101", "returnMessage": "Parameter error."}
    assert client.check("again")["returnCode"] == "1150"
    assert client.pay(orderId="again", oneTimeKey=key)["returnCode"] == "0000"


def test_check_of_an_unknown_order_is_1150(client):
    answer = client.check("nobody")
    assert answer == {"returnCode": "1150", "returnMessage": "Transaction record not found."}


def test_an_order_id_is_decoded_from_the_path(client):
    client.pay(orderId="ร้าน 1/2")
    path = "%E0%B8%A3%E0%B9%89%E0%B8%B2%E0%B8%99%201%2F2"
    assert client.check(path, "v4")["info"]["orderId"] == "ร้าน 1/2"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v2/payments/oneTimeKeys/pay"),
        ("POST", "/v2/payments/orders/O-1/check"),
        ("POST", "/v3/payments/oneTimeKeys/pay"),
        ("POST", "/v2x4/payments/oneTimeKeys/pay"),
        ("GET", "/v4/payments/orders/O-1/void"),
        ("POST", "/v4/payments/7/refund"),
        ("GET", "/control"),
    ],
)
def test_an_unknown_path_is_a_line_pay_error_and_logged(client, caplog, method, path):
    sent = headers("v4", path, b"")
    status, answer = client.call(method, path, b"", sent)
    assert (status, answer) == (404, b'{"returnCode":"2104","returnMessage":"Invalid request."}')
    assert f"{method} {path}" in caplog.text


def test_pay_requests_count_whatever_was_answered(client):
    path = "/v2/payments/oneTimeKeys/pay"
    unsigned = encode(pay_body("v2", orderId="counted"))
    client.call("POST", path, unsigned)
    client.pay(orderId="counted", amount=0)
    client.pay(orderId="counted")
    client.pay(orderId="counted")
    assert client.order("counted") | {"transaction_id": ""} == {
        "order_id": "counted",
        "status": "COMPLETE",
        "stage": "captured",
        "amount": "100",
        "captured": "100",
        "refunded": "0",
        "currency": "TWD",
        "transaction_id": "",
        "pay_requests": 4,
    }
    client.pay_raw(b"{}")
    stats = client.control("GET", "stats")[1]
    assert (stats["pay_requests"], stats["charges"]) == (4, 1)


def test_the_credentials_of_another_channel_are_refused(client):
    path, body = "/v2/payments/oneTimeKeys/pay", encode(pay_body("v2"))
    sent = headers("v2", path, body)
    assert sent["X-LINE-ChannelId"] == CHANNEL_ID
    for name, value, code in (
        ("X-LINE-ChannelId", "1", b"1104"),
        ("X-LINE-ChannelSecret", "1", b"1106"),
    ):
        _, answer = client.call("POST", path, body, sent | {name: value})
        assert b'"returnCode":"' + code in answer
    assert SECRET.encode() not in answer


@pytest.mark.parametrize("dialect", DIALECTS)
def test_details_show_what_was_paid_in_a_list(client, dialect):
    order_id = fresh_order_id()
    paid = client.pay(dialect, orderId=order_id, amount=120)["info"]
    detailed = client.details(f"orderId={order_id}", dialect)
    paid.pop("balance", None)
    booked = {"transactionType": "PAYMENT", "currency": "TWD", "productName": "tea"}
    assert (detailed["returnCode"], detailed["info"]) == ("0000", [paid | booked])


def test_details_do_not_know_what_was_not_paid(client):
    client.pay(orderId="declined", oneTimeKey=client.mint(fault="decline:1142"))
    assert client.details("orderId=declined")["returnCode"] == "1150"
    assert client.details("orderId=never-seen")["returnCode"] == "1150"


def test_details_want_to_know_of_which_order(client):
    assert client.details("")["returnCode"] == "2101"


def test_details_meet_armed_faults_too(client):
    client.control("POST", "faults", {"fault": "decline:9000", "operation": "details"})
    assert client.details("orderId=any")["returnCode"] == "9000"
    assert client.details("orderId=any")["returnCode"] == "1150"
