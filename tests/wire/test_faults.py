"""Each fault is what it says: what posd's client meets, and whether the request arrived."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posd.core.money import Money
from posd.linepay.client import Account, Client, NoAnswer, Timeouts
from posd.linepay.messages import OneTimeKeyPayment
from posd.linepay.wire import boottime_ns
from tests.daemon.sandbox import Sandbox

from .faults import ROWS, Row
from .proxy import Proxy

LATER_NS = 60_000_000_000


@pytest.fixture
def client(proxy: Proxy, sandbox: Sandbox) -> Iterator[Client]:
    account = Account(
        base_url=proxy.base_url,
        channel_id=sandbox.channel_id,
        channel_secret=sandbox.channel_secret,
        dialect="v4",
        device_profile_id="L01-0001",
        device_type="POS",
    )
    client = Client(account, Timeouts(pay_read_s=0.2, pay_total_s=0.4, idle_s=60.0))
    yield client
    client.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_is_told_by_its_own_word_and_its_request_leaves_once(
    row: Row, client: Client, proxy: Proxy, sandbox: Sandbox
) -> None:
    order_id = f"faults-{row.name}"
    payment = OneTimeKeyPayment(
        order_id=order_id,
        one_time_key=sandbox.key(),
        amount=Money(100, "TWD"),
        product_name="Tea",
    )
    proxy.arm("pay", row.fault, count=1)
    assert heard(client, payment) == (row.reason or ("0000" if row.tells else "1172"))
    assert (sandbox.order(order_id).get("status") == "COMPLETE") is row.arrives
    assert [one.operation for one in proxy.sent] == ["pay"]


def heard(client: Client, payment: OneTimeKeyPayment) -> str:
    """The code of the answer, or the reason why there is none."""
    try:
        return client.pay(payment, not_after_ns=boottime_ns() + LATER_NS).code
    except NoAnswer as failure:
        return failure.reason
