"""HTTP as foreign programs speak it, and the limits."""

import json
import shutil
import socket
import subprocess

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from posd.linepay.sandbox.request import MAX_BODY_BYTES, MAX_HEAD_BYTES, BadRequest, parse_head
from posd.linepay.sandbox.wire import Gone, Wire

from .client import encode, fresh_order_id, headers, pay_body, read_to_end, request_bytes

PAY = "/v2/payments/oneTimeKeys/pay"


def signed(dialect="v2", **changes):
    """Headers and bytes of a good pay request."""
    path, body = f"/{dialect}/payments/oneTimeKeys/pay", encode(pay_body(dialect, **changes))
    return headers(dialect, path, body), body


def chunked(body, size, path=PAY, sent=None):
    head = request_bytes("POST", path, (sent or {}) | {"Transfer-Encoding": "chunked"}, b"")
    head = head.replace(b"Content-Length: 0\r\n", b"")
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    framed = b"".join(b"%x;note=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return head + framed + b"0\r\nTrailer: x\r\n\r\n"


def last(data):
    return data.replace(b"Host:", b"Connection: close\r\nHost:", 1)


def test_a_connection_carries_many_requests_and_counts_once(client):
    connection = client.keep()
    for dialect in ("v2", "v2.4", "v4", "v4"):
        assert client.pay(dialect, connection)["returnCode"] == "0000"
    connection.close()
    client.pay()
    assert client.control("GET", "stats")[1]["connections"] == 2


def test_requests_that_arrive_in_one_packet_are_answered_in_order(client):
    first, second = (signed(orderId=name) for name in ("first", "second"))
    data = request_bytes("POST", PAY, *first) + last(request_bytes("POST", PAY, *second))
    answers = read_to_end(client.send(b"\r\n" + data))
    assert answers.count(b'"returnCode":"0000"') == 2
    assert answers.index(b'"first"') < answers.index(b'"second"')


def test_a_request_may_arrive_byte_by_byte(client):
    sent, body = signed()
    with client.send(b"") as sock:
        for byte in last(request_bytes("POST", PAY, sent, body)):
            sock.sendall(bytes([byte]))
        assert b'"0000"' in read_to_end(sock)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_chunked_body_is_taken(client, size):
    sent, body = signed("v4")
    data = chunked(body, size, "/v4/payments/oneTimeKeys/pay", sent)
    assert b'"0000"' in read_to_end(client.send(last(data)))


def test_header_names_may_be_lower_case(client):
    sent, body = signed("v4")
    path = "/v4/payments/oneTimeKeys/pay"
    lower = {name.lower(): value for name, value in sent.items()}
    assert b'"0000"' in read_to_end(client.send(last(request_bytes("POST", path, lower, body))))


def test_a_client_that_expects_100_continue_gets_it(client):
    sent, body = signed()
    data = request_bytes("POST", PAY, sent | {"Expect": "100-continue"}, body)
    head = last(data)[: -len(body)]
    with client.send(head) as sock:
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert b'"0000"' in read_to_end(sock)


def test_http_1_0_is_answered_and_closed(client):
    sent, body = signed()
    data = request_bytes("POST", PAY, sent, body).replace(b"HTTP/1.1", b"HTTP/1.0")
    assert b'"0000"' in read_to_end(client.send(data))


def test_the_requests_library_is_served(client):
    sent, body = signed("v4")
    with requests.Session() as session:
        url = f"http://127.0.0.1:{client.port}/v4/payments/oneTimeKeys/pay"
        answer = session.post(url, data=body, headers=sent, timeout=30)
    assert answer.json()["returnCode"] == "0000"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_is_served_also_with_a_body_that_it_announces_first(client):
    order_id = fresh_order_id()
    sent, body = signed(orderId=order_id, padding="x" * 1_000_000)
    options = [part for name, value in sent.items() for part in ("-H", f"{name}: {value}")]
    options += ["-H", "Expect: 100-continue", "--data-binary", "@-"]
    url = f"http://127.0.0.1:{client.port}{PAY}"
    done = subprocess.run(
        ["curl", "-s", *options, url], input=body, capture_output=True, check=True
    )
    assert json.loads(done.stdout)["returnCode"] == "0000"
    assert client.order(order_id)["pay_requests"] == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nname : value\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\na: b\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
        (b"GET / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        (b"GET / HTTP/1.1\r\nlong: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n", 431),
        (b"x" * (MAX_HEAD_BYTES + 1), 431),
    ],
)
def test_what_is_no_request_is_answered_and_the_connection_closed(client, data, status):
    with client.send(data) as sock, sock.makefile("rb") as stream:
        assert stream.readline().split()[:2] == [b"HTTP/1.1", str(status).encode()]
        assert b"Connection: close\r\n" in stream.readlines()
    assert client.pay()["returnCode"] == "0000", "others are served on"


def test_a_client_that_goes_away_in_the_middle_is_forgotten(client):
    sent, body = signed(orderId="half")
    client.send(request_bytes("POST", PAY, sent, body)[:-1]).close()
    assert client.control("GET", "orders") == (200, {"orders": []})


@given(st.binary(max_size=300), st.integers(1, 50))
def test_no_bytes_do_more_to_the_reader_than_be_refused_or_run_out(data, size):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for start in range(0, len(data), size):
            theirs.sendall(data[start : start + size])
        theirs.shutdown(socket.SHUT_WR)
        wire = Wire(ours)
        with pytest.raises((Gone, BadRequest)):
            while True:
                wire.read_request()


TOKENS = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)


@given(TOKENS, st.dictionaries(TOKENS, VALUES, max_size=5), VALUES, st.binary(max_size=200))
def test_what_was_sent_is_what_is_read(name, sent, tail, body):
    sent = {key: value for key, value in sent.items() if key != "connection"}
    path = "/" + tail
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(request_bytes("POST", path, sent | {f"x-{name}": "last"}, body))
        request = Wire(ours).read_request()
    assert f"{request.path}?{request.query}".rstrip("?") == path.rstrip("?")
    assert request.headers[f"x-{name}"] == "last"
    assert {key: request.headers[key] for key in sent if key != "host"} == {
        key: value for key, value in sent.items() if key != "host"
    }
    assert request.body == body


def test_repeated_headers_are_joined():
    head = parse_head(b"GET /a?b?c HTTP/1.1\r\nX: 1\r\nx:2")
    assert head.headers["x"] == "1, 2"
    assert (head.path, head.query) == ("/a", "b?c")
