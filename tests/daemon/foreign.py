"""A gateway that shares no line with posd: http.server, a ledger, and every request kept raw.

Written from LINE Pay's reference alone. A test can hold an answer back, or let checks say what it
likes.
"""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from .waiting import PATIENCE_S

Answer = dict[str, Any] | None  # None: hang up without an answer
NO_SUCH_TRANSACTION: Answer = {"returnCode": "1150", "returnMessage": "Transaction not found."}


@dataclass(frozen=True)
class Raw:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Ledger:
    """What the gateway knows: who was charged what, and every pay request that came."""

    charged: dict[str, dict[str, Any]] = field(default_factory=dict)
    pay_requests: list[Raw] = field(default_factory=list)
    other_requests: list[Raw] = field(default_factory=list)

    def charge(self, body: dict[str, Any]) -> None:
        assert body["orderId"] not in self.charged, "charged twice"
        self.charged[body["orderId"]] = body

    def paid(self, order_id: str, **more: str) -> Answer:
        body = self.charged.get(order_id)
        if body is None:
            return NO_SUCH_TRANSACTION
        info = {
            "transactionId": 2019049910005498410 + len(self.charged),
            "orderId": order_id,
            "payInfo": [{"method": "BALANCE", "amount": body["amount"]}],
            **more,
        }
        return {"returnCode": "0000", "returnMessage": "OK", "info": info}


class ForeignGateway:
    """Serves on loopback. `hold` makes pay wait, after the money moved, for `release`."""

    channel_id = "1234567890"
    channel_secret = "a-secret-of-the-foreign-gateway"

    def __init__(self, protocol: str = "HTTP/1.1", port: int = 0) -> None:
        self.ledger = Ledger()
        self.came: queue.SimpleQueue[Raw] = queue.SimpleQueue()
        self.on_pay: Callable[[dict[str, Any]], Answer | None] = self._charge
        self.on_check: Callable[[str], Answer] = self._status
        self._may_answer = threading.Event()
        self._may_answer.set()
        self._server = _Server(("127.0.0.1", port), _handler(self, protocol))
        self.port = int(self._server.server_address[1])
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Go away, with every connection; safe to repeat."""
        self.release()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join(PATIENCE_S)

    def hold(self) -> None:
        self._may_answer.clear()

    def release(self) -> None:
        self._may_answer.set()

    def pay_request(self) -> Raw:
        """The next pay request, waited for."""
        try:
            return self.came.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError("no pay request came") from None

    def pay(self, raw: Raw) -> Answer:
        self.ledger.pay_requests.append(raw)
        answer = self.on_pay(raw.json)
        self.came.put(raw)
        self._may_answer.wait()
        return answer

    def read(self, raw: Raw) -> Answer:
        self.ledger.other_requests.append(raw)
        path = raw.line.split()[1]
        if path.endswith("/check"):
            return self.on_check(path.split("/")[-2])
        found = self.ledger.paid(path.partition("orderId=")[2])
        return (
            found and {**found, "info": [found["info"]]} if found != NO_SUCH_TRANSACTION else found
        )

    def _charge(self, body: dict[str, Any]) -> Answer:
        self.ledger.charge(body)
        return self.ledger.paid(body["orderId"])

    def _status(self, order_id: str) -> Answer:
        return self.ledger.paid(order_id, status="COMPLETE")


class _Server(ThreadingHTTPServer):
    """Knows its connections, so that none outlives it."""

    daemon_threads = False

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*args)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def hang_up(self) -> None:
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        """A peer that was killed is no news."""


def _handler(gateway: ForeignGateway, protocol: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = protocol

        def do_POST(self) -> None:
            self._reply(gateway.pay(self._raw()))

        def do_GET(self) -> None:
            self._reply(gateway.read(self._raw()))

        def log_message(self, *_: object) -> None:
            """Not on the test's stderr."""

        def _raw(self) -> Raw:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            return Raw(self.requestline, dict(self.headers.items()), body)

        def _reply(self, answer: Answer) -> None:
            if answer is None:
                self.close_connection = True
                return
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
