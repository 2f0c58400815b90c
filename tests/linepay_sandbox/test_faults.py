"""Every fault, as bytes (or none, or a RST) on the wire, and what check says afterwards."""

import contextlib
import json
import logging
import socket
import threading

import pytest

from posd.linepay.sandbox.faults import FAULTS, BadFault, Fault, parse_fault
from posd.linepay.sandbox.key_patterns import BY_DIGIT, LISTED, MARKER, fault_of_key
from posd.linepay.sandbox.keys import KeyRing
from posd.linepay.sandbox.misbehave import PAGE, misbehave
from posd.linepay.sandbox.reply import Ending
from posd.linepay.sandbox.routes import Operation

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


def test_an_answer_is_later_by_the_seconds_of_its_fault():
    reply = misbehave(Fault("slow", seconds_s=2.5), b"{}")
    assert (reply.delay_s, reply.ending) == (2.5, Ending.KEEP)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("none", Fault("none")),
        ("decline:1142", Fault("decline", code="1142")),
        ("slow:0.25", Fault("slow", seconds_s=0.25)),
        ("reset", Fault("reset", when="after")),
        ("reset:before", Fault("reset", when="before")),
        ("http", Fault("http")),
        ("http:503:before", Fault("http", status=503, when="before")),
        ("auth-ready:8:FAIL", Fault("auth-ready", seconds_s=8.0, then="FAIL")),
    ],
)
def test_a_fault_is_read_from_its_text(text, fault):
    assert parse_fault(text, Operation.PAY) == fault


@pytest.mark.parametrize(
    "text",
    ["", "x", "decline", "decline:0000", "decline:11", "decline:1142:1", "slow:-1", "slow:3601",
     "slow:1e3", "reset:soon", "http:99", "http:600", "garbage:x", "auth-ready:1:REFUND", "none:1"],
)  # fmt: skip
def test_a_text_that_is_no_fault_is_refused(text):
    with pytest.raises(BadFault):
        parse_fault(text, Operation.PAY)


def test_faults_of_pay_alone_cannot_be_armed_for_check(client):
    for name, row in FAULTS.items():
        if Operation.CHECK not in row.operations:
            text = ":".join([name, *("1199" if label == "code" else "1" for label in row.required)])
            armed = {"fault": text, "operation": "check"}
            assert client.control("POST", "faults", armed)[0] == 400


@pytest.mark.parametrize("start", ["381234567", "123"])
@pytest.mark.parametrize(
    ("tail", "text"),
    [
        ("01142", "decline:1142"),
        ("10025", "slow:2.5"),
        ("20080", "auth-ready:8:COMPLETE"),
        ("30080", "auth-ready:8:FAIL"),
        ("40080", "auth-ready:8:CANCEL"),
        ("50100", "lost-late:10"),
        ("61199", "code-after:1199"),
        *((f"9{number}", text) for number, text in LISTED.items()),
        ("00000", "none"),
        ("90000", "none"),
        ("70001", "none"),
    ],
)
def test_a_typed_key_asks_for_its_fault_by_its_digits(start, tail, text):
    assert fault_of_key(start + MARKER + tail) == parse_fault(text, Operation.PAY)


def test_a_typed_key_meets_its_fault(client):
    assert client.pay(oneTimeKey="380000001909001142")["returnCode"] == "1142"
    thai = client.pay(oneTimeKey="001909001110", currency="THB")
    assert thai["returnCode"] == "1110"


def test_every_kind_of_fault_can_be_typed():
    reachable = {template.partition(":")[0] for template in BY_DIGIT.values()}
    reachable |= {text.partition(":")[0] for text in LISTED.values()} | {"none"}
    assert set(FAULTS) <= reachable


def test_a_minted_key_never_looks_like_a_fault():
    draws = iter(["0000000" + MARKER + "01142", "1" * 16])
    ring = KeyRing(clock_s=lambda: 0.0, digits=lambda count: next(draws))
    assert ring.mint("TW", ring.look("38" + "2" * 16)) == "38" + "1" * 16


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
