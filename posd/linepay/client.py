"""The client: the seven operations over one kept connection, used by one thread.

One rule: each HTTP outcome becomes exactly one of an Answer, NotSent (proved) or NoAnswer; the
table stands at `Client`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import requests
from requests.structures import CaseInsensitiveDict

from posd.core.money import Money
from posd.linepay.account import Account, Timeouts, headers, route
from posd.linepay.answers import Answer, PaymentDetails, Refund, Reply, contradictions
from posd.linepay.connection import Channel
from posd.linepay.dialects import (
    NOTHING,
    RULES,
    Dialect,
    capture_body,
    list_path,
    list_query,
    order_path,
    pay_body,
    pay_path,
    refund_body,
    refund_rest_body,
)
from posd.linepay.members import NotAnAnswer
from posd.linepay.payment import OneTimeKeyPayment, PromotionRestriction
from posd.linepay.reading import parse_answer, parse_list, parse_payments, parse_refund
from posd.linepay.result_codes import Operation
from posd.linepay.wire import Exchange, NoAnswer, NotSent

__all__ = ["Account", "Client", "NoAnswer", "NotSent", "Timeouts"]

_DEFAULT_TIMEOUTS = Timeouts()
A = TypeVar("A")


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
    | 200, capture or a list tells of another order, amount or     | NoAnswer | contradiction    |
    | currency than was asked about                                |          |                  |
    | 200 and an envelope, whatever its code                       | Answer   |                  |

    A forwarding proxy (http base_url) changes nothing in this: what it says of its own is no
    envelope of LINE Pay. Nothing is ever sent twice. Pay, check and details give contradictions
    as they came, for their caller to judge: `Answer.agreeing`. What cannot be asked for is a
    ValueError that names the field, before anything is opened.
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
        """Ask what became of an order; raises NotSent or NoAnswer."""
        return self._read(order_path(self._dialect, order_id, Operation.CHECK), "", parse_answer)

    def details(self, order_id: str) -> Answer:
        """Ask for the first payment of an order, as LINE Pay has booked it.

        Raises NotSent or NoAnswer. `payments` tells more, and refuses another order's.
        """
        path = list_path(self._dialect, Operation.DETAILS)
        return self._read(path, list_query(order_id=order_id), parse_list)

    def payments(
        self, *, order_id: str | None = None, transaction_id: str | None = None
    ) -> Reply[tuple[PaymentDetails, ...]]:
        """Ask for the details, refunds included, by one of the two ids.

        A refund's transaction id finds the payment. Raises NotSent or NoAnswer.
        """
        return self._list(Operation.DETAILS, order_id, transaction_id)

    def authorizations(
        self, *, order_id: str | None = None, transaction_id: str | None = None
    ) -> Reply[tuple[PaymentDetails, ...]]:
        """Ask for what was authorized, by one of the two ids; raises NotSent or NoAnswer."""
        return self._list(Operation.AUTHORIZATIONS, order_id, transaction_id)

    def capture(
        self,
        order_id: str,
        amount: Money,
        *,
        promotion_restriction: PromotionRestriction | None = None,
    ) -> Answer:
        """Take `amount` of what was authorized: one POST. The rest is released.

        Raises NotSent, or NoAnswer: read `authorizations`, do not repeat it blindly.
        """
        body = capture_body(amount, promotion_restriction)
        answer = self._write(Operation.CAPTURE, order_id, body, parse_answer)
        if contradictions(answer, order_id=order_id, amount=amount):
            raise _contradiction()
        return answer

    def void(self, order_id: str) -> Answer:
        """Release what was authorized and not captured: one POST; raises NotSent or NoAnswer."""
        return self._write(Operation.VOID, order_id, NOTHING, parse_answer)

    def refund(self, order_id: str, amount: Money) -> Reply[Refund]:
        """Pay back exactly `amount`, all or a part: one POST.

        A refund has no idempotency key: repeated after NoAnswer it may pay back twice. Read
        `payments` first. Raises NotSent or NoAnswer.
        """
        return self._write(Operation.REFUND, order_id, refund_body(amount), parse_refund)

    def refund_rest(
        self, order_id: str, *, promotion_restriction: PromotionRestriction | None = None
    ) -> Reply[Refund]:
        """Pay back all that is left, by naming no amount: one POST; raises NotSent or NoAnswer.

        `refund` is to be preferred: what an omitted amount does after a partial refund is not
        confirmed. With a promotion restriction LINE Pay takes only full refunds.
        """
        body = refund_rest_body(promotion_restriction)
        return self._write(Operation.REFUND, order_id, body, parse_refund)

    def close(self) -> None:
        """Close the connection; a later call would open another."""
        self._channel.close()

    def _list(
        self, operation: Operation, order_id: str | None, transaction_id: str | None
    ) -> Reply[tuple[PaymentDetails, ...]]:
        query = list_query(order_id=order_id, transaction_id=transaction_id)
        reply = self._read(list_path(self._dialect, operation), query, parse_payments)
        concern = (
            found.concerns(order_id=order_id, transaction_id=transaction_id)
            for found in reply.content
        )
        if not all(concern):
            raise _contradiction()
        return reply

    def _read(self, path: str, query: str, parse: Callable[[bytes], A]) -> A:
        request = self._request("GET", path, None, query)
        request.headers["Cache-Control"] = "no-store"
        return self._call(request, self._short(), parse)

    def _write(
        self, operation: Operation, order_id: str, body: bytes, parse: Callable[[bytes], A]
    ) -> A:
        path = order_path(self._dialect, order_id, operation)
        return self._call(self._request("POST", path, body), self._short(), parse)

    def _short(self) -> Exchange:
        return Exchange(total_s=self._timeouts.total_s, step_s=self._timeouts.read_s)

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
        parse: Callable[[bytes], A],
    ) -> A:
        exchange.refuse_if_late()
        self._channel.open(exchange, self._opening())
        try:
            answer = self._answer(request, parse)
        except Exception as error:
            self._channel.drop()
            raise exchange.failure(error) from None
        self._channel.rest()
        return answer

    def _answer(self, request: requests.PreparedRequest, parse: Callable[[bytes], A]) -> A:
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


def _contradiction() -> NoAnswer:
    return NoAnswer("contradiction", "the answer is about something else than was asked")
