"""Clients that know nothing of posd complete a day at the counter; faulty ones are told why."""

import shutil

import pytest

from .client import Client
from .foreign import CLIENTS, CurlV4, SessionV4


@pytest.fixture(params=CLIENTS, ids=lambda kind: kind.__name__)
def foreign(request, server):
    if request.param is CurlV4 and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    client = request.param(server.port)
    yield client
    if hasattr(client, "close"):
        client.close()


def pay(foreign, order_id, key, *, capture=True):
    body = {"amount": 150, "currency": "TWD", "orderId": order_id, "oneTimeKey": key}
    if foreign.flat:
        body |= {"productName": "珍珠奶茶", "capture": capture, "extras": {"branchName": "信義店"}}
    else:
        products = [{"name": "珍珠奶茶", "quantity": 2, "price": 75}]
        body |= {
            "packages": [{"id": "1", "amount": 150, "products": products}],
            "options": {"payment": {"capture": capture}, "extra": {"branchName": "信義店"}},
        }
    return foreign.send("POST", f"/{foreign.version}/payments/oneTimeKeys/pay", body)


def on(foreign, order_id, tail, body=None):
    method = "GET" if tail == "check" else "POST"
    path = f"/{foreign.version}/payments/orders/{order_id}/{tail}"
    return foreign.send(method, path, body)


def test_a_payment_is_made_checked_looked_up_and_refunded(server, foreign):
    control = Client(server.port)
    paid = pay(foreign, "F-1", control.mint())
    assert paid["returnCode"] == "0000"
    assert sum(part["amount"] for part in paid["info"]["payInfo"]) == 150
    assert on(foreign, "F-1", "check")["info"]["status"] == "COMPLETE"
    number = str(paid["info"]["transactionId"])
    for query in ({"orderId": "F-1"}, {"transactionId": number}):
        (entry,) = foreign.send("GET", f"/{foreign.version}/payments", query=query)["info"]
        assert str(entry["transactionId"]) == number
    assert on(foreign, "F-1", "refund", {"refundAmount": 50})["returnCode"] == "0000"
    assert on(foreign, "F-1", "refund")["returnCode"] == "0000"
    assert on(foreign, "F-1", "refund")["returnCode"] == "1165"
    (entry,) = foreign.send("GET", f"/{foreign.version}/payments", query={"orderId": "F-1"})["info"]
    assert [part["refundAmount"] for part in entry["refundList"]] == [-50, -100]


def test_a_payment_is_authorized_and_captured_or_voided(server, foreign):
    control = Client(server.port)
    for order_id in ("F-2", "F-3"):
        held = pay(foreign, order_id, control.mint(), capture=False)
        assert "authorizationExpireDate" in held["info"]
    taken = on(foreign, "F-2", "capture", {"amount": 140, "currency": "TWD"})
    assert taken["info"]["payInfo"][0]["amount"] == 140
    assert on(foreign, "F-3", "void")["returnCode"] == "0000"
    path = f"/{foreign.version}/payments/authorizations"
    told = [foreign.send("GET", path, query={"orderId": name})["info"] for name in ("F-2", "F-3")]
    assert [entry["payStatus"] for (entry,) in told] == ["CAPTURE", "VOIDED_AUTHORIZATION"]


class WithQuestionMark(SessionV4):
    """Signs the query as it stands in the URL."""

    def send(self, method, path, body=None, query=None):
        if not query:
            return super().send(method, path, body)
        ((name, value),) = query.items()
        return super().send(method, f"{path}?{name}={value}", body)


class SecretInV4(SessionV4):
    """Puts v2's secret on a v4 call and leaves the signature out."""

    def send(self, method, path, body=None, query=None):
        sent = {"Content-Type": "application/json", "X-LINE-ChannelId": "1650000000",
                "X-LINE-ChannelSecret": "test-secret-0123456789abcdef"}  # fmt: skip
        return self.session.request(method, self.base + path, json=body, headers=sent).json()


class FloatAmounts(SessionV4):
    """Keeps money in floats."""

    def send(self, method, path, body=None, query=None):
        if body and "refundAmount" in body:
            body["refundAmount"] = float(body["refundAmount"])
        return super().send(method, path, body, query)


@pytest.mark.parametrize(
    ("kind", "act", "code", "said"),
    [
        (
            WithQuestionMark,
            lambda c: c.send("GET", "/v4/payments", query={"orderId": "F-4"}),
            "1106",
            "with the question mark",
        ),
        (SecretInV4, lambda c: on(c, "F-4", "check"), "1106", "v4 requests are signed"),
        (
            FloatAmounts,
            lambda c: on(c, "F-4", "refund", {"refundAmount": 10}),
            "1124",
            "refundAmount must have at most 0 decimals",
        ),
    ],
)
def test_a_faulty_client_is_refused_and_the_log_says_why(server, caplog, kind, act, code, said):
    client, control = kind(server.port), Client(server.port)
    control.pay("v4", orderId="F-4")
    assert act(client)["returnCode"] == code
    assert said in caplog.text
    client.close()
