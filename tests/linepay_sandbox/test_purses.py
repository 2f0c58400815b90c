"""What stands behind a key, the address list of v2.x, and rules for faults."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import Money
from posd.linepay.sandbox.purse import FUNDINGS, Purse, shares

from .client import Client, encode, fresh_key, fresh_order_id, pay_body


def pay_info(answer):
    return [(entry["method"], entry["amount"]) for entry in answer["info"]["payInfo"]]


def test_discount_and_points_pay_before_the_rest(client):
    key = client.mint(funding="card", points=30, discount="20", card_brand="VISA",
                      masked_card="************1234")  # fmt: skip
    answer = client.pay("v4", amount=100, oneTimeKey=key)
    assert pay_info(answer) == [("DISCOUNT", 20), ("POINT", 30), ("CREDIT_CARD", 50)]
    card = answer["info"]["payInfo"][2]
    assert card["creditCardBrand"] == "VISA"
    assert card["maskedCreditCardNumber"] == "************1234"


@given(
    st.integers(1, 10**6),
    st.sampled_from(FUNDINGS),
    st.decimals(0, 10**5, places=0),
    st.decimals(0, 10**5, places=0),
)
def test_shares_add_up_to_the_amount(minor, funding, points, discount):
    split = shares(Purse(funding, points=points, discount=discount), Money(minor, "TWD"))
    assert sum(share.minor for share in split) == minor
    assert all(share.minor > 0 for share in split)


def test_a_balance_pays_and_what_is_left_is_told_in_v2(client):
    order_id = fresh_order_id()
    key = client.mint(balance=120)
    assert client.pay(orderId=order_id, amount=100, oneTimeKey=key)["info"]["balance"] == 20
    assert client.check(order_id)["info"]["balance"] == 20


def test_a_balance_that_is_too_low_declines_the_payment(client):
    order_id = fresh_order_id()
    key = client.mint(balance=99)
    assert client.pay(orderId=order_id, amount=100, oneTimeKey=key)["returnCode"] == "1142"
    assert client.check(order_id)["info"]["status"] == "FAIL"
    assert client.control("GET", "stats")[1]["charges"] == 0
    with_points = client.mint(balance=99, points=1)
    assert client.pay(amount=100, oneTimeKey=with_points)["returnCode"] == "0000"


@pytest.mark.parametrize("dialect", ["v2.4", "v4"])
def test_an_epi_key_is_told_in_every_answer_of_v2_4_and_v4(client, dialect):
    order_id = fresh_order_id()
    key = client.mint(provider="EPI")
    told = [client.authorize(order_id, dialect, oneTimeKey=key)["info"]]
    told.append(client.check(order_id, dialect)["info"])
    told += client.authorizations(f"orderId={order_id}", dialect)["info"]
    told.append(client.capture(order_id, 100, dialect=dialect)["info"])
    told += client.details(f"orderId={order_id}", dialect)["info"]
    assert [info["paymentProvider"] for info in told] == ["EPI"] * 5
    assert "paymentProvider" not in client.check(order_id, "v2")["info"]


@pytest.mark.parametrize("code", ["2020", "2021", "2022", "2023", "2024"])
def test_epi_limits_are_declines(client, code):
    declined = client.pay(oneTimeKey=client.mint(provider="EPI", fault=f"decline:{code}"))
    assert declined["returnCode"] == code
    assert declined["returnMessage"] != "-"


def test_an_epi_refund_can_fail_for_the_reserve(client):
    client.pay(orderId="epi")
    client.control("POST", "faults", {"fault": "decline:2042", "operation": "refund"})
    assert client.refund("epi")["returnCode"] == "2042"
    assert client.order("epi")["refunded"] == "0"
    assert client.refund("epi")["returnCode"] == "0000"


def test_a_carrier_is_told_where_a_key_has_one(client):
    info = client.pay(oneTimeKey=client.mint(carrier="/ABC1234"))["info"]
    cards = info["merchantReference"]["affiliateCards"]
    assert cards == [{"cardType": "MOBILE_CARRIER", "cardId": "/ABC1234"}]


def test_v2_callers_must_be_on_the_list(serve, ledger, caplog):
    client = Client(serve(ledger, (ip_network("127.0.0.2"), ip_network("10.0.0.0/8"))).port)
    for dialect in ("v2", "v2.4"):
        refused = client.pay(dialect)
        assert refused["returnCode"] == "1106"
        assert "127.0.0.1" in refused["returnMessage"]
    assert client.pay("v4")["returnCode"] == "0000", "v4 has no list"
    assert "127.0.0.1 is not on the list" in caplog.text
    connection = client.keep()
    connection.source_address = ("127.0.0.2", 0)
    assert client.pay("v2", connection=connection)["returnCode"] == "0000"
    connection.close()


def test_a_rule_can_wait_for_one_order(client):
    client.control("POST", "faults", {"fault": "decline:1142", "order_id": "that", "count": 2})
    assert client.pay(orderId="this")["returnCode"] == "0000"
    assert client.pay(orderId="that")["returnCode"] == "1142"
    waiting = client.control("GET", "faults")[1]["faults"]
    assert waiting == [
        {"operation": "pay", "fault": "decline:1142", "left": 1, "order_id": "that",
         "probability": 1.0}
    ]  # fmt: skip


def struck(client):
    armed = {"fault": "decline:1199", "operation": "check", "probability": 0.3}
    assert client.control("POST", "faults", armed) == (200, {"armed": None})
    client.pay(orderId="asked", oneTimeKey=fresh_key())
    return [client.check("asked")["returnCode"] for _ in range(40)]


def test_chance_is_repeatable(assuming):
    first, second = struck(assuming()), struck(assuming())
    assert first == second
    assert 1 < first.count("1199") < 39


def test_without_idempotence_everything_is_charged_again(client):
    assert client.control("POST", "mode", {"idempotent": False}) == (200, {"idempotent": False})
    body = encode(pay_body("v2", orderId="again"))
    numbers = {client.pay_raw(body)["info"]["transactionId"] for _ in range(2)}
    assert len(numbers) == 2
    assert client.control("GET", "stats")[1]["charges"] == 2
    listed = client.details("orderId=again")["info"]
    assert {entry["transactionId"] for entry in listed} == numbers
    client.control("POST", "mode", {"idempotent": True})
    assert client.pay_raw(body)["returnCode"] == "1172"
    assert client.control("GET", "mode")[1] == {"idempotent": True}


def test_pages_of_other_origins_may_not_use_the_control_calls(client):
    own = f"127.0.0.1:{client.port}"
    for sent, status in (
        ({"Origin": "https://example.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": f"http://{own}"}, 200),
        ({"Host": "example.com"}, 403),
        ({"Host": f"localhost:{client.port}"}, 200),
    ):
        assert client.call("POST", "/control/keys", b"{}", sent)[0] == status
