"""Every fault, as bytes (or none, or a RST) on the wire, and what check says afterwards."""

import contextlib
import json
import logging
import socket
import threading

import pytest

from posd.linepay.sandbox.misbehave import PAGE

from .client import PATIENCE_S, fresh_order_id, read_to_end


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
