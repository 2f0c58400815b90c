"""Every fault, as bytes (or none, or a RST) on the wire, and what check says afterwards."""

import contextlib
import json
import logging
import socket
import threading

import pytest

from posd.linepay.sandbox.misbehave import PAGE

from .client import PATIENCE_S, encode, fresh_order_id, headers, read_to_end, request_bytes


@pytest.fixture
def meet(client):
    """Send a pay request that meets a fault; gives its order id and the raw socket."""

    def send(fault, **changes):
        order_id = fresh_order_id()
        key = client.mint(country="TW", fault=fault)
        return order_id, client.send_pay(orderId=order_id, oneTimeKey=key, **changes)

    return send


@pytest.fixture
def pay(client):
    """Pay with a key that carries a fault; gives the order id and the answer."""

    def call(fault, **changes):
        order_id = fresh_order_id()
        key = client.mint(country="TW", fault=fault)
        return order_id, client.pay(orderId=order_id, oneTimeKey=key, **changes)

    return call


@pytest.fixture
def met():
    """Set once a request has met its fault; whoever asks the stand-in then comes after it."""
    event = threading.Event()
    log = logging.getLogger("posd.linepay.sandbox")
    handler = logging.Handler()
    handler.emit = lambda record: event.set() if " meets " in record.getMessage() else None
    level = log.level
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    yield event
    log.removeHandler(handler)
    log.setLevel(level)


def seen(client, order_id):
    """What check says: the status, or the code of a refusal."""
    answer = client.check(order_id)
    return answer["info"]["status"] if "info" in answer else answer["returnCode"]


STATUS_AFTER = {"before": "1150", "after": "COMPLETE"}


@pytest.mark.parametrize("code", ["1142", "1133", "1199", "9000", "8888"])
def test_decline_answers_the_code_and_no_money_moves(client, pay, code):
    order_id, answer = pay(f"decline:{code}")
    assert answer["returnCode"] == code
    assert "info" not in answer
    assert seen(client, order_id) == "FAIL"
    assert client.control("GET", "stats")[1]["charges"] == 0


def test_a_failed_order_tells_why_in_v2_only(client, pay):
    order_id, _ = pay("decline:1142")
    assert client.check(order_id, "v2")["info"]["failReturnCode"] == "1142"
    assert client.check(order_id, "v4")["info"].keys() == {
        "status", "transactionId", "orderId", "transactionDate", "paymentProvider"
    }  # fmt: skip


def test_code_after_takes_the_money_and_denies_it(client, pay):
    order_id, answer = pay("code-after:1199")
    assert answer["returnCode"] == "1199"
    assert seen(client, order_id) == "COMPLETE"
    assert client.control("GET", "stats")[1]["charges"] == 1


def test_slow_answers_rightly_in_the_end(pay):
    assert pay("slow:0.05")[1]["returnCode"] == "0000"


def test_slow_holds_the_answer_back_and_settles_by_the_clock(client, clock, server, meet, met):
    order_id, sock = meet("slow:600")
    assert met.wait(PATIENCE_S)
    assert seen(client, order_id) == "AUTH_READY"
    assert _nothing_came(sock)
    clock.advance(600)
    assert seen(client, order_id) == "COMPLETE"
    server.stop()
    assert read_to_end(sock) == b""


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_answer_holds_the_connection_open(client, meet, met, when):
    order_id, sock = meet(f"no-answer:{when}")
    assert met.wait(PATIENCE_S)
    assert seen(client, order_id) == STATUS_AFTER[when]
    assert _nothing_came(sock)
    sock.shutdown(socket.SHUT_WR)
    assert read_to_end(sock) == b"", "it closes when the client does"


@pytest.mark.parametrize("when", ["before", "after"])
def test_close_ends_the_connection_without_a_byte(client, meet, when):
    order_id, sock = meet(f"close:{when}")
    assert read_to_end(sock) == b""
    assert seen(client, order_id) == STATUS_AFTER[when]


@pytest.mark.parametrize("when", ["before", "after"])
def test_reset_is_a_tcp_reset(client, meet, when):
    order_id, sock = meet(f"reset:{when}")
    with pytest.raises(ConnectionResetError):
        read_to_end(sock)
    assert seen(client, order_id) == STATUS_AFTER[when]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("status", "line"), [("500", b"500 Internal"), ("599", b"599 Status")])
def test_http_answers_a_status_and_a_page(client, meet, when, status, line):
    order_id, sock = meet(f"http:{status}:{when}")
    answer = _one_answer(sock)
    assert answer.startswith(b"HTTP/1.1 " + line)
    assert answer.endswith(PAGE)
    assert seen(client, order_id) == STATUS_AFTER[when]


def test_garbage_html_is_a_page_with_status_200(client, meet):
    order_id, sock = meet("garbage:html")
    answer = _one_answer(sock)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/html")
    assert answer.endswith(PAGE)
    assert seen(client, order_id) == "COMPLETE"


def test_garbage_json_is_a_whole_answer_with_half_a_text(client, meet):
    order_id, sock = meet("garbage:json")
    body = _one_answer(sock).partition(b"\r\n\r\n")[2]
    assert body.startswith(b'{"returnCode":"0000"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    assert seen(client, order_id) == "COMPLETE"


def test_garbage_cut_promises_more_than_it_sends(client, meet):
    order_id, sock = meet("garbage:cut")
    head, _, body = read_to_end(sock).partition(b"\r\n\r\n")
    assert _content_length(head) == len(body) + 40
    assert seen(client, order_id) == "COMPLETE"


def test_garbage_empty_has_no_body(meet):
    _, sock = meet("garbage:empty")
    assert _one_answer(sock).endswith(b"Content-Length: 0\r\n\r\n")


@pytest.mark.parametrize("then", ["COMPLETE", "FAIL", "CANCEL"])
def test_auth_ready_waits_for_the_customer(client, clock, pay, then):
    order_id, answer = pay(f"auth-ready:2.5:{then}")
    assert answer["returnCode"] == "1169"
    waiting = client.check(order_id)["info"]
    assert waiting["status"] == "AUTH_READY"
    assert "payInfo" not in waiting
    assert client.control("GET", "stats")[1]["charges"] == 0
    clock.advance(2.5)
    assert seen(client, order_id) == then
    assert client.control("GET", "stats")[1]["charges"] == (then == "COMPLETE")


def test_lost_late_is_unknown_to_check_at_first(client, clock, meet):
    order_id, sock = meet("lost-late:5")
    assert read_to_end(sock) == b""
    assert seen(client, order_id) == "1150"
    assert client.pay(orderId=order_id)["returnCode"] == "1172"
    assert client.control("GET", "stats")[1]["charges"] == 1
    clock.advance(5)
    assert seen(client, order_id) == "COMPLETE"


def test_wrong_amount_is_in_pay_and_check(client, pay):
    order_id, answer = pay("wrong-amount", amount=120)
    assert answer["info"]["payInfo"][0]["amount"] == 121
    assert client.check(order_id)["info"]["payInfo"][0]["amount"] == 121


def test_no_payinfo_is_missing_in_pay_and_check(client, pay):
    order_id, answer = pay("no-payinfo")
    assert answer["returnCode"] == "0000"
    assert "payInfo" not in answer["info"]
    assert "payInfo" not in client.check(order_id)["info"]


def test_other_order_names_another_order(client, pay):
    order_id, answer = pay("other-order")
    assert answer["info"]["orderId"] == "ANOTHER-ORDER"
    assert client.check(order_id)["info"]["orderId"] == "ANOTHER-ORDER"


def test_duplicate_member_has_the_order_id_twice(meet):
    order_id, sock = meet("duplicate-member")
    body = _one_answer(sock).partition(b"\r\n\r\n")[2]
    pairs = json.loads(body, object_pairs_hook=list)
    info = dict(pairs)["info"]
    assert [value for name, value in info if name == "orderId"] == [order_id, "ANOTHER-ORDER"]


@pytest.mark.parametrize("fault", ["close:before", "reset:before", "http:503:before"])
def test_a_key_is_not_spent_before_the_money_moves(client, fault):
    client.control("POST", "faults", {"fault": fault})
    key, order_id = client.mint(), fresh_order_id()
    sock = client.send_pay(orderId=order_id, oneTimeKey=key)
    with sock, contextlib.suppress(ConnectionResetError):
        sock.recv(65_536)
    assert client.pay(orderId=order_id, oneTimeKey=key)["returnCode"] == "0000"


def test_check_meets_armed_faults_and_then_none(client, pay):
    order_id, _ = pay("none")
    faults = ["close", "reset", "http:502", "decline:1199", "wrong-amount", "garbage:html"]
    for fault in faults:
        client.control("POST", "faults", {"fault": fault, "operation": "check"})
    assert read_to_end(client.send_check(order_id)) == b""
    with pytest.raises(ConnectionResetError):
        read_to_end(client.send_check(order_id))
    assert _one_answer(client.send_check(order_id)).startswith(b"HTTP/1.1 502 Bad Gateway")
    assert client.check(order_id)["returnCode"] == "1199"
    assert client.check(order_id)["info"]["payInfo"][0]["amount"] == 101
    assert _one_answer(client.send_check(order_id)).endswith(PAGE)
    assert client.check(order_id)["info"]["payInfo"][0]["amount"] == 100


def test_an_armed_fault_waits_for_a_call_that_is_good(client):
    client.control("POST", "faults", {"fault": "decline:1142", "count": 2})
    assert client.pay(productName=None)["returnCode"] == "2101"
    assert client.pay()["returnCode"] == "1142"
    assert client.pay(oneTimeKey=client.mint(fault="decline:1110"))["returnCode"] == "1142"
    assert client.pay()["returnCode"] == "0000"


def _content_length(head):
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


def _one_answer(sock):
    """One HTTP answer, by its Content-Length."""
    with sock, sock.makefile("rb") as stream:
        head = b"".join(iter(stream.readline, b"\r\n"))
        return head + b"\r\n" + stream.read(_content_length(head))


def _nothing_came(sock):
    sock.setblocking(False)
    try:
        sock.recv(1)
    except BlockingIOError:
        return True
    finally:
        sock.settimeout(PATIENCE_S)
    return False


def test_drip_sends_byte_by_byte(client, meet):
    _, sock = meet("drip:60")
    with sock:
        assert len(sock.recv(65_536)) < 10, "the head alone is longer"


def test_drip_is_a_whole_answer_in_the_end(meet):
    answer = _one_answer(meet("drip:0.05")[1])
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["returnCode"] == "0000"


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_redirect_sends_elsewhere(client, meet, status, when):
    order_id, sock = meet(f"redirect:{status}:{when}")
    answer = _one_answer(sock)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"\r\nLocation: http://127.0.0.1:9/\r\n" in answer
    assert seen(client, order_id) == STATUS_AFTER[when]


def test_redirect_is_307_if_nothing_else_is_said(meet):
    assert _one_answer(meet("redirect")[1]).startswith(b"HTTP/1.1 307 ")


@pytest.mark.parametrize(
    ("shape", "start"),
    [("array", b'[{"returnCode"'), ("null", b"null"), ("charset", b"\xff\xfe{\0"),
     ("deep", b'{"returnCode":"0000","info":[[[['), ("huge", b'{"returnCode":"0000"')],
)  # fmt: skip
def test_garbage_of_other_shapes(meet, shape, start):
    answer = _one_answer(meet(f"garbage:{shape}")[1])
    assert answer.partition(b"\r\n\r\n")[2].startswith(start)
    assert (len(answer) > 10_000_000) == (shape == "huge")


def test_garbage_endless_goes_on_until_the_client_goes(meet):
    _, sock = meet("garbage:endless")
    with sock:
        received = sum(len(sock.recv(65_536)) for _ in range(200))
    assert received > 200_000


def test_a_duplicate_delivery_of_a_payment_is_told_as_used(client, pay):
    order_id, answer = pay("duplicate")
    assert answer["returnCode"] == "1172"
    assert client.control("GET", "stats")[1]["charges"] == 1
    assert seen(client, order_id) == "COMPLETE"


def test_a_duplicate_delivery_charges_twice_where_nothing_is_idempotent(client, pay):
    client.control("POST", "mode", {"idempotent": False})
    assert pay("duplicate")[1]["returnCode"] == "0000"
    assert client.control("GET", "stats")[1]["charges"] == 2


def test_a_duplicate_delivery_of_a_partial_refund_is_two_refunds(client, pay):
    order_id, _ = pay("none", amount=100)
    client.control("POST", "faults", {"fault": "duplicate", "operation": "refund"})
    assert client.refund(order_id, 30)["returnCode"] == "0000"
    assert client.order(order_id)["refunded"] == "60"


def test_a_duplicate_delivery_of_a_full_refund_is_one(client, pay):
    order_id, _ = pay("none", amount=100)
    client.control("POST", "faults", {"fault": "duplicate", "operation": "refund"})
    assert client.refund(order_id)["returnCode"] == "1165"
    assert client.order(order_id)["refunded"] == "100"


def test_a_late_payment_takes_effect_when_nobody_waits_any_more(client, clock, meet):
    order_id, sock = meet("late:40")
    assert read_to_end(sock) == b""
    clock.advance(39)
    assert seen(client, order_id) == "1150"
    assert client.control("GET", "stats")[1]["charges"] == 0
    clock.advance(1)
    assert client.control("GET", "stats")[1]["charges"] == 1
    assert seen(client, order_id) == "COMPLETE"


def test_a_late_payment_meets_the_order_that_came_first(client, clock, meet):
    order_id, sock = meet("late:40")
    assert read_to_end(sock) == b""
    assert client.pay(orderId=order_id)["returnCode"] == "0000"
    clock.advance(40)
    assert client.control("GET", "stats")[1]["charges"] == 1


@pytest.mark.parametrize(
    ("name", "members", "stage"),
    [
        ("capture", {"amount": 100, "currency": "TWD"}, "captured"),
        ("void", {}, "voided"),
        ("refund", {}, "refunded"),
    ],
)
@pytest.mark.parametrize(
    ("fault", "happens"),
    [("close:before", False), ("close:after", True), ("reset:after", True),
     ("late:9", False), ("no-answer:before", False)],
)  # fmt: skip
def test_every_effect_can_be_lost_before_or_after(
    client, clock, met, name, members, stage, fault, happens
):
    order_id = fresh_order_id()
    client.authorize(order_id)
    if name == "refund":
        client.capture(order_id, 100)
    before = client.order(order_id)["stage"]
    client.control("POST", "faults", {"fault": fault, "operation": name})
    body = encode(members)
    path = f"/v2/payments/orders/{order_id}/{name}"
    with client.send(request_bytes("POST", path, headers("v2", path, body), body)):
        assert met.wait(PATIENCE_S)
        assert client.order(order_id)["stage"] == (stage if happens else before)
    clock.advance(9)
    arrived = happens or fault.startswith("late")
    assert client.order(order_id)["stage"] == (stage if arrived else before)


@pytest.mark.parametrize("operation", ["capture", "void", "refund"])
def test_code_after_does_it_and_denies_it(client, operation):
    client.authorize("denied")
    if operation == "refund":
        client.capture("denied", 100)
    client.control("POST", "faults", {"fault": "code-after:1199", "operation": operation})
    members = {"amount": 100, "currency": "TWD"} if operation == "capture" else {}
    before = client.order("denied")["stage"]
    assert client.order_call(operation, "denied", members)["returnCode"] == "1199"
    assert client.order("denied")["stage"] != before


def test_authorizations_meet_armed_faults_too(client):
    client.authorize("held")
    armed = {"fault": "other-order", "operation": "authorizations"}
    assert client.control("POST", "faults", armed)[0] == 200
    told = [client.authorizations("orderId=held")["info"][0]["orderId"] for _ in range(2)]
    assert told == ["ANOTHER-ORDER", "held"]
