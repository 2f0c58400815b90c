"""The kept connection, TLS, proxies, and the environment that is not asked."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Callable

import pytest
import requests

from posd.linepay.client import Client, NoAnswer, NotSent, Timeouts
from posd.linepay.connection import Channel, Endpoint, Route
from posd.linepay.messages import OneTimeKeyPayment
from posd.linepay.wire import Exchange

from .conftest import KEY, SECRET, Certificate, ClientFor
from .scripted import PAID, Peer, ScriptedServer, ok

FOREVER_NS = 2**62
IMPATIENT_IDLE = Timeouts(connect_s=15.0, idle_s=0.0)


def one_answer(peer: Peer) -> None:
    peer.answer(ok(PAID))


def pay(client: Client, payment: OneTimeKeyPayment) -> str:
    return client.pay(payment, not_after_ns=FOREVER_NS).code


def not_sent(client: Client, payment: OneTimeKeyPayment) -> str:
    with pytest.raises(NotSent) as caught:
        pay(client, payment)
    return caught.value.reason


# The kept connection


def test_a_warm_connection_is_the_one_the_payment_uses(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(one_answer) as server:
        client = client_for(server.url)
        client.warm()
        client.warm()
        assert pay(client, payment) == "0000"
    assert server.connections == 1


def test_warming_sends_nothing(client_for: ClientFor) -> None:
    with ScriptedServer(lambda peer: peer.wait_for_the_end()) as server:
        client = client_for(server.url)
        client.warm()
        client.close()
    assert server.rests == [b""]


def leave_closed(peer: Peer) -> None:
    peer.answer(ok(PAID))
    peer.close()


def leave_reset(peer: Peer) -> None:
    peer.answer(ok(PAID))
    peer.reset()


def leave_half_closed(peer: Peer) -> None:
    peer.answer(ok(PAID))
    peer.half_close()
    peer.wait_for_the_end()


def leave_words(peer: Peer) -> None:
    peer.answer(ok(PAID))
    peer.server.leaving.wait(20)
    peer.say(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")
    peer.server.said.set()
    peer.wait_for_the_end()


@pytest.mark.parametrize("leave", [leave_closed, leave_reset, leave_half_closed, leave_words])
def test_a_connection_that_ended_between_sales_is_replaced_and_nothing_is_sent_on_it(
    client_for: ClientFor, payment: OneTimeKeyPayment, leave: Callable[[Peer], None]
) -> None:
    with ScriptedServer(leave, one_answer) as server:
        client = client_for(server.url)
        assert pay(client, payment) == "0000"
        server.leaving.set()
        assert server.said.wait(20)
        assert pay(client, payment) == "0000"
    assert (len(server.requests), server.connections) == (2, 2)
    assert set(server.rests) <= {b""}


def test_a_connection_idle_for_too_long_is_replaced_before_use(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def stay(peer: Peer) -> None:
        one_answer(peer)
        peer.wait_for_the_end()

    with ScriptedServer(stay, one_answer) as server:
        client = client_for(server.url, IMPATIENT_IDLE)
        assert [pay(client, payment), client.check("S1-L1-01").code] == ["0000", "0000"]
    assert (len(server.requests), server.connections, server.rests) == (2, 2, [b""])


def test_after_no_answer_the_next_call_has_a_new_connection(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def refuse(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
        peer.wait_for_the_end()

    with ScriptedServer(refuse, one_answer) as server:
        client = client_for(server.url)
        with pytest.raises(NoAnswer):
            pay(client, payment)
        assert client.check("S1-L1-01").code == "0000"
    assert server.rests == [b""]


def test_a_request_never_opens_a_connection_of_its_own_accord() -> None:
    with ScriptedServer(lambda peer: peer.wait_for_the_end()) as server:
        channel = Channel(Route(Endpoint("127.0.0.1", server.port), tls=None), idle_s=60.0)
        limits = Exchange(total_s=15.0, step_s=15.0)
        channel.open(limits, limits)
        channel._http.close()
        with pytest.raises(http.client.NotConnected):
            channel.send(requests.Request("POST", server.url, data=b"x").prepare())
        channel.close()
    assert (server.connections, server.rests) == (1, [b""])


# TLS


def test_a_payment_over_tls_uses_the_handshake_that_warming_made(
    client_for: ClientFor, payment: OneTimeKeyPayment, loopback_certificate: Certificate
) -> None:
    def two_answers(peer: Peer) -> None:
        one_answer(peer)
        one_answer(peer)

    with ScriptedServer(two_answers, tls=loopback_certificate.server) as server:
        client = client_for(server.url, ca_file=loopback_certificate.file)
        client.warm()
        assert [pay(client, payment), pay(client, payment)] == ["0000", "0000"]
    assert server.connections == 1


def test_a_tls_connection_closed_between_sales_is_replaced(
    client_for: ClientFor, payment: OneTimeKeyPayment, loopback_certificate: Certificate
) -> None:
    certificate = loopback_certificate
    with ScriptedServer(leave_closed, one_answer, tls=certificate.server) as server:
        client = client_for(server.url, ca_file=certificate.file)
        assert pay(client, payment) == "0000"
        assert server.said.wait(20)
        assert pay(client, payment) == "0000"
    assert (len(server.requests), server.connections) == (2, 2)


def failing_handshake(certificate: Certificate) -> Callable[[Peer], None]:
    def conversation(peer: Peer) -> None:
        with contextlib.suppress(OSError):
            peer.start_tls(certificate.server)
            peer.wait_for_the_end()

    return conversation


def test_a_certificate_nobody_vouches_for_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment, loopback_certificate: Certificate
) -> None:
    with ScriptedServer(failing_handshake(loopback_certificate)) as server:
        client = client_for(f"https://127.0.0.1:{server.port}")
        assert not_sent(client, payment) == "tls"
    assert server.rests in ([], [b""])


def test_a_certificate_of_another_host_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment, other_certificate: Certificate
) -> None:
    with ScriptedServer(failing_handshake(other_certificate)) as server:
        client = client_for(f"https://127.0.0.1:{server.port}", ca_file=other_certificate.file)
        assert not_sent(client, payment) == "tls"


def test_a_peer_that_does_not_speak_tls_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(lambda peer: peer.pour_once(b"HTTP/1.1 400 Bad\r\n\r\n")) as server:
        assert not_sent(client_for(f"https://127.0.0.1:{server.port}"), payment) == "tls"


def test_a_handshake_without_reply_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(lambda peer: peer.wait_for_the_end()) as server:
        client = client_for(f"https://127.0.0.1:{server.port}", Timeouts(connect_s=0.4))
        assert not_sent(client, payment) == "timeout"


def test_tls_broken_after_the_request_is_no_answer(
    client_for: ClientFor, payment: OneTimeKeyPayment, loopback_certificate: Certificate
) -> None:
    def conversation(peer: Peer) -> None:
        peer.start_tls(loopback_certificate.server)
        peer.read_request()
        with socket.socket(fileno=peer.sock.detach()) as plain:
            plain.sendall(b"not a TLS record")

    with ScriptedServer(conversation) as server:
        client = client_for(f"https://127.0.0.1:{server.port}", ca_file=loopback_certificate.file)
        with pytest.raises(NoAnswer) as caught:
            pay(client, payment)
    assert caught.value.reason == "tls"


# Proxies


def test_a_tunnel_is_opened_once_and_only_connect_carries_the_proxys_password(
    client_for: ClientFor, payment: OneTimeKeyPayment, loopback_certificate: Certificate
) -> None:
    def proxy(peer: Peer) -> None:
        peer.read_request()
        peer.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        peer.start_tls(loopback_certificate.server)
        one_answer(peer)

    with ScriptedServer(proxy) as server:
        client = client_for(
            "https://localhost:8443",
            ca_file=loopback_certificate.file,
            proxy=f"http://user:p%40ss@127.0.0.1:{server.port}",
        )
        client.warm()
        assert pay(client, payment) == "0000"
    connect, request = server.requests
    assert connect == (
        b"CONNECT localhost:8443 HTTP/1.1\r\nHost: localhost:8443\r\n"
        b"Proxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n"
    )
    assert request.startswith(b"POST /v4/payments/oneTimeKeys/pay HTTP/1.1\r\n")
    assert b"Host: localhost:8443\r\n" in request
    assert b"Proxy-Authorization" not in request


def test_a_tunnel_to_an_ipv6_address_has_brackets(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(lambda peer: peer.answer(b"HTTP/1.1 502 No\r\n\r\n")) as server:
        not_sent(client_for("https://[2001:db8::1]", proxy=server.url), payment)
    assert server.requests[0].startswith(b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n")


@pytest.mark.parametrize("status", [b"403 No", b"407 Who", b"502 Bad", b"302 Go"])
def test_a_refused_tunnel_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment, status: bytes
) -> None:
    def proxy(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        peer.wait_for_the_end()

    with ScriptedServer(proxy) as server:
        client = client_for("https://linepay.example", proxy=server.url)
        assert not_sent(client, payment) == "proxy_refused"
    assert server.rests == [b""]


@pytest.mark.parametrize("reply", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70000])
def test_a_tunnel_that_breaks_while_opening_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment, reply: bytes
) -> None:
    def proxy(peer: Peer) -> None:
        peer.read_request()
        peer.pour_once(reply)

    with ScriptedServer(proxy) as server:
        client = client_for("https://linepay.example", proxy=server.url)
        assert not_sent(client, payment) == "proxy_failed"


def test_a_dripped_reply_to_connect_ends_in_time_and_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    def proxy(peer: Peer) -> None:
        peer.read_request()
        peer.drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000)

    with ScriptedServer(proxy) as server:
        client = client_for("https://linepay.example", Timeouts(connect_s=0.6), proxy=server.url)
        assert not_sent(client, payment) == "proxy_failed"


def test_tls_that_fails_inside_the_tunnel_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment, other_certificate: Certificate
) -> None:
    def proxy(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 200 OK\r\n\r\n")
        failing_handshake(other_certificate)(peer)

    with ScriptedServer(proxy) as server:
        client = client_for("https://localhost", ca_file=other_certificate.file, proxy=server.url)
        assert not_sent(client, payment) == "tls"


def test_an_unreachable_proxy_is_not_sent(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer() as server:
        gone = server.url
    client = client_for("https://linepay.example", proxy=gone)
    assert not_sent(client, payment) == "connect_refused"


def test_a_forwarding_proxy_gets_the_whole_url_and_its_password(
    client_for: ClientFor, payment: OneTimeKeyPayment
) -> None:
    with ScriptedServer(one_answer) as server:
        proxy = server.url.replace("//", "//user@")
        assert pay(client_for("http://127.0.0.1:8080", proxy=proxy), payment) == "0000"
    (request,) = server.requests
    assert request.startswith(
        b"POST http://127.0.0.1:8080/v4/payments/oneTimeKeys/pay HTTP/1.1\r\n"
    )
    assert b"Host: 127.0.0.1:8080\r\n" in request
    assert b"Proxy-Authorization: Basic dXNlcjo=\r\n" in request


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "http_502"),
        (b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n", "http_407"),
        (ok(b"<html>The server could not be reached</html>"), "not_json"),
    ],
)
def test_whatever_a_forwarding_proxy_says_of_its_own_is_no_answer(
    client_for: ClientFor, payment: OneTimeKeyPayment, response: bytes, reason: str
) -> None:
    with ScriptedServer(lambda peer: peer.answer(response)) as server:
        client = client_for("http://127.0.0.1:8080", proxy=server.url)
        with pytest.raises(NoAnswer) as caught:
            pay(client, payment)
    assert caught.value.reason == reason


# The environment


def test_the_environment_is_not_asked(
    client_for: ClientFor,
    payment: OneTimeKeyPayment,
    loopback_certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    with ScriptedServer(one_answer, tls=loopback_certificate.server) as server:
        client = client_for(server.url, ca_file=loopback_certificate.file)
        assert pay(client, payment) == "0000"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_environment_cannot_make_a_certificate_trusted(
    client_for: ClientFor,
    payment: OneTimeKeyPayment,
    loopback_certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setenv(name, loopback_certificate.file)
    with ScriptedServer(failing_handshake(loopback_certificate)) as server:
        client = client_for(f"https://127.0.0.1:{server.port}")
        assert not_sent(client, payment) == "tls"


def test_a_route_shows_no_password_and_an_account_no_secret(client_for: ClientFor) -> None:
    client = client_for("https://linepay.example", proxy="http://user:hunter2@127.0.0.1:1")
    assert "hunter2" not in repr(client._channel._route)
    assert not {KEY, SECRET} & set(repr(vars(client)).split("'"))
