"""What becomes of an order: capture, void, expiry, refund, and how the listings tell it."""

from decimal import Decimal

import pytest

from posd.linepay.sandbox.assumptions import GUESSES, BadAssumption, assume

from .client import encode, fresh_key, fresh_order_id, headers, pay_body

DIALECTS = ["v2", "v2.4", "v4"]
DAY_S = 86_400


@pytest.fixture
def held(client):
    order_id = fresh_order_id()
    assert client.authorize(order_id, amount=100)["returnCode"] == "0000"
    return order_id


@pytest.fixture
def paid(client):
    order_id = fresh_order_id()
    assert client.pay(orderId=order_id, amount=100)["returnCode"] == "0000"
    return order_id


def pay_status(client, order_id, dialect="v2"):
    answer = client.authorizations(f"orderId={order_id}", dialect)
    return answer["info"][0]["payStatus"] if "info" in answer else answer["returnCode"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_authorization_says_when_it_expires_and_is_listed_apart(client, dialect):
    order_id = fresh_order_id()
    info = client.authorize(order_id, dialect, amount=100)["info"]
    assert info["authorizationExpireDate"] == "2026-08-17T12:00:00Z"
    (listed,) = client.authorizations(f"orderId={order_id}", dialect)["info"]
    info.pop("balance", None)
    assert listed == info | {
        "transactionType": "PAYMENT",
        "currency": "TWD",
        "productName": "tea",
        "payStatus": "AUTHORIZATION",
    }
    assert client.details(f"orderId={order_id}", dialect)["returnCode"] == "1150"
    assert client.control("GET", "stats")[1]["charges"] == 0


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("amount", [100, 60])
def test_a_capture_takes_all_or_a_part(client, dialect, amount):
    order_id = fresh_order_id()
    authorized = client.authorize(order_id, dialect, amount=100)["info"]
    info = client.capture(order_id, amount, dialect=dialect)["info"]
    assert info["transactionId"] == authorized["transactionId"]
    assert info["payInfo"] == [{"method": "BALANCE", "amount": amount}]
    assert client.details(f"orderId={order_id}", dialect)["info"][0]["payInfo"] == info["payInfo"]
    assert pay_status(client, order_id, dialect) == "CAPTURE"
    row = client.order(order_id)
    assert (row["stage"], row["captured"]) == ("captured", str(amount))
    assert client.control("GET", "stats")[1]["charges"] == 1


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"amount": 101, "currency": "TWD"}, "1153"),
        ({"amount": 0, "currency": "TWD"}, "1153"),
        ({"amount": Decimal("100.0"), "currency": "TWD"}, "1124"),
        ({"amount": 100, "currency": "THB"}, "1178"),
        ({"amount": "100", "currency": "TWD"}, "2101"),
        ({"amount": 100}, "2101"),
        (None, "2101"),
    ],
)
def test_a_capture_that_does_not_fit_is_refused_and_changes_nothing(client, held, members, code):
    assert client.order_call("capture", held, members)["returnCode"] == code
    assert client.order(held)["stage"] == "authorized"


def test_a_capture_happens_once(client, held):
    assert client.capture(held, 60)["returnCode"] == "0000"
    assert client.capture(held, 40)["returnCode"] == "1179"


def test_the_restriction_of_a_capture_is_taken_at_both_places(client):
    for nested in (True, False):
        order_id = fresh_order_id()
        client.authorize(order_id)
        restriction = {"promotionRestriction": {"rewardLimit": 5}}
        members = {"amount": 100, "currency": "TWD"}
        members |= {"extras": restriction} if nested else restriction
        assert client.order_call("capture", order_id, members)["returnCode"] == "0000"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("members", [None, {}])
def test_a_void_gives_the_authorization_up(client, dialect, members):
    order_id = fresh_order_id()
    client.authorize(order_id, dialect)
    voided = client.order_call("void", order_id, members, dialect)
    assert voided == {"returnCode": "0000", "returnMessage": "success"}
    assert client.check(order_id, dialect)["info"]["status"] == "CANCEL"
    assert pay_status(client, order_id, dialect) == "VOIDED_AUTHORIZATION"
    assert client.void(order_id, dialect)["returnCode"] == "1165"
    assert client.capture(order_id, 100, dialect=dialect)["returnCode"] == "1179"
    assert client.refund(order_id, dialect=dialect)["returnCode"] == "1179"


def test_after_capture_nothing_is_voided(client, paid):
    assert client.void(paid)["returnCode"] == "1155"


def test_an_authorization_expires(client, clock, held):
    clock.advance(30 * DAY_S)
    assert pay_status(client, held) == "AUTHORIZATION"
    clock.advance(1)
    assert pay_status(client, held) == "EXPIRED_AUTHORIZATION"
    assert client.check(held)["info"]["status"] == "CANCEL"
    assert client.capture(held, 100)["returnCode"] == "1179"
    assert client.void(held)["returnCode"] == "1165"
    assert client.order(held)["stage"] == "expired"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_full_refund_is_listed_and_not_made_twice(client, dialect):
    order_id = fresh_order_id()
    transaction = client.pay(dialect, orderId=order_id, amount=100)["info"]["transactionId"]
    info = client.refund(order_id, dialect=dialect)["info"]
    assert info["refundTransactionDate"] == "2026-07-18T12:00:00Z"
    assert info["refundTransactionId"] > transaction
    (listed,) = client.details(f"transactionId={transaction}", dialect)["info"]
    assert listed["refundList"] == [
        {
            "refundTransactionId": info["refundTransactionId"],
            "transactionType": "PAYMENT_REFUND",
            "refundAmount": -100,
            "refundTransactionDate": info["refundTransactionDate"],
        }
    ]
    assert client.refund(order_id, dialect=dialect)["returnCode"] == "1165"
    assert client.refund(order_id, 1, dialect)["returnCode"] == "1165"
    assert client.check(order_id, dialect)["info"]["status"] == "COMPLETE"


def test_partial_refunds_go_on_until_the_total(client, paid):
    """A repeated partial refund is a second refund: there is no idempotency."""
    assert client.refund(paid, 30)["returnCode"] == "0000"
    assert client.refund(paid, 30)["returnCode"] == "0000"
    assert client.order(paid)["refunded"] == "60"
    assert client.order(paid)["stage"] == "partly refunded"
    assert client.refund(paid, 41)["returnCode"] == "1164"
    assert client.refund(paid)["returnCode"] == "0000", "the rest"
    assert client.refund(paid, 1)["returnCode"] == "1165"
    (listed,) = client.details(f"orderId={paid}")["info"]
    assert [entry["refundAmount"] for entry in listed["refundList"]] == [-30, -30, -40]
    kinds = {entry["transactionType"] for entry in listed["refundList"]}
    assert kinds == {"PARTIAL_REFUND"}
    assert client.control("GET", "stats")[1]["refunds"] == 3


def test_what_was_captured_in_part_is_refunded_to_that_part(client, held):
    client.capture(held, 60)
    assert client.refund(held, 61)["returnCode"] == "1164"
    assert client.refund(held)["returnCode"] == "0000"
    assert client.order(held)["refunded"] == "60"


@pytest.mark.parametrize(
    ("amount", "code"),
    [(0, "2101"), (-1, "2101"), ("5", "2101"), (Decimal("5.0"), "1124"), (Decimal("0.5"), "1124")],
)
def test_a_refund_of_no_amount_is_refused(client, paid, amount, code):
    assert client.refund(paid, amount)["returnCode"] == code
    assert client.order(paid)["refunded"] == "0"


def test_baht_are_refunded_exactly(client):
    order_id = fresh_order_id()
    key = fresh_key("TH")
    client.pay(orderId=order_id, amount=Decimal("0.30"), currency="THB", oneTimeKey=key)
    client.refund(order_id, Decimal("0.10"))
    client.refund(order_id)
    (listed,) = client.details(f"orderId={order_id}")["info"]
    amounts = [entry["refundAmount"] for entry in listed["refundList"]]
    assert amounts == [Decimal("-0.10"), Decimal("-0.20")]


def test_a_promotion_restriction_makes_every_refund_a_full_one(client, paid):
    asked = {"refundAmount": 10, "promotionRestriction": {"rewardLimit": 1}}
    assert client.order_call("refund", paid, asked)["returnCode"] == "0000"
    assert client.order(paid)["refunded"] == "100"


def test_a_payment_with_a_promotion_is_not_refunded_in_part(client):
    restricted, coupon = fresh_order_id(), fresh_order_id()
    client.pay(orderId=restricted, extras={"promotionRestriction": {"rewardLimit": 1}})
    client.pay(orderId=coupon, oneTimeKey=client.mint(discount=20))
    for order_id in (restricted, coupon):
        assert client.refund(order_id, 10)["returnCode"] == "1115"
        assert client.refund(order_id)["returnCode"] == "0000"


def test_a_refund_comes_too_late_after_a_year(client, clock, paid):
    clock.advance(365 * DAY_S)
    assert client.refund(paid, 1)["returnCode"] == "0000"
    clock.advance(1)
    assert client.refund(paid, 1)["returnCode"] == "1163"


@pytest.mark.parametrize("name", ["capture", "void", "refund"])
def test_nothing_is_done_to_an_order_that_paid_nothing(client, name):
    failed, waiting = fresh_order_id(), fresh_order_id()
    client.pay(orderId=failed, oneTimeKey=client.mint(fault="decline:1142"))
    client.pay(orderId=waiting, oneTimeKey=client.mint(fault="auth-ready:60"))
    members = {"amount": 100, "currency": "TWD"} if name == "capture" else {}
    for order_id in ("unknown", failed, waiting):
        assert client.order_call(name, order_id, members)["returnCode"] == "1150"


@pytest.mark.parametrize("name", ["capture", "void", "refund"])
@pytest.mark.parametrize(("body", "code"), [(b"{", "2102"), (b"[]", "2102"), (b"null", "2102")])
def test_a_body_that_is_no_object_is_refused(client, held, name, body, code):
    path = f"/v4/payments/orders/{held}/{name}"
    _, answer = client.call("POST", path, body, headers("v4", path, body))
    assert b'"returnCode":"' + code.encode() in answer
    assert client.order(held)["stage"] == "authorized"


@pytest.mark.parametrize("listing", ["", "/authorizations"])
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "2101"),
        ("orderId=", "2101"),
        ("transactionId=x", "2101"),
        ("transactionId=" + "1" * 20, "2101"),
        ("transactionId=1", "1150"),
        ("&".join(["orderId=a"] * 101), "1177"),
        ("&".join(["x=1"] * 1001), "1177"),
    ],
)
def test_a_listing_must_be_asked_rightly(client, listing, query, code):
    assert client.listing(listing, query, "v4")["returnCode"] == code


def test_a_listing_takes_several_ids_and_both_kinds(client):
    first, second = fresh_order_id(), fresh_order_id()
    number = client.pay(orderId=first)["info"]["transactionId"]
    client.pay(orderId=second)
    both = client.details(f"orderId={first}&orderId={second}")["info"]
    assert [entry["orderId"] for entry in both] == [first, second]
    assert len(client.details(f"orderId={first}&transactionId={number}")["info"]) == 1
    assert client.details(f"orderId={second}&transactionId={number}")["returnCode"] == "1150"


GUESSED = [
    ("authorized-status", "AUTH_READY", lambda c, o: c.check(o)["info"]["status"]),
    ("voided-status", "FAIL", lambda c, o: (c.void(o), c.check(o))[1]["info"]["status"]),
    (
        "refunded-status",
        "REFUND",
        lambda c, o: (c.capture(o, 100), c.refund(o), c.check(o))[2]["info"]["status"],
    ),
    ("captured-authorization", "1150", lambda c, o: (c.capture(o, 100), pay_status(c, o))[1]),
    ("void-captured", "1179", lambda c, o: (c.capture(o, 100), c.void(o))[1]["returnCode"]),
    ("unknown-members", "2103", lambda c, o: c.order_call("void", o, {"why": 1})["returnCode"]),
    ("spent-key", "1159", lambda c, o: spend_twice(c)),
    ("balance", "all", lambda c, o: "all" if "balance" in c.check(o, "v4")["info"] else "v2"),
    ("packages-product-name", "absent", lambda c, o: product_name_of_packages(c)),
    ("authorization-days", "0", lambda c, o: c.check(o)["info"]["authorizationExpireDate"][8:10]),
    ("refund-days", "0", lambda c, o: "0"),
]


def spend_twice(client):
    key = client.mint()
    client.pay(oneTimeKey=key)
    return client.pay(oneTimeKey=key)["returnCode"]


def product_name_of_packages(client):
    client.pay("v4", orderId="packages")
    return client.details("orderId=packages")["info"][0].get("productName", "absent")


def test_every_guess_is_tried():
    assert {name for name, *_ in GUESSED} == set(GUESSES)


@pytest.mark.parametrize(("name", "value", "seen"), GUESSED)
def test_what_is_not_known_can_be_assumed_otherwise(assuming, name, value, seen):
    client = assuming(f"{name}={value}")
    client.authorize("guessed", amount=100)
    expected = "18" if name == "authorization-days" else value
    assert seen(client, "guessed") == expected


def test_an_assumption_that_is_none_is_refused():
    for text in ("x=1", "balance=v3", "refund-days=-1", "refund-days"):
        with pytest.raises(BadAssumption):
            assume([text])


@pytest.mark.parametrize("value", ["[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900])
@pytest.mark.parametrize("name", ["packages", "options", "more"])
def test_deep_json_is_refused_like_any_other(client, name, value):
    body = encode(pay_body("v4", oneTimeKey="x")).decode().removesuffix("}")
    answer = client.pay_raw(f'{body},"{name}":{value}}}'.encode(), "v4")
    assert answer["returnCode"] in {"2101", "2102", "1133"}
