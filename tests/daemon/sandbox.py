"""The stand-in of LINE Pay in a process of its own, and what it counted."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from typing import Any, Self

from posd.linepay.client import Account, Client

from .waiting import PATIENCE_S


class Sandbox:
    """`python -m posd.linepay.sandbox`; it ends with its stdin."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "posd.linepay.sandbox", "--exit-with-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline())
        self.base_url: str = told["base_url"]
        self.channel_id: str = told["channel_id"]
        self.channel_secret: str = told["channel_secret"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(PATIENCE_S)

    def key(self, fault: str = "none") -> str:
        """A fresh one-time key whose payment meets the fault."""
        return str(self._control("POST", "keys", {"fault": fault})["one_time_key"])

    def arm(self, operation: str, fault: str, count: int = 1000) -> None:
        """Let the next calls of the operation meet the fault."""
        self._control("POST", "faults", {"operation": operation, "fault": fault, "count": count})

    def disarm(self) -> None:
        self._control("DELETE", "faults")

    def order(self, order_id: str) -> dict[str, Any]:
        """What it knows of the order; one that never came has `pay_requests` 0."""
        rows = self._control("GET", "orders")["orders"]
        return next((row for row in rows if row["order_id"] == order_id), {"pay_requests": 0})

    def refunds(self, order_id: str) -> list[str]:
        """The amounts that were given back, as LINE Pay's own details list them."""
        account = Account(
            base_url=self.base_url,
            channel_id=self.channel_id,
            channel_secret=self.channel_secret,
            dialect="v4",
            device_profile_id="L99",
            device_type="POS",
        )
        client = Client(account)
        try:
            (payment,) = client.payments(order_id=order_id).or_raise()
        finally:
            client.close()
        return [str(refund.amount) for refund in payment.refunds]

    def change(self, order_id: str, status: str) -> None:
        """Let the order be COMPLETE, FAIL or CANCEL from now on."""
        self._control("POST", f"orders/{order_id}", {"status": status})

    def stats(self) -> dict[str, Any]:
        return self._control("GET", "stats")

    def _control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        address = self.base_url.removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=PATIENCE_S)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/control/{path}", text)
            answer = connection.getresponse()
            told: dict[str, Any] = json.loads(answer.read())
            assert answer.status == 200, told
            return told
        finally:
            connection.close()
