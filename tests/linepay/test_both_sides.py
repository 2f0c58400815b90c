"""What one side writes, the other reads: client and stand-in share no code but the money."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import DECIMALS, MAX_MINOR
from posd.linepay import Dialect, Event, Money, Product, PromotionRestriction, money
from posd.linepay.dialects import pay_body
from posd.linepay.reading import parse_answer, parse_payments, parse_refund
from posd.linepay.sandbox import answers, bodies, routes

from .samples import full_payment

KEYS = {"TWD": "381234567890123456", "THB": "381234567890", "USD": "381234567890"}
CURRENCIES = st.sampled_from(sorted(DECIMALS))
MINORS = st.integers(1, MAX_MINOR)
IDS = st.text("abcXYZ019-_", min_size=1, max_size=100).filter(lambda text: text.strip("."))
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=90
).filter(str.strip)
TRANSACTIONS = st.integers(0, 10**40)


@st.composite
def payments(draw: st.DrawFn) -> Any:
    currency = draw(CURRENCIES)
    price = Money(draw(st.integers(1, 10**6)), currency)
    quantity = draw(st.integers(1, 99))
    amount = Money(price.minor * quantity, currency)
    restriction = PromotionRestriction(amount) if currency == "TWD" else None
    return full_payment(
        order_id=draw(IDS),
        one_time_key=KEYS[currency],
        amount=amount,
        product_name=draw(NAMES),
        products=(Product(draw(NAMES), quantity, price, id="P", original_price=price),),
        branch_id=draw(st.just("") | NAMES),
        branch_name=draw(st.just("") | NAMES),
        capture=draw(st.booleans()),
        promotion_restriction=draw(st.sampled_from([None, restriction])),
        events=draw(st.sampled_from([(), (Event("E1", amount), Event("E2", None, 2))])),
    )


@given(payments(), st.sampled_from(Dialect))
def test_every_payment_that_can_be_asked_for_is_read_as_it_was_meant(
    payment: Any, dialect: Dialect
) -> None:
    body = bodies.read_object(pay_body(dialect, payment))
    read = bodies.read_purchase(body, routes.Dialect(dialect))
    assert (read.order_id, read.money) == (payment.order_id, payment.amount)
    assert (read.one_time_key, read.captures) == (payment.one_time_key, payment.capture)
    assert read.restricted == (payment.promotion_restriction is not None)


@given(IDS, TRANSACTIONS, MINORS, CURRENCIES)
def test_every_amount_and_id_of_an_answer_arrives_exactly(
    order_id: str, transaction: int, minor: int, currency: str
) -> None:
    amount = Money(minor, currency)
    part = {"method": "BALANCE", "amount": answers.number(amount)}
    info = {"orderId": order_id, "transactionId": transaction, "payInfo": [part]}
    answer = parse_answer(answers.envelope("0000", info))
    assert (answer.order_id, answer.transaction_id) == (order_id, str(transaction))
    assert answer.paid is not None
    assert money(answer.paid, currency) == amount


@given(TRANSACTIONS, MINORS, CURRENCIES)
def test_every_refund_arrives_exactly_and_positive(
    transaction: int, minor: int, currency: str
) -> None:
    amount = Money(minor, currency)
    entry = {
        "refundTransactionId": transaction,
        "refundAmount": -answers.number(amount),
        "transactionType": "PARTIAL_REFUND",
    }
    listed = parse_payments(answers.envelope("0000", [{"refundList": [entry]}]))
    assert money(listed.or_raise()[0].refunded, currency) == amount
    told = parse_refund(answers.envelope("0000", {"refundTransactionId": transaction}))
    assert told.or_raise().transaction_id == str(transaction)
