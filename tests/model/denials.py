"""Nothing that was sent is believed to be unpaid without its proof."""

from __future__ import annotations

from typing import Any

from posd.core.records import CheckReported, CheckSent, DeclineReported, PaymentNotPaid
from posd.core.rules import SECOND
from tests.model.knowing import fresh, records
from tests.model.world import World

DENIALS = ("declined", "absent", "cancelled", "failed", "expired")
LIFE_OF_A_PAYMENT_NS = 21 * 60 * SECOND
APART_NS = 60 * SECOND


def denials_are_believed_only_with_proof(world: World) -> None:
    """15, and the check that a decline needs."""
    for _, row in fresh(world):
        if isinstance(row, PaymentNotPaid):
            _proved(records(world, row.order_id), row)
            _old_enough(world, row)


def _old_enough(world: World, denial: PaymentNotPaid) -> None:
    """By LINE Pay's own clock; a crash may have come before the request."""
    begun = world.network.begun.get(denial.order_id)
    if begun is not None and _is_absence(denial):
        assert world.machine.true_ns - begun[1] >= LIFE_OF_A_PAYMENT_NS, (
            "invariant 15: absence believed while the payment could still be made"
        )


def _is_absence(denial: PaymentNotPaid) -> bool:
    return (denial.because, denial.code) == ("absent", "1150")


def _proved(rows: list[Any], denial: PaymentNotPaid) -> None:
    before = rows[: rows.index(denial)]
    kinds = [type(row) for row in before]
    assert denial.because in DENIALS, "invariant 4: an order whose request was sent was given up"
    if denial.because in ("cancelled", "failed", "expired"):
        assert kinds[-1] is CheckReported, "invariant 7: a denial that LINE Pay never spoke"
    if denial.because == "declined":
        _checked_after_the_decline(kinds)
    if _is_absence(denial):
        _asked_twice_past_the_horizon(before)


def _checked_after_the_decline(kinds: list[type]) -> None:
    assert DeclineReported in kinds, "invariant 7: declined without LINE Pay's word"
    since = len(kinds) - 1 - kinds[::-1].index(DeclineReported)
    assert CheckSent in kinds[since:], "invariant 7: a decline believed without a check"
    assert kinds[-1] is CheckReported, "invariant 7: a decline believed without an answer"


def _asked_twice_past_the_horizon(before: list[Any]) -> None:
    asked = {row.number: row for row in before if isinstance(row, CheckSent)}
    past_ns = [
        asked[row.number].sent_ns
        for row in before
        if isinstance(row, CheckReported)
        and row.finding == "absent"
        and asked[row.number].past_horizon
    ]
    apart = len(past_ns) > 1 and max(past_ns) - min(past_ns) >= APART_NS
    assert apart, "invariant 15: absence believed before two checks past the horizon"
