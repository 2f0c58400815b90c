"""The table of outcomes at `Client`, row by row, over real sockets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from posd.core.money import Money
from posd.linepay.client import Client, NoAnswer, NotSent, Timeouts
from posd.linepay.messages import Answer, OneTimeKeyPayment, Product

from .conftest import KEY, SECRET, ClientFor
from .scripted import PAID, Peer, ScriptedServer, ok

FOREVER_NS = 2**62
HASTY = Timeouts(connect_s=15.0, pay_read_s=0.4, pay_total_s=15.0)
SHORT = Timeouts(connect_s=15.0, pay_total_s=0.8)

GOLDEN_PAY_V4 = """POST /v4/payments/oneTimeKeys/pay HTTP/1.1
Content-Length: 195
Host: 127.0.0.1:{port}
Accept: application/json
Accept-Encoding: identity
Content-Type: application/json
User-Agent: posd
X-LINE-ChannelId: 1234567890
X-LINE-MerchantDeviceProfileId: LANE-1
X-LINE-MerchantDeviceType: POS
X-LINE-Authorization-Nonce: {nonce}
X-LINE-Authorization: {code}

{{"amount":100,"currency":"TWD","orderId":"S1-L1-01","oneTimeKey":"381234567890123456",\
"packages":[{{"id":"1","amount":100,"name":"Coffee",\
"products":[{{"name":"Coffee","quantity":1,"price":100}}]}}]}}"""

GOLDEN_PAY_V2 = """POST /{version}/payments/oneTimeKeys/pay HTTP/1.1
Content-Length: 124
Host: 127.0.0.1:{port}
Accept: application/json
Accept-Encoding: identity
Content-Type: application/json
User-Agent: posd
X-LINE-ChannelId: 1234567890
X-LINE-MerchantDeviceProfileId: LANE-1
X-LINE-MerchantDeviceType: POS
X-LINE-ChannelSecret: a-secret-0123456789abcdef

{{"amount":100,"currency":"TWD","orderId":"S1-L1-01","oneTimeKey":"381234567890123456",\
"productName":"Coffee","capture":true}}"""

UNKNOWN_ORDER = b'{"returnCode":"1150","returnMessage":"-"}'

GOLDEN_CHECK = """GET /{version}/payments{tail} HTTP/1.1
Host: 127.0.0.1:{port}
Accept: application/json
Accept-Encoding: identity
Content-Type: application/json
User-Agent: posd
X-LINE-ChannelId: 1234567890
X-LINE-MerchantDeviceProfileId: LANE-1
X-LINE-MerchantDeviceType: POS
{authentication}Cache-Control: no-store

"""


def crlf_head(text: str) -> bytes:
    head, body = text.split("\n\n", 1)
    return f"{head.replace(chr(10), chr(13) + chr(10))}\r\n\r\n{body}".encode()


def header(request: bytes, name: str) -> str:
    (line,) = [part for part in request.decode().split("\r\n") if part.startswith(f"{name}: ")]
    return line.split(": ", 1)[1]


def mac(message: str) -> str:
    digest = hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def paid(client: Client, payment: OneTimeKeyPayment) -> Answer:
    return client.pay(payment, not_after_ns=FOREVER_NS)


def answers(response: bytes) -> Callable[[Peer], None]:
    """A conversation of one answer, after which the server closes."""
    return lambda peer: peer.answer(response)


def no_answer(client: Client, payment: OneTimeKeyPayment) -> str:
    with pytest.raises(NoAnswer) as caught:
        paid(client, payment)
    return caught.value.reason


# The request


def test_a_v4_payment_is_these_bytes_and_signs_the_body_it_sends(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(answers(ok(PAID))) as server:
        paid(client_for(server.url), payment)
    (request,) = server.requests
    body = request.split(b"\r\n\r\n", 1)[1].decode()
    nonce = header(request, "X-LINE-Authorization-Nonce")
    code = mac(SECRET + "/v4/payments/oneTimeKeys/pay" + body + nonce)
    assert request == crlf_head(GOLDEN_PAY_V4.format(port=server.port, nonce=nonce, code=code))


@pytest.mark.parametrize("version", ["v2", "v2.4"])
def test_an_older_payment_is_these_bytes(
    client_for: ClientFor, payment: OneTimeKeyPayment, version: str
) -> None:
    with ScriptedServer(answers(ok(PAID))) as server:
        paid(client_for(server.url, dialect=version), payment)
    expected = crlf_head(GOLDEN_PAY_V2.format(port=server.port, version=version))
    assert server.requests == [expected]


READS = {
    "check": ("/orders/S1-L1-01/check", "/orders/S1-L1-01/check"),
    "details": ("?orderId=S1-L1-01", "orderId=S1-L1-01"),  # signed without the question mark
}


@pytest.mark.parametrize("version", ["v2", "v2.4", "v4"])
@pytest.mark.parametrize("operation", READS)
def test_a_read_is_these_bytes(client_for: ClientFor, version: str, operation: str) -> None:
    tail, signed = READS[operation]
    with ScriptedServer(answers(ok(UNKNOWN_ORDER))) as server:
        getattr(client_for(server.url, dialect=version), operation)("S1-L1-01")
    (request,) = server.requests
    if version == "v4":
        nonce = header(request, "X-LINE-Authorization-Nonce")
        code = mac(f"{SECRET}/v4/payments{signed}{nonce}")
        authentication = f"X-LINE-Authorization-Nonce: {nonce}\nX-LINE-Authorization: {code}\n"
    else:
        authentication = f"X-LINE-ChannelSecret: {SECRET}\n"
    golden = GOLDEN_CHECK.format(
        version=version, tail=tail, port=server.port, authentication=authentication
    )
    assert request == crlf_head(golden)


@pytest.mark.parametrize("operation", READS)
def test_a_read_of_an_impossible_order_id_is_refused_before_anything_is_opened(
    client_for: ClientFor, operation: str
) -> None:
    with ScriptedServer() as server, pytest.raises(ValueError, match="order_id"):
        getattr(client_for(server.url), operation)("..")
    assert server.connections == 0


# Answers


def test_an_envelope_is_an_answer_whatever_its_code(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def conversation(peer: Peer) -> None:
        peer.answer(ok(PAID))
        peer.answer(ok(b'{"returnCode":"1142","returnMessage":"-"}'))

    with ScriptedServer(conversation) as server:
        client = client_for(server.url)
        assert paid(client, payment).transaction_id == "2026112412345678901"
        assert client.check("S1-L1-01").code == "1142"
    assert server.connections == 1


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(
            b"HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\n"
            b"5\r\n" + PAID[:5] + b"\r\n%x\r\n" % len(PAID[5:]) + PAID[5:] + b"\r\n0\r\n\r\n",
            id="chunked",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-type: x\r\n\r\n" + PAID, id="until-closed"),
        pytest.param(ok(PAID, b"Connection: close"), id="connection-close"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\n" + PAID, id="http-1.0"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + ok(PAID), id="after-continue"),
        pytest.param(ok(PAID, b"Set-Cookie: a=b"), id="with-a-cookie"),
    ],
)
def test_answers_may_be_framed_as_http_allows(
    client_for: ClientFor, payment: OneTimeKeyPayment, response: bytes
) -> None:
    with ScriptedServer(answers(response), answers(response)) as server:
        client = client_for(server.url)
        assert paid(client, payment).code == "0000"
        assert server.requests[0].startswith(b"POST ")
        client.close()
        assert client.check("S1-L1-01").code == "0000"
    assert b"Cookie" not in server.requests[1]


class _Shop(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PAID)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def python_server_url() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), _Shop) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_that_closes_after_each_answer_is_served_with_a_new_connection(
    client_for: ClientFor, payment: OneTimeKeyPayment, python_server_url: str
) -> None:
    client = client_for(python_server_url)
    assert [paid(client, payment).code, client.check("S1-L1-01").code] == ["0000", "0000"]


# No answer


@pytest.mark.parametrize("status", [b"500 Oops", b"503 -", b"404 -", b"201 Created", b"407 Proxy"])
def test_a_status_other_than_200_is_no_answer_even_with_an_envelope(
    client_for: ClientFor, payment: OneTimeKeyPayment, status: bytes
) -> None:
    response = ok(PAID).replace(b"200 OK", status)
    with ScriptedServer(answers(response)) as server:
        assert no_answer(client_for(server.url), payment) == f"http_{status[:3].decode()}"
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 304])
def test_a_redirect_is_no_answer_and_is_not_followed(
    client_for: ClientFor, payment: OneTimeKeyPayment, status: int
) -> None:
    with ScriptedServer() as elsewhere:
        head = f"HTTP/1.1 {status} Go\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n"
        with ScriptedServer(answers(head.encode())) as server:
            assert no_answer(client_for(server.url), payment) == "redirect"
    assert (len(server.requests), server.connections, elsewhere.connections) == (1, 1, 0)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (ok(b"<html>Please log in</html>"), "not_json"),
        (ok(b""), "not_json"),
        (ok(b"[" * 100_000), "not_json"),
        (ok('{"returnCode":"0000","returnMessage":"餘額"}'.encode("big5")), "not_json"),
        (ok(b"{}"), "no_code"),
        (ok(b'{"returnCode":"0000","info":[{}]}'), "malformed"),
        (ok(PAID)[:-1], "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n{}", "not_http"),
        (b"SSH-2.0-server\r\n\r\n", "not_http"),
        (b"HTTP/1.1 abc\r\n\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n", "not_http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b" " * 400_000, "too_large"),
        (b"", "reset"),
    ],
)
def test_what_is_no_envelope_is_no_answer(
    client_for: ClientFor, payment: OneTimeKeyPayment, response: bytes, reason: str
) -> None:
    def conversation(peer: Peer) -> None:
        peer.read_request()
        peer.pour_once(response)

    with ScriptedServer(conversation) as server:
        assert no_answer(client_for(server.url), payment) == reason
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_an_endless_answer_is_cut_off(
    client_for: ClientFor, payment: OneTimeKeyPayment, start: bytes
) -> None:
    def conversation(peer: Peer) -> None:
        peer.answer(start)
        peer.pour(b"4000\r\n" + b" " * 0x4000 + b"\r\n")

    with ScriptedServer(conversation) as server:
        assert no_answer(client_for(server.url), payment) == "too_large"


def test_endless_interim_answers_are_cut_off(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def conversation(peer: Peer) -> None:
        peer.read_request()
        peer.pour(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    with ScriptedServer(conversation) as server:
        assert no_answer(client_for(server.url), payment) == "too_large"


@pytest.mark.parametrize(
    "already_said",
    [b"", b"HTTP/1.1 200 OK\r\n", ok(PAID)[:-5]],
    ids=["in-the-status-line", "in-the-headers", "in-the-body"],
)
def test_an_answer_dripped_for_ever_ends_at_the_total_deadline(
    client_for: ClientFor, payment: OneTimeKeyPayment, already_said: bytes
) -> None:
    drops = {b"": b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n": b"X-Y: "}.get(already_said, b"")

    def conversation(peer: Peer) -> None:
        peer.answer(already_said)
        peer.drip(drops + b" " * 100_000) if drops else peer.wait_for_the_end()

    with ScriptedServer(conversation) as server:
        assert no_answer(client_for(server.url, SHORT), payment) == "timeout"
    assert len(server.requests) == 1


def test_a_dripped_body_ends_at_the_total_deadline(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def conversation(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        peer.drip(b" " * 100_000)

    with ScriptedServer(conversation) as server:
        assert no_answer(client_for(server.url, SHORT), payment) == "timeout"


def test_a_silence_ends_at_the_read_timeout(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def conversation(peer: Peer) -> None:
        peer.read_request()
        peer.wait_for_the_end()

    with ScriptedServer(conversation) as server:
        assert no_answer(client_for(server.url, HASTY), payment) == "timeout"


def test_a_request_the_server_does_not_read_ends_at_the_total_deadline(
    client_for: ClientFor,
) -> None:
    line = Product("x" * 4000, 1, Money(1, "TWD"))
    large = OneTimeKeyPayment(
        order_id="S1-L1-01",
        one_time_key=KEY,
        amount=Money(4000, "TWD"),
        product_name="Coffee",
        products=(line,) * 4000,
    )
    with ScriptedServer(lambda peer: peer.server.stopping.wait(20)) as server:
        assert no_answer(client_for(server.url, SHORT), large) == "timeout"


def test_a_reset_after_the_request_is_no_answer(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def conversation(peer: Peer) -> None:
        peer.read_request()
        peer.reset()

    with ScriptedServer(conversation) as server:
        assert no_answer(client_for(server.url), payment) == "reset"
    assert (len(server.requests), server.connections) == (1, 1)


def test_a_reset_in_the_middle_of_the_answer_is_no_answer(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def conversation(peer: Peer) -> None:
        peer.answer(ok(PAID)[:-20])
        peer.server.said.wait(20)
        peer.reset()

    with ScriptedServer(conversation) as server:
        server.said.set()
        assert no_answer(client_for(server.url), payment) in {"reset", "truncated"}
    assert server.connections == 1


def test_a_peer_that_hangs_up_on_connecting_is_no_answer_once_the_request_was_handed_over(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(lambda peer: peer.reset()) as server:
        try:
            paid(client_for(server.url), payment)
        except NoAnswer as error:
            assert error.reason == "reset"
        except NotSent as error:  # the reset may already be seen while connecting
            assert error.reason == "reset"
    assert (server.requests, server.connections) == ([], 1)


# Not sent


@pytest.fixture
def deaf_url() -> Iterator[str]:
    """A port that is bound and does not listen."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"


@pytest.fixture
def full_url() -> Iterator[str]:
    """A port whose queue of connections is full: a further one gets no reply."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address):
            yield f"http://127.0.0.1:{address[1]}"


def not_sent(client: Client, payment: OneTimeKeyPayment) -> str:
    with pytest.raises(NotSent) as caught:
        paid(client, payment)
    return caught.value.reason


def test_a_refused_connection_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment, deaf_url: str
) -> None:
    client = client_for(deaf_url)
    assert not_sent(client, payment) == "connect_refused"
    with pytest.raises(NotSent, match="refused the connection"):
        client.warm()
    with pytest.raises(NotSent, match="not sent"):
        client.check("S1-L1-01")


def test_a_connection_without_reply_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment, full_url: str
) -> None:
    assert not_sent(client_for(full_url, Timeouts(connect_s=0.3)), payment) == "timeout"


def test_a_name_that_does_not_resolve_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    too_long_for_dns = ".".join(["a" * 60] * 5)
    assert not_sent(client_for(f"https://{too_long_for_dns}"), payment) == "dns"


def test_a_name_that_is_no_name_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    assert not_sent(client_for(f"https://{'a' * 64}.example"), payment) == "internal"


def test_a_payment_past_its_time_opens_no_connection(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer() as server, pytest.raises(NotSent) as caught:
        client_for(server.url).pay(payment, not_after_ns=0)
    assert (caught.value.reason, server.connections) == ("expired", 0)


def test_a_payment_past_its_time_sends_no_byte_on_a_warm_connection(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(lambda peer: peer.wait_for_the_end()) as server:
        client = client_for(server.url)
        client.warm()
        with pytest.raises(NotSent):
            client.pay(payment, not_after_ns=0)
        client.close()
    assert server.rests == [b""]


def test_a_call_whose_time_is_used_up_before_the_first_byte_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(lambda peer: peer.wait_for_the_end()) as server:
        client = client_for(server.url, Timeouts(connect_s=15.0, pay_total_s=0.0))
        assert not_sent(client, payment) == "timeout"
    assert server.rests == [b""]


# Secrets


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__context__


@pytest.mark.parametrize("dialect", ["v2", "v4"])
@pytest.mark.parametrize("body", [b'{"returnCode":"00', b'{"returnCode":{', b"\xff"])
def test_no_failure_tells_the_key_or_the_secret_even_when_the_server_echoes_them(
    client_for: ClientFor, payment: OneTimeKeyPayment, dialect: str, body: bytes
) -> None:
    echo = body + f"{KEY} {SECRET}".encode()

    def conversation(peer: Peer) -> None:
        peer.answer(ok(echo))

    with ScriptedServer(conversation) as server:
        client = client_for(server.url, dialect=dialect)
        with pytest.raises(NoAnswer) as caught:
            paid(client, payment)
    told = "".join(f"{error} {error!r}" for error in chain(caught.value)) + repr(client)
    assert KEY not in told
    assert SECRET not in told
