"""The client: what it gives, and what it says apart when things break."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posd.api.app import create_app
from posd.api.server import ApiServer
from posd.api.settings import hosts_for
from posd.api_client import ApiClient, NotRunning, Refused, Unclear, client
from tests.api.conftest import TOKEN, Running, settings
from tests.api.fakes import DecliningDoor

SALE = {"reference": "by-client", "amount": "12"}


@pytest.fixture
def peer() -> Iterator[Callable[[bytes], str]]:
    """A peer that takes one request, says these bytes and closes; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads = []

    def speak(answer: bytes) -> None:
        link, _ = listener.accept()
        with link:
            link.recv(65536)
            link.sendall(answer)
            link.shutdown(socket.SHUT_WR)
            while link.recv(65536):
                pass

    def start(answer: bytes) -> str:
        thread = threading.Thread(target=speak, args=(answer,))
        threads.append(thread)
        thread.start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for thread in threads:
        thread.join(30)
    listener.close()


def http_answer(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


def test_a_sale_is_opened_looked_at_and_cancelled(api: Running) -> None:
    ask = ApiClient(api.address, TOKEN)
    sale = ask.open_sale(SALE, idempotency_key=api.fresh())
    assert ask.sale(sale["id"])["verdict"] == "WAITING"
    assert ask.cancel(sale["id"], idempotency_key=api.fresh())["verdict"] == "NOT_PAID"


def test_a_receipt_is_printed_again(api: Running) -> None:
    ask = ApiClient(api.address, TOKEN)
    sale = ask.open_sale({**SALE, "reference": "printed"}, idempotency_key=api.fresh())
    api.door.scan()
    api.door.pay_succeeds()
    assert ask.print_receipt(sale["id"], idempotency_key=api.fresh())["copies"] == 1
    assert ask.keep(sale["id"], idempotency_key=api.fresh())["verdict"] == "PAID"


def test_lane_and_devices_are_told(api: Running) -> None:
    ask = ApiClient(api.address, TOKEN)
    assert ask.lane()["store_name"] == "Corner Tea"
    assert ask.devices()["printer"]["ready"] is True


def test_events_give_the_lane_at_once_and_at_each_change(api: Running) -> None:
    events = ApiClient(api.address, TOKEN).events()
    assert next(events)["selling"] is None
    sale = api.sell().json
    while (lane := next(events))["selling"] is None:
        pass
    assert lane["selling"]["id"] == sale["id"]
    events.close()  # type: ignore[attr-defined]


def test_the_end_of_the_events_is_not_silent() -> None:
    server = ApiServer(create_app(DecliningDoor(), settings()), listen="127.0.0.1:0")
    events = ApiClient(server.start(), TOKEN).events()
    next(events)
    server.stop(30)
    with pytest.raises(NotRunning, match="stopped answering"):
        next(events)


def test_it_speaks_over_a_unix_socket_without_a_token(tmp_path: Path) -> None:
    listen = f"unix:{tmp_path}/posd.sock"
    chosen = settings(hosts=hosts_for(listen), token=None)
    server = ApiServer(create_app(DecliningDoor(), chosen), listen=listen)
    address = server.start()
    try:
        ask = ApiClient(address)
        assert ask.open_sale(SALE, idempotency_key="k")["verdict"] == "WAITING"
        assert ask.lane()["selling"]["reference"] == "by-client"
    finally:
        server.stop(30)


def test_a_refusal_brings_its_code_and_the_sale(api: Running) -> None:
    ask = ApiClient(api.address, TOKEN)
    sale = ask.open_sale({**SALE, "reference": "sent"}, idempotency_key=api.fresh())
    api.door.scan()
    with pytest.raises(Refused, match="already on its way") as caught:
        ask.cancel(sale["id"], idempotency_key=api.fresh())
    assert caught.value.code == "already_sent"
    assert caught.value.sale is not None
    assert caught.value.sale["verdict"] == "WORKING"


def test_a_wrong_token_is_a_refusal(api: Running) -> None:
    with pytest.raises(Refused) as caught:
        ApiClient(api.address, "wrong").lane()
    assert caught.value.code == "unauthorized"


@pytest.mark.parametrize("address", ["127.0.0.1:1", "unix:/nowhere/posd.sock", "nonsense"])
def test_where_nobody_listens_nothing_was_sent(address: str) -> None:
    ask = ApiClient(address)
    with pytest.raises(NotRunning):
        ask.open_sale(SALE, idempotency_key="k")
    with pytest.raises(NotRunning):
        ask.lane()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 202 X\r\nContent-Length: 100\r\n\r\n{",
        http_answer(202, b"not json"),
        http_answer(202, b"[]"),
        http_answer(200, b'{"id": "s", "verdict": "PAI'),
        http_answer(500, b"{}"),
        http_answer(504, b'{"detail": "silent"}'),
        http_answer(503, b"Service Unavailable"),
    ],
)
def test_a_post_without_a_usable_answer_is_unclear(
    peer: Callable[[bytes], str], answer: bytes
) -> None:
    with pytest.raises(Unclear):
        ApiClient(peer(answer)).open_sale(SALE, idempotency_key="k")


def test_a_get_without_a_usable_answer_is_no_posd(peer: Callable[[bytes], str]) -> None:
    with pytest.raises(NotRunning, match="stopped answering"):
        ApiClient(peer(b"HTTP/1.1 200 X\r\n\r\n<html>")).lane()


def test_an_answer_that_drips_ends_at_the_deadline(
    api: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIMEOUT_S", 0.05)
    sale_id = api.sell().json["id"]
    with pytest.raises(Refused):  # an answer within the time is read as ever
        ApiClient(api.address, "wrong").sale(sale_id, wait_s=10)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unclear, match="in time|timed out"):
            ApiClient(address).open_sale(SALE, idempotency_key="k")


def test_the_text_of_a_receipt_is_given(api: Running) -> None:
    ask = ApiClient(api.address, TOKEN)
    sale = ask.open_sale({**SALE, "reference": "in-text"})
    with pytest.raises(Refused, match="no receipt"):
        ask.receipt_text(sale["id"])
    api.door.scan()
    api.door.pay_succeeds()
    assert ask.receipt_text(sale["id"]).startswith("receipt of")
