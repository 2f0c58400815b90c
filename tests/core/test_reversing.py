"""Reversals from hand-made orders: what cannot be is said, and nothing is sent on it."""

from __future__ import annotations

import pytest

from posd.core import payment
from posd.core.errors import Contradiction
from posd.core.order import MoneyState
from posd.core.reversal_records import ReversalSent
from tests.core import lanes, orders
from tests.core.beginnings import a_paid_order
from tests.core.lanes import details


def test_a_reversal_that_is_not_there_contradicts_its_answer() -> None:
    order = orders.money(MoneyState.REVERSING, reversal=None)
    with pytest.raises(Contradiction, match="there is no reversal"):
        payment.decide(order, orders.EVENTS["ReversalAnswered"], lanes.RULES)


def test_what_was_sent_with_no_account_cannot_be_given_back() -> None:
    order = orders.money(MoneyState.CONFIRMED, account=None)
    with pytest.raises(Contradiction, match="nothing was ever sent"):
        payment.decide(order, orders.EVENTS["ReversalRequested"], lanes.RULES)


@pytest.mark.parametrize("shown", [30, "20.5", 19])
def test_a_new_refund_of_another_amount_is_not_ours(shown: int | str) -> None:
    told = a_paid_order().refund(20).reversal_lost().wait(0)
    told.check(details(120, ("elsewhere", shown)))
    assert told.order().money == "REVERSAL_UNKNOWN"


def test_ours_is_found_among_others() -> None:
    told = a_paid_order().refund(20).reversal_lost().wait(0)
    told.check(details(120, ("elsewhere", 30), ("ours", 20)))
    assert told.order().refunds == ("ours",)
    assert len(told.of(ReversalSent)) == 1
