"""Journal and LINE Pay side by side: what differs is named, silence is no difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posd.core.order import MoneyState
from posd.inquiry import Told, compared
from posd.snapshot import SaleView, sale_view
from tests.core import lanes, orders

TRANSACTION = "2026112400000000001"


def sale(**changes: str | None) -> SaleView:
    order = orders.money(MoneyState.CONFIRMED)
    view = sale_view(order, lanes.RULES, seq=7, now_ns=0, action=str)
    return replace(view, **{"transaction_id": TRANSACTION, **changes})  # type: ignore[arg-type]


def check(**facts: str | None) -> Told:
    known = {"code": "0000", "status": "COMPLETE", "transaction_id": TRANSACTION, "amount": "120"}
    return Told("check", "answered", **{**known, **facts})


def differing(view: SaleView, *told: Told) -> list[tuple[str, str, str]]:
    return [(each.field, each.journal, each.linepay) for each in compared(view, told).differences]


def test_the_same_told_twice_is_no_difference() -> None:
    details = Told("details", "answered", code="0000", amount="120", currency="TWD")
    assert differing(sale(), check(), details) == []


@pytest.mark.parametrize(
    ("told", "difference"),
    [
        (check(status="FAIL"), ("state", "CONFIRMED", "FAIL")),
        (check(code="1150", status=None, amount=None), ("state", "CONFIRMED", "1150")),
        (check(amount="121"), ("amount", "120", "121")),
        (check(currency="THB"), ("currency", "TWD", "THB")),
        (check(transaction_id="7"), ("transaction_id", TRANSACTION, "7")),
        (check(refunded="20"), ("refunded", "0", "20")),
    ],
)
def test_what_differs_is_named(told: Told, difference: tuple[str, str, str]) -> None:
    assert difference in differing(sale(), told)


@pytest.mark.parametrize(
    ("state", "status", "agrees"),
    [
        ("NOT_PAID", "FAIL", True),
        ("NOT_PAID", "CANCEL", True),
        ("NOT_PAID", "COMPLETE", False),
        ("UNKNOWN", "COMPLETE", False),
        ("UNKNOWN", "AUTH_READY", False),
        ("SENT", "COMPLETE", False),
        ("CONFIRMED", "COMPLETE", True),
    ],
)
def test_the_state_is_compared_with_the_status(state: str, status: str, agrees: bool) -> None:
    assert (differing(sale(state=state), check(status=status)) == []) is agrees


@pytest.mark.parametrize(
    "told",
    [
        Told("check", "no_answer", reason="timeout"),
        Told("check", "answered", code="1106", message="header"),
        Told("authorizations", "answered", code="1150"),
    ],
)
def test_silence_and_refusals_are_no_difference(told: Told) -> None:
    assert differing(sale(), told) == []
