"""What can be asked for, and what is refused by the name of its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posd.core.money import MAX_MINOR
from posd.linepay import Dialect, Event, Money, OneTimeKeyPayment, Product, PromotionRestriction
from posd.linepay.dialects import pay_body

from .samples import exact, full_payment

TWD_1 = Money(1, "TWD")
THB_1 = Money(100, "THB")


def product(**changes: Any) -> Product:
    return Product(**({"name": "Tea", "quantity": 1, "price": TWD_1} | changes))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: full_payment(amount=Money(0, "TWD")), "amount"),
        (lambda: full_payment(amount=Money(-1, "TWD")), "amount"),
        (lambda: full_payment(amount=Money(MAX_MINOR + 1, "TWD")), "amount"),
        (lambda: full_payment(amount=Money(1.5, "TWD")), "amount"),
        (lambda: full_payment(amount=Money(float("nan"), "TWD")), "amount"),
        (lambda: full_payment(amount=Money(True, "TWD")), "amount"),
        (lambda: full_payment(amount=Money(100, "JPY")), "amount"),
        (lambda: full_payment(amount=THB_1, events=()), "promotion_restriction"),
        (
            lambda: full_payment(amount=THB_1, promotion_restriction=None),
            "events must be in the currency",
        ),
        (lambda: full_payment(add_friends=("",)), "add_friends"),
        (lambda: full_payment(add_friends=("two words",)), "add_friends"),
        (lambda: product(id="x" * 51), "product id"),
        (lambda: product(image_url="x" * 501), "image_url"),
        (lambda: product(quantity=1.0), "quantity"),
        (lambda: product(price=Money(1.0, "TWD")), "price"),
        (lambda: product(original_price=Money(1, "XXX")), "original_price"),
        (lambda: product(original_price=Money(-1, "TWD")), "original_price"),
        (lambda: Event("", product_quantity=1), "event code"),
        (lambda: Event("x" * 31, product_quantity=1), "event code"),
        (lambda: Event("E"), "total_amount or product_quantity"),
        (lambda: Event("E", TWD_1, 1), "and not both"),
        (lambda: Event("E", Money(0, "TWD")), "total_amount"),
        (lambda: Event("E", product_quantity=0), "product_quantity"),
        (lambda: Event("E", product_quantity=1.5), "product_quantity"),
        (lambda: PromotionRestriction(THB_1), "reward_limit"),
        (lambda: PromotionRestriction(Money(-1, "TWD")), "reward_limit"),
        (lambda: PromotionRestriction(TWD_1, Money(1.5, "TWD")), "use_limit"),
    ],
)
def test_what_line_pay_could_not_take_is_refused_by_name(
    make: Callable[[], object], field: str
) -> None:
    with pytest.raises(ValueError, match=field):
        make()


def test_the_longest_of_everything_is_taken() -> None:
    product(id="x" * 50, image_url="x" * 500)
    Event("x" * 30, product_quantity=1)
    full_payment(amount=Money(MAX_MINOR, "TWD"))


def test_a_key_never_shows_in_a_payment() -> None:
    payment = full_payment()
    assert payment.one_time_key not in repr(payment)


def test_a_price_before_discount_in_another_currency_spoils_the_line() -> None:
    lines = (product(price=Money(100, "TWD"), original_price=THB_1),)
    body = exact(pay_body(Dialect.V4, full_payment(products=lines)))
    assert body["packages"][0]["products"] == [{"name": "Coffee", "quantity": 1, "price": 100}]


_MINORS = st.integers(1, 10**6)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=30)
_EVENTS = st.builds(
    lambda code, minor: Event(code, total_amount=Money(minor, "TWD")), _TEXTS, _MINORS
) | st.builds(lambda code, count: Event(code, product_quantity=count), _TEXTS, _MINORS)


def shaped(body: dict[str, Any], dialect: Dialect) -> tuple[Any, Any, Any]:
    """Where the dialect keeps product name, extras and events."""
    if dialect is Dialect.V4:
        options = body["options"]
        return body["packages"][0]["name"], options["extra"], options.get("events", [])
    return body["productName"], body["extras"], body["extras"].get("events", [])


@given(st.lists(_EVENTS, max_size=3), _TEXTS.filter(str.strip), _MINORS, st.sampled_from(Dialect))
def test_what_was_asked_can_be_read_from_the_bytes_of_every_dialect(
    events: list[Event], name: str, minor: int, dialect: Dialect
) -> None:
    restriction = PromotionRestriction(Money(minor, "TWD"))
    payment: OneTimeKeyPayment = full_payment(
        amount=Money(minor, "TWD"),
        product_name=name,
        events=tuple(events),
        promotion_restriction=restriction,
    )
    body = exact(pay_body(dialect, payment))
    read_name, extra, read_events = shaped(body, dialect)
    assert (body["amount"], body["orderId"], body["oneTimeKey"]) == (
        minor,
        "O-1",
        payment.one_time_key,
    )
    assert read_name == name
    assert extra["promotionRestriction"] == {"rewardLimit": minor}
    assert [event["code"] for event in read_events] == [event.code for event in events]
    for stated, event in zip(read_events, events, strict=True):
        measure = event.total_amount.minor if event.total_amount else event.product_quantity
        assert stated.get("totalAmount", stated.get("productQuantity")) == measure
