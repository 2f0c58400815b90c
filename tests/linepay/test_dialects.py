"""What each dialect puts on the wire."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import DECIMALS, MAX_MINOR, Money
from posd.linepay.dialects import Dialect, order_path, pay_body, pay_path
from posd.linepay.messages import OneTimeKeyPayment, Product
from posd.linepay.result_codes import Operation

KEY = "381234567890123456"


def payment(amount: Money = Money(100, "TWD"), **more: object) -> OneTimeKeyPayment:  # noqa: B008
    values: dict[str, object] = {"product_name": "Coffee"} | more
    return OneTimeKeyPayment(order_id="O-1", one_time_key=KEY, amount=amount, **values)  # type: ignore[arg-type]


def sent(dialect: Dialect, asked: OneTimeKeyPayment) -> dict[str, object]:
    read: dict[str, object] = json.loads(pay_body(dialect, asked), parse_float=Decimal)
    return read


def test_paths_name_the_version_with_a_dot() -> None:
    assert [pay_path(dialect) for dialect in Dialect] == [
        "/v2/payments/oneTimeKeys/pay",
        "/v2.4/payments/oneTimeKeys/pay",
        "/v4/payments/oneTimeKeys/pay",
    ]
    assert (
        order_path(Dialect.V2_4, "S1-L1-01", Operation.CHECK)
        == "/v2.4/payments/orders/S1-L1-01/check"
    )


def test_an_order_id_cannot_leave_its_place_in_the_path() -> None:
    assert order_path(Dialect.V4, "a/../b?c#d 珍", Operation.CHECK) == (
        "/v4/payments/orders/a%2F..%2Fb%3Fc%23d%20%E7%8F%8D/check"
    )


@pytest.mark.parametrize("dialect", [Dialect.V2, Dialect.V2_4])
def test_the_older_dialects_send_a_flat_body(dialect: Dialect) -> None:
    assert pay_body(dialect, payment()) == (
        b'{"amount":100,"currency":"TWD","orderId":"O-1","oneTimeKey":"381234567890123456",'
        b'"productName":"Coffee","capture":true}'
    )


def test_the_older_dialects_send_the_branch_in_extras_and_capture_as_it_is() -> None:
    asked = payment(branch_id="S1", branch_name="Ximen", capture=False)
    body = sent(Dialect.V2, asked)
    assert body["extras"] == {"branchId": "S1", "branchName": "Ximen"}
    assert body["capture"] is False


def test_v4_sends_packages_and_nothing_optional_that_was_not_asked_for() -> None:
    assert pay_body(Dialect.V4, payment()) == (
        b'{"amount":100,"currency":"TWD","orderId":"O-1","oneTimeKey":"381234567890123456",'
        b'"packages":[{"id":"1","amount":100,"name":"Coffee",'
        b'"products":[{"name":"Coffee","quantity":1,"price":100}]}]}'
    )


def test_v4_sends_capture_only_when_false_and_the_branch_only_when_named() -> None:
    asked = payment(branch_name="Ximen", capture=False)
    assert sent(Dialect.V4, asked)["options"] == {
        "payment": {"capture": False},
        "extra": {"branchName": "Ximen"},
    }
    assert sent(Dialect.V4, payment(branch_id="S1"))["options"] == {"extra": {"branchId": "S1"}}


def test_lines_that_add_up_are_sent_as_they_are() -> None:
    lines = (Product("Latte", 2, Money(4000, "THB")), Product("Bun", 1, Money(2050, "THB")))
    body = pay_body(Dialect.V4, payment(Money(10050, "THB"), products=lines))
    assert b'"amount":100.50,"currency":"THB"' in body
    assert b'{"name":"Latte","quantity":2,"price":40},' in body
    assert b'{"name":"Bun","quantity":1,"price":20.50}' in body


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (Product("Latte", 1, Money(99, "TWD")),),
        (Product("Latte", 1, Money(120, "TWD")), Product("Discount", 1, Money(-20, "TWD"))),
        (Product("Latte", 1, Money(120, "TWD")), Product("Returned", -1, Money(20, "TWD"))),
        (Product("Latte", 1, Money(100, "THB")),),
    ],
)
def test_lines_that_do_not_add_up_become_one_line_over_the_amount(
    lines: tuple[Product, ...],
) -> None:
    body = pay_body(Dialect.V4, payment(products=lines))
    assert b'"products":[{"name":"Coffee","quantity":1,"price":100}]' in body


def test_texts_are_cut_to_what_line_pay_takes_and_always_are_utf8() -> None:
    name = "珍" * 5000
    asked = payment(product_name=name, branch_id="b" * 40, branch_name="n" * 200)
    assert sent(Dialect.V2, asked)["productName"] == name[:4000]
    assert sent(Dialect.V2, asked)["extras"] == {"branchId": "b" * 32, "branchName": "n" * 100}
    (package,) = sent(Dialect.V4, asked)["packages"]  # type: ignore[misc]
    assert package["name"] == name[:100]
    assert sent(Dialect.V2, payment(product_name="half \ud83d"))["productName"] == "half ?"


@given(st.integers(1, MAX_MINOR), st.sampled_from(sorted(DECIMALS)), st.sampled_from(Dialect))
def test_every_amount_leaves_exactly_and_in_plain_digits(
    minor: int, currency: str, dialect: Dialect
) -> None:
    body = pay_body(dialect, payment(Money(minor, currency)))
    (number,) = re.findall(rb'^{"amount":([^,]+),', body)
    assert Decimal(number.decode()) == Money(minor, currency).decimal
    assert re.fullmatch(rb"[0-9]+(\.[0-9]{2})?", number)
    assert currency != "TWD" or b"." not in number
