"""What one payment costs the pay thread: composing, signing, sending, reading, parsing.

Rule: processor time of the one thread that does it; what the gateway takes is not in it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection

from bench.children import BenchFailed, Child
from bench.clocks import now_ns
from bench.counter import base_url
from bench.figures import Figure, median
from bench.gateway import answer
from bench.plan import Plan
from posd.core.money import Money
from posd.linepay.authentication import sign
from posd.linepay.client import Account, Client, NoAnswer
from posd.linepay.dialects import Dialect, pay_body, pay_path
from posd.linepay.messages import OneTimeKeyPayment, parse_answer

_PAYMENT = OneTimeKeyPayment(
    order_id="BENCH-L01-01JDJ0000000000000000000",
    one_time_key="123456789012345678",
    amount=Money(120, "TWD"),
    product_name="Corner Tea",
)
_PATH = pay_path(Dialect.V4)
_LATEST_NS = 10**19


def payment(plan: Plan, _place: Path) -> Iterator[Figure]:
    """The whole call, and its two parts that are ours alone."""
    times = plan.sales + plan.sales // 10
    call = _paying(times)
    with _sent_at() as sent_ns:
        sign_and_send = _paying(times, until=sent_ns)
    body = answer(pay_body(Dialect.V4, _PAYMENT)).partition(b"\r\n\r\n")[2]
    yield Figure("pay_call_cpu_us", call, "us")
    yield Figure("sign_and_send_cpu_us", sign_and_send, "us")
    yield Figure("sign_cpu_us", _cpu_us(_compose, times), "us")
    yield Figure("parse_cpu_us", _cpu_us(lambda: parse_answer(body), times), "us")


def _paying(times: int, *, until: Callable[[], int] = time.thread_time_ns) -> float:
    """A gateway of its own for each: it tells every call into a pipe that nobody empties here."""
    with Child("bench.gateway") as gateway:
        account = Account(base_url(gateway), "1650000000", "secret", "v4", "BENCH-L01", "POS")
        client = Client(account)
        pay = functools.partial(client.pay, _PAYMENT, not_after_ns=_LATEST_NS)
        try:
            return _cpu_us(pay, times, until=until)
        except NoAnswer as failure:
            raise BenchFailed(f"the gateway of the bench: {failure}") from failure
        finally:
            client.close()


def _compose() -> None:
    sign(b"secret", _PATH, pay_body(Dialect.V4, _PAYMENT), str(now_ns()))


@contextmanager
def _sent_at() -> Iterator[Callable[[], int]]:
    """Gives when the pay thread, by its own clock, turned from sending to reading."""
    read, seen = HTTPConnection.getresponse, [0]

    def noting(connection: HTTPConnection) -> BaseHTTPResponse:
        seen[0] = time.thread_time_ns()
        return read(connection)

    HTTPConnection.getresponse = noting  # type: ignore[method-assign, assignment]
    try:
        yield lambda: seen[0]
    finally:
        HTTPConnection.getresponse = read  # type: ignore[method-assign]


def _cpu_us(
    work: Callable[[], object], times: int, *, until: Callable[[], int] = time.thread_time_ns
) -> float:
    readings = []
    for _ in range(times):
        before_ns = time.thread_time_ns()
        work()
        readings.append((until() - before_ns) / 1000)
    return median(readings)
