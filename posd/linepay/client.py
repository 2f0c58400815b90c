"""The client: pay, check and details over one kept connection, used by one thread.

One rule: each HTTP outcome becomes exactly one of an Answer, NotSent (proved) or NoAnswer; the
table stands at `Client`.
"""

from __future__ import annotations

from collections.abc import Callable

import requests
from requests.structures import CaseInsensitiveDict

from posd.linepay.account import Account, Timeouts, headers, route
from posd.linepay.connection import Channel
from posd.linepay.dialects import (
    RULES,
    Dialect,
    check_path,
    details_path,
    details_query,
    pay_body,
    pay_path,
)
from posd.linepay.messages import (
    Answer,
    NotAnAnswer,
    OneTimeKeyPayment,
    parse_answer,
    parse_list,
    require_order_id,
)
from posd.linepay.wire import Exchange, NoAnswer, NotSent

__all__ = ["Account", "Client", "NoAnswer", "NotSent", "Timeouts"]

_DEFAULT_TIMEOUTS = Timeouts()


class Client:
    """One account's calls: one thread, at most one connection, no threads of its own.

    | what happened                                                | outcome  | reason           |
    |--------------------------------------------------------------|----------|------------------|
    | the name cannot be resolved                                  | NotSent  | dns              |
    | the connection is refused                                    | NotSent  | connect_refused  |
    | TLS fails, or the certificate is not trusted                 | NotSent  | tls              |
    | no route; the peer hangs up while opening                    | NotSent  | network, reset   |
    | not open within connect_s                                    | NotSent  | timeout          |
    | the proxy answers CONNECT with a refusal, or not at all      | NotSent  | proxy_refused,   |
    |                                                              |          | proxy_failed     |
    | later than not_after_ns                                      | NotSent  | expired          |
    | a kept connection idled too long, was closed, or has data    | (replaced before the request) |
    | closed or reset after the request left                       | NoAnswer | reset            |
    | TLS broken after the request left                            | NoAnswer | tls              |
    | a silence of the read timeout, or a drip past the total      | NoAnswer | timeout          |
    | bytes that are not HTTP                                      | NoAnswer | not_http         |
    | a body shorter than announced                                | NoAnswer | truncated        |
    | more than 256 KiB                                            | NoAnswer | too_large        |
    | 3xx                                                          | NoAnswer | redirect         |
    | any other status but 200, whatever its body says             | NoAnswer | http_NNN         |
    | 200, not JSON in UTF-8, nested too deep, or empty            | NoAnswer | not_json         |
    | 200, no result code of four characters                       | NoAnswer | no_code          |
    | 200, a member that decides about money has the wrong type,   | NoAnswer | malformed        |
    | or any member is there twice                                 |          |                  |
    | 200 and an envelope, whatever its code                       | Answer   |                  |

    A forwarding proxy (http base_url) changes nothing in this: what it says of its own is no
    envelope of LINE Pay. Nothing is ever sent twice.
    """

    def __init__(self, account: Account, timeouts: Timeouts = _DEFAULT_TIMEOUTS) -> None:
        """Nothing is opened yet; raises ValueError if `ca_file` cannot be used."""
        way = route(account)
        self._dialect = Dialect(account.dialect)
        self._base_url = account.base_url.rstrip("/")
        self._headers = headers(account) | (dict(way.proxy_headers) if way.forwards else {})
        self._authentication = RULES[self._dialect].authentication(account.channel_secret)
        self._timeouts = timeouts
        self._channel = Channel(way, idle_s=timeouts.idle_s)

    def warm(self) -> None:
        """Have the connection open, TLS finished, for the next call; sends no call of its own.

        Raises NotSent.
        """
        opening = self._opening()
        self._channel.open(opening, opening)

    def pay(self, payment: OneTimeKeyPayment, *, not_after_ns: int) -> Answer:
        """Ask for the money: exactly one POST, ever. `not_after_ns` is on CLOCK_BOOTTIME.

        Raises NotSent (no byte has left) or NoAnswer (check the order).
        """
        exchange = Exchange(
            total_s=self._timeouts.pay_total_s,
            step_s=self._timeouts.pay_read_s,
            not_after_ns=not_after_ns,
        )
        body = pay_body(self._dialect, payment)
        request = self._request("POST", pay_path(self._dialect), body)
        return self._call(request, exchange, parse_answer)

    def check(self, order_id: str) -> Answer:
        """Ask what became of an order.

        Raises NotSent or NoAnswer; ValueError for an order id that cannot be asked for.
        """
        require_order_id(order_id)
        return self._read(check_path(self._dialect, order_id), "", parse_answer)

    def details(self, order_id: str) -> Answer:
        """Ask for the payment itself, as LINE Pay has booked it.

        Raises NotSent or NoAnswer; ValueError for an order id that cannot be asked for.
        """
        require_order_id(order_id)
        return self._read(details_path(self._dialect), details_query(order_id), parse_list)

    def close(self) -> None:
        """Close the connection; a later call would open another."""
        self._channel.close()

    def _read(self, path: str, query: str, parse: Callable[[bytes], Answer]) -> Answer:
        exchange = Exchange(total_s=self._timeouts.total_s, step_s=self._timeouts.read_s)
        request = self._request("GET", path, None, query)
        request.headers["Cache-Control"] = "no-store"
        return self._call(request, exchange, parse)

    def _opening(self) -> Exchange:
        connect_s = self._timeouts.connect_s
        return Exchange(total_s=connect_s, step_s=connect_s)

    def _request(
        self, method: str, path: str, body: bytes | None, query: str = ""
    ) -> requests.PreparedRequest:
        # Prepared by hand: requests would parse the URL, ask the environment and copy cookies.
        request = requests.PreparedRequest()
        request.method = method
        request.url = f"{self._base_url}{path}?{query}" if query else self._base_url + path
        request.body = body
        request.headers = CaseInsensitiveDict(self._headers)
        payload = query.encode() if body is None else body
        request.headers.update(self._authentication.headers(path, payload))
        return request

    def _call(
        self,
        request: requests.PreparedRequest,
        exchange: Exchange,
        parse: Callable[[bytes], Answer],
    ) -> Answer:
        exchange.refuse_if_late()
        self._channel.open(exchange, self._opening())
        try:
            answer = self._answer(request, parse)
        except Exception as error:
            self._channel.drop()
            raise exchange.failure(error) from None
        self._channel.rest()
        return answer

    def _answer(
        self, request: requests.PreparedRequest, parse: Callable[[bytes], Answer]
    ) -> Answer:
        response = self._channel.send(request)
        _require_ok(response.status_code)
        try:
            return parse(response.raw.read())
        except NotAnAnswer as error:
            raise NoAnswer(error.reason, str(error)) from None


def _require_ok(status: int) -> None:
    if status != 200:
        reason = "redirect" if 300 <= status < 400 else f"http_{status}"
        raise NoAnswer(reason, f"HTTP status {status}")
