"""Whole lives of orders against the stand-in, which was built without a look at this client."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from posd.linepay import (
    Client,
    Dialect,
    Money,
    NoAnswer,
    OneTimeKeyPayment,
    PaymentStatus,
    PayStatus,
    TransactionType,
    contradictions,
)
from tests.daemon.sandbox import Sandbox

from .conftest import ClientFor
from .samples import full_payment

FOREVER_NS = 2**62
TWD_100 = Money(100, "TWD")
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(params=Dialect)
def client(request: pytest.FixtureRequest, stand_in: Sandbox, client_for: ClientFor) -> Client:
    return client_for(
        stand_in.base_url,
        dialect=request.param,
        channel_id=stand_in.channel_id,
        channel_secret=stand_in.channel_secret,
    )


def new(stand_in: Sandbox, fault: str = "none", **changes: Any) -> OneTimeKeyPayment:
    order_id = f"E2E-{next(NUMBERS)}"
    key = stand_in.key(fault)
    return full_payment(**{"order_id": order_id, "one_time_key": key, "capture": True} | changes)


def plain(stand_in: Sandbox, fault: str = "none", **changes: Any) -> OneTimeKeyPayment:
    """Without a restriction, which would forbid a partial refund."""
    return new(stand_in, fault, **{"promotion_restriction": None} | changes)


def test_a_payment_is_paid_seen_and_refunded_in_parts(client: Client, stand_in: Sandbox) -> None:
    payment = plain(stand_in)
    order_id = payment.order_id
    answer = client.pay(payment, not_after_ns=FOREVER_NS).or_raise()
    assert answer.agreeing(order_id=order_id, amount=TWD_100).paid == 100
    assert client.check(order_id).or_raise().status == PaymentStatus.COMPLETE

    (found,) = client.payments(transaction_id=answer.transaction_id).or_raise()
    assert contradictions(found, order_id=order_id, amount=TWD_100) == ()
    assert (found.transaction_id, found.refunds) == (answer.transaction_id, ())

    part = client.refund(order_id, Money(30, "TWD")).or_raise()
    rest = client.refund_rest(order_id).or_raise()
    (found,) = client.payments(order_id=order_id).or_raise()
    assert found.refunded == Decimal(100)
    assert {entry.transaction_id for entry in found.refunds} == {
        part.transaction_id,
        rest.transaction_id,
    }
    assert found.refunds[0].transaction_type == TransactionType.PARTIAL_REFUND
    assert client.refund(order_id, Money(1, "TWD")).code in {"1164", "1165"}


def test_every_field_of_a_payment_is_understood(client: Client, stand_in: Sandbox) -> None:
    payment = new(stand_in)
    client.pay(payment, not_after_ns=FOREVER_NS).or_raise()
    assert client.details(payment.order_id).or_raise().transaction_id is not None


def test_an_authorization_is_captured(client: Client, stand_in: Sandbox) -> None:
    payment = plain(stand_in, capture=False)
    client.pay(payment, not_after_ns=FOREVER_NS).or_raise()
    (held,) = client.authorizations(order_id=payment.order_id).or_raise()
    assert held.pay_status == PayStatus.AUTHORIZATION
    captured = client.capture(payment.order_id, TWD_100).or_raise()
    assert captured.agreeing(order_id=payment.order_id, amount=TWD_100) is captured
    assert client.void(payment.order_id).code != "0000"


def test_an_authorization_is_voided(client: Client, stand_in: Sandbox) -> None:
    payment = plain(stand_in, capture=False)
    client.pay(payment, not_after_ns=FOREVER_NS).or_raise()
    client.void(payment.order_id).or_raise()
    assert client.capture(payment.order_id, TWD_100).code != "0000"
    for voided in client.authorizations(order_id=payment.order_id).content:
        assert voided.pay_status == PayStatus.VOIDED_AUTHORIZATION


def test_an_order_that_never_was_is_unknown_everywhere(client: Client) -> None:
    answers = [
        client.check("NEVER"),
        client.capture("NEVER", TWD_100),
        client.void("NEVER"),
        client.refund("NEVER", TWD_100),
    ]
    assert {answer.code for answer in answers} == {"1150"}
    for reply in (client.payments(order_id="NEVER"), client.authorizations(order_id="NEVER")):
        assert reply.code == "1150" or reply.content == ()


def test_a_lost_answer_to_a_payment_is_found_by_check(client: Client, stand_in: Sandbox) -> None:
    payment = plain(stand_in, "close:after")
    with pytest.raises(NoAnswer):
        client.pay(payment, not_after_ns=FOREVER_NS)
    assert client.check(payment.order_id).or_raise().status == PaymentStatus.COMPLETE


def test_baht_are_paid_and_refunded_to_the_satang(client: Client, stand_in: Sandbox) -> None:
    key = stand_in._control("POST", "keys", {"country": "TH"})["one_time_key"]
    amount = Money(4950, "THB")
    payment = plain(stand_in, one_time_key=key, amount=amount, products=(), events=())
    answer = client.pay(payment, not_after_ns=FOREVER_NS).or_raise()
    assert answer.agreeing(order_id=payment.order_id, amount=amount).paid == Decimal("49.50")
    client.refund(payment.order_id, Money(1, "THB")).or_raise()
    (found,) = client.payments(order_id=payment.order_id).or_raise()
    assert (found.paid, found.refunded) == (Decimal("49.50"), Decimal("0.01"))
