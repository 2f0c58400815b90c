"""What stands round a parser that needs a connection: LINE Pay's end, a till, a client.

The one rule: each call begins in a fresh world, so that an input alone decides what happens.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

from starlette.types import Message, Scope

from posd.api.app import create_app
from posd.api.settings import ApiSettings
from posd.core.money import Money
from posd.core.people import Actor
from posd.linepay.client import Account, Client
from posd.linepay.dialects import Dialect
from posd.linepay.messages import OneTimeKeyPayment
from posd.linepay.sandbox.assumptions import assume
from posd.linepay.sandbox.books import new_ledger
from posd.linepay.sandbox.control import PREFIX, Control
from posd.linepay.sandbox.gateway import Gateway
from posd.linepay.sandbox.reply import Reply
from posd.linepay.sandbox.verify import Credentials, Door
from posd.linepay.sandbox.wire import Wire
from posd.people.errors import UnknownPerson
from posd.words import catalogue
from tests.api.fakes import DecliningDoor

ORDER = "S001-L01-1"
AMOUNT = Money(100, "TWD")
PAYMENT = OneTimeKeyPayment(
    order_id=ORDER, one_time_key="381234567890123456", amount=AMOUNT, product_name="Coffee"
)
FAR_NS = 2**62

Call = tuple[Dialect, Callable[[Client], object]]
OPERATIONS: tuple[Callable[[Client], object], ...] = (
    lambda client: client.pay(PAYMENT, not_after_ns=FAR_NS),
    lambda client: client.check(ORDER),
    lambda client: client.details(ORDER),
    lambda client: client.payments(order_id=ORDER),
    lambda client: client.authorizations(order_id=ORDER),
    lambda client: client.capture(ORDER, AMOUNT),
    lambda client: client.void(ORDER),
    lambda client: client.refund(ORDER, AMOUNT),
    lambda client: client.refund_rest(ORDER),
)
CALLS: tuple[Call, ...] = tuple((d, operation) for d in Dialect for operation in OPERATIONS)


def called(call: Call, answer: bytes) -> object:
    """What the client makes of `answer`, the raw bytes after which the other side hangs up."""
    dialect, operation = call
    with socket.create_server(("127.0.0.1", 0)) as listener:
        end = threading.Thread(target=_answer_once, args=(listener, answer))
        end.start()
        account = Account(
            base_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
            channel_id="1650000000",
            channel_secret="secret",
            dialect=dialect,
            device_profile_id="LANE-1",
            device_type="POS",
        )
        client = Client(account)
        try:
            return operation(client)
        finally:
            client.close()
            end.join()


def _answer_once(listener: socket.socket, answer: bytes) -> None:
    link, _ = listener.accept()
    with link:
        link.recv(65_536)  # the client sends a request in one write
        try:
            link.sendall(answer)
            link.shutdown(socket.SHUT_WR)
            while link.recv(65_536):
                pass
        except OSError:
            pass  # the client has read enough and gone


# ---- the local API --------------------------------------------------------------------------


def nobody(name: str, _pin: str) -> Actor:
    """There is nobody to be let in."""
    raise UnknownPerson(name)


SETTINGS = ApiSettings(
    identify=nobody,
    hosts=("till.test",),
    token="token-0123456789",
    open_page=False,
    words=catalogue,
    preview=lambda _document: b"",
    text_preview=lambda _document: "",
    version="0.0.0",
)
_PATHS = (
    ("POST", "/v1/sales"),
    ("POST", "/v1/sales/sale-1/cancel"),
    ("POST", "/v1/sales/sale-1/keep"),
    ("POST", "/v1/sales/sale-1/print"),
    ("POST", "/v1/sales/nothing/cancel"),
)
_HEADERS = (b"idempotency-key", b"if-match", b"content-type", b"host", b"origin", b"authorization")


def status_of(data: bytes) -> int:
    """The HTTP status of a request to a lane with one sale, `sale-1`.

    The first byte chooses method and path; the next line is a query; the lines up to an empty one
    are headers, each `n:value` with n from 0 to 5; the rest is the body.
    """
    method, path = _PATHS[data[0] % len(_PATHS) if data else 0]
    query, _, rest = data[1:].partition(b"\n")
    lines, _, body = rest.partition(b"\n\n")
    return asyncio.run(_asked(method, path, _headers(lines), body=body, query=_waitless(query)))


async def _asked(method: str, path: str, headers: dict[bytes, bytes], **more: bytes) -> int:
    door = DecliningDoor()
    app = create_app(door, SETTINGS)
    await _one(app, _scope("POST", "/v1/sales", _headers(b"")), _SALE)
    return await _one(app, _scope(method, path, headers, more["query"]), more["body"])


_SALE = b'{"reference":"first","amount":"120"}'


def _headers(lines: bytes) -> dict[bytes, bytes]:
    headers = {
        b"host": b"till.test",
        b"authorization": b"Bearer " + SETTINGS.token.encode(),
        b"content-type": b"application/json",
        b"idempotency-key": b"key-1",
    }
    for line in lines.split(b"\n"):
        number, colon, value = line.partition(b":")
        if colon and number in (b"0", b"1", b"2", b"3", b"4", b"5"):
            headers[_HEADERS[int(number)]] = value
    return headers


def _waitless(query: bytes) -> bytes:
    """No fuzzed request may wait for a customer."""
    return query if b"wait" not in query and b"%" not in query else b""


def _scope(method: str, path: str, headers: dict[bytes, bytes], query: bytes = b"") -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": list(headers.items()),
        "server": ("till.test", 80),
        "client": ("127.0.0.1", 1),
    }


async def _one(app: Any, scope: Scope, body: bytes) -> int:
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


# ---- the stand-in ---------------------------------------------------------------------------


class StandIn:
    """A stand-in with empty books, and a connection on which `data` came before its end."""

    def __init__(self, data: bytes) -> None:
        ledger = new_ledger(assume([]), clock="manual", seed=1)
        self._gateway = Gateway(Door(Credentials("1", "s")), ledger)
        self._control = Control(
            ledger, self._gateway, connections=lambda: 1, last_call_ns=lambda: (0, 0)
        )
        self._near, self._far = socket.socketpair()
        self._far.sendall(data[:65_536])
        self._far.shutdown(socket.SHUT_WR)
        self._wire = Wire(self._near, "127.0.0.1")

    def next_reply(self) -> Reply:
        """The reply to the next request; raises BadRequest, or Gone at the end of the bytes."""
        request = self._wire.read_request()
        self._gateway.catch_up()
        if request.path.startswith(PREFIX):
            return self._control.answer(request)
        return self._gateway.answer(request)

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: object) -> None:
        self._near.close()
        self._far.close()
