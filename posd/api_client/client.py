"""One method for each thing that the local API can be asked.

The one rule: it repeats nothing by itself. A POST is Unclear from its first byte until an answer
was read, whatever broke.
"""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from posd.api_client.errors import JsonObject, NotRunning, Refused, Unclear
from posd.api_client.wire import Deadline, connect

INQUIRY_S: Final = 80.0  # three questions of at most 25 s each
TIMEOUT_S: Final = 10.0  # for a whole request, beyond the wait it asks for
SILENCE_S: Final = 45.0  # three keep-alives of the event stream
MAX_ANSWER_BYTES: Final = 16 * 1024 * 1024
_UNDECIDED: Final = frozenset({500, 502, 504})


class ApiClient:
    """Asks one posd. `address` is `host:port` or `unix:/path`; a Unix socket needs no token."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def open_sale(
        self, sale: Mapping[str, Any], *, idempotency_key: str | None = None, wait_s: float = 0
    ) -> JsonObject:
        """Open the sale (members as in docs/reference/api.md); raises ClientError.

        Without a key one is made up: only for an asker that will never ask again.
        """
        key = idempotency_key or str(uuid.uuid4())
        return self._post(f"/v1/sales?wait={wait_s:g}", key, sale, wait_s)

    def sale(self, sale_id: str, *, wait_s: float = 0) -> JsonObject:
        """The sale, at its verdict or after `wait_s` (0 to 60); raises NotRunning, Refused."""
        return self._get(f"/v1/sales/{quote(sale_id, safe='')}?wait={wait_s:g}", wait_s)

    def inquire(self, sale_id: str) -> JsonObject:
        """The order as LINE Pay sees it, beside the journal; raises NotRunning, Refused."""
        return self._get(f"/v1/orders/{quote(sale_id, safe='')}/inquiry", INQUIRY_S)

    def cancel(self, sale_id: str, *, idempotency_key: str) -> JsonObject:
        """End a sale for which no key was sent; raises ClientError."""
        return self._post(f"/v1/sales/{quote(sale_id, safe='')}/cancel", idempotency_key)

    def keep(self, sale_id: str, *, idempotency_key: str) -> JsonObject:
        """Keep a payment that was learned late; raises ClientError."""
        return self._post(f"/v1/sales/{quote(sale_id, safe='')}/keep", idempotency_key)

    def print_receipt(self, sale_id: str, *, idempotency_key: str) -> JsonObject:
        """Print the receipt again; raises ClientError."""
        return self._post(f"/v1/sales/{quote(sale_id, safe='')}/receipt/print", idempotency_key)

    def act(
        self,
        sale: Mapping[str, Any],
        verb: str,
        body: Mapping[str, Any],
        *,
        idempotency_key: str,
    ) -> JsonObject:
        """Move or give up the money of a sale that was looked at; raises ClientError.

        `verb` is abandon, accept, void, refunds, capture or settle, `body` as in
        docs/reference/api.md. A `sale` that has changed since is refused.
        """
        path = f"/v1/sales/{quote(sale['id'], safe='')}/{verb}"
        return self._post(path, idempotency_key, body, seq=int(sale["seq"]))

    def sales(self, **wanted: str | int) -> JsonObject:
        """`sales`, newest first, and `next_before`; raises NotRunning, Refused.

        `wanted` are date, reference, verdict, limit and before, as in docs/reference/api.md.
        """
        return self._get(f"/v1/sales?{urlencode(wanted)}")

    def history(self, after_seq: int, *, limit: int = 50) -> JsonObject:
        """`sales` that changed after a `seq`, `next_after`, `more`; raises NotRunning, Refused."""
        return self._get(f"/v1/history?after={after_seq}&limit={limit}")

    def lane(self) -> JsonObject:
        """The whole snapshot; raises NotRunning, Refused."""
        return self._get("/v1/lane")

    def devices(self) -> JsonObject:
        """Scanner, printer and gateway; raises NotRunning, Refused."""
        return self._get("/v1/devices")

    def open_drawer(self) -> JsonObject:
        """Open the cash drawer; raises NotRunning, Refused, Unclear."""
        return self._post("/v1/devices/drawer", "")

    def receipt_text(self, sale_id: str) -> str:
        """The receipt as plain text; raises NotRunning, Refused."""
        return self._read(f"/v1/sales/{quote(sale_id, safe='')}/receipt.txt").decode()

    def receipt_png(self, sale_id: str) -> bytes:
        """The picture of the receipt; raises NotRunning, Refused."""
        return self._read(f"/v1/sales/{quote(sale_id, safe='')}/receipt.png")

    def events(self) -> Iterator[JsonObject]:
        """The lane at once and at each change; ends with NotRunning when posd goes away.

        After that, `history` of the last `seq` tells what was missed.
        """
        connection, deadline = self._connect(SILENCE_S)
        try:
            connection.request("GET", "/v1/events", headers=self._headers)
            answer = connection.getresponse()
            if answer.status != 200:
                raise Refused(_object(_read(answer)))
            while line := answer.readline():
                deadline.extend(SILENCE_S)
                if line.startswith(b"data: "):
                    yield _object(line[len(b"data: ") :])
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._gone(error) from error
        finally:
            connection.close()
        raise self._gone("the stream ended")

    def _get(self, path: str, wait_s: float = 0) -> JsonObject:
        try:
            return _object(self._read(path, wait_s))
        except ValueError as error:
            raise self._gone(error) from error

    def _read(self, path: str, wait_s: float = 0) -> bytes:
        connection, _ = self._connect(TIMEOUT_S + wait_s)
        try:
            connection.request("GET", path, headers=self._headers)
            answer = connection.getresponse()
            data = _read(answer)
            if answer.status >= 400:
                raise Refused(_object(data))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._gone(error) from error
        finally:
            connection.close()
        return data

    def _post(
        self,
        path: str,
        key: str,
        body: Mapping[str, Any] | None = None,
        wait_s: float = 0,
        *,
        seq: int | None = None,
    ) -> JsonObject:
        headers = {**self._headers, "Idempotency-Key": key}
        if seq is not None:
            headers["If-Match"] = f'"{seq}"'
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        connection, _ = self._connect(TIMEOUT_S + wait_s)  # until here nothing can have left
        try:
            connection.request("POST", path, data, headers)
            answer = connection.getresponse()
            found = _object(_read(answer))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unclear(f"no usable answer from posd at {self.address}: {error}") from error
        finally:
            connection.close()
        if answer.status in _UNDECIDED:
            raise Unclear(str(found.get("detail") or f"posd answered {answer.status}"))
        if answer.status >= 400:
            raise Refused(found)
        return found

    def _connect(self, timeout_s: float) -> tuple[http.client.HTTPConnection, Deadline]:
        deadline = Deadline(time.monotonic() + timeout_s)
        try:
            return connect(self.address, deadline), deadline
        except (OSError, ValueError) as error:
            raise NotRunning(f"no posd answers at {self.address}: {error}") from error

    def _gone(self, why: object) -> NotRunning:
        return NotRunning(f"posd at {self.address} stopped answering: {why}")


def _read(answer: http.client.HTTPResponse) -> bytes:
    data = answer.read(MAX_ANSWER_BYTES)
    if not answer.isclosed():
        raise ValueError(f"an answer of more than {MAX_ANSWER_BYTES} bytes")
    return data


def _object(data: bytes) -> JsonObject:
    found = json.loads(data)
    if not isinstance(found, dict):
        raise ValueError("what answers there is no posd")
    return found
