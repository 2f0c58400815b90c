"""What holds once the world was healed and every wait has ended."""

from __future__ import annotations

from collections import Counter, defaultdict

from posd.core import lane
from posd.core.order import MoneyState, Order, PaperState, Verdict, is_given_up, verdict
from posd.core.records import MismatchProved, PaymentConfirmed, PaymentKept, PaymentNotPaid
from posd.core.reversal_records import PaymentReversed, ReversalGivenUp, VoidGivenUp
from tests.model.knowing import known_order, records
from tests.model.lateness import waits_for_a_person
from tests.model.world import World

FLAGGED = {"mismatch", "conflict", "escalated", "loss", "owed"}
RESTING = (
    *(Verdict.PAID, Verdict.PAID_LATE, Verdict.NOT_PAID, Verdict.VOIDED, Verdict.REFUNDED),
    *(Verdict.AUTHORIZED, Verdict.CALL_SUPERVISOR),
)
TAKEN = ("COMPLETE", "CAPTURE")


def every_capture_is_known_or_flagged(world: World) -> None:
    """4: nothing that LINE Pay took is unknown once it could be asked for days."""
    for order_id, entry in world.linepay.orders.items():
        if entry.taken and entry.status in TAKEN:
            rows = records(world, order_id)
            known = any(isinstance(row, PaymentConfirmed | MismatchProved) for row in rows)
            known = known or any(_is_a_persons_word(row) for row in rows)
            assert known or known_order(world, order_id).attention & FLAGGED, (
                "invariant 4: LINE Pay took money that the journal does not know"
            )


def _is_a_persons_word(row: object) -> bool:
    """Somebody said, by name, that it was given back: then posd asks no more."""
    return isinstance(row, PaymentReversed) and row.found_by == "person"


def paid_is_what_was_taken(world: World) -> None:
    """14: a payment that is shown as paid was taken, with the amount that was asked."""
    for order_id in world.journal.orders():
        order = known_order(world, order_id)
        if verdict(order) in (Verdict.PAID, Verdict.PAID_LATE):
            _is_taken(world, order)


def _is_taken(world: World, order: Order) -> None:
    entry = world.linepay.orders.get(order.order_id)
    assert entry is not None, "invariant 14: paid, and LINE Pay knows nothing of it"
    assert entry.status in TAKEN, "invariant 14: paid, and never taken"
    same = entry.taken == order.captured_minor or "unverified_amount" in order.attention
    assert same, "invariant 14: paid is another amount than was taken"


def everything_is_settled_or_in_sight(world: World) -> None:
    """8."""
    for order in world.machine.orders().values():
        word = verdict(order)
        flagged = word in RESTING or order.attention & FLAGGED
        assert flagged, f"invariant 8: {word} after days, and nobody is told"


def one_order_keeps_money_per_reference(world: World) -> None:
    """3: unless a person decided otherwise, by name, or is asked to."""
    kept: dict[str, list[str]] = defaultdict(list)
    for order_id, entry in world.linepay.orders.items():
        order = known_order(world, order_id)
        decided = order_id in world.people.decided or order.attention & FLAGGED
        if entry.kept > 0 and not decided and not _came_back_in_sight(world, order):
            kept[order.reference].append(order_id)
    doubles = {reference: ids for reference, ids in kept.items() if len(ids) > 1}
    assert not doubles, f"invariant 3: a basket was paid twice: {doubles}"


def _came_back_in_sight(world: World, order: Order) -> bool:
    """LINE Pay denied it and took that back: PAID LATE until a person keeps it."""
    kinds = [type(row) for row in records(world, order.order_id)]
    if PaymentNotPaid not in kinds:
        return False
    since = kinds[kinds.index(PaymentNotPaid) :]
    return verdict(order) is Verdict.PAID_LATE or PaymentKept in since


def what_was_given_up_is_not_kept(world: World) -> None:
    """13."""
    for order_id, entry in world.linepay.orders.items():
        order, rows = known_order(world, order_id), records(world, order_id)
        decided = any(isinstance(row, ReversalGivenUp | VoidGivenUp) for row in rows)
        settled = order_id in world.people.decided
        owed = order.money in (MoneyState.REFUND_OWED, MoneyState.REVERSAL_UNKNOWN)
        if is_given_up(order) and entry.kept > 0:
            in_sight = owed or decided or settled or order.attention & FLAGGED
            assert in_sight, "invariant 13: a payment that was abandoned is kept"


def each_intent_gave_back_once(world: World) -> None:
    """12: LINE Pay never carried one intent out twice."""
    for entry in world.linepay.orders.values():
        intents = Counter(number for _, _, number in entry.refunds)
        assert set(intents.values()) <= {1}, "invariant 12: one refund was carried out twice"


def late_is_told_from_paid(world: World) -> None:
    """5: what a person has to decide is shown as such."""
    for order_id in world.journal.orders():
        order = known_order(world, order_id)
        if verdict(order) is Verdict.PAID:
            assert not waits_for_a_person(world, order_id), (
                "invariant 5: a late payment that nobody has kept is shown as PAID"
            )


def every_paper_has_ended(world: World) -> None:
    """8: no receipt and no slip is taken to be on its way any more."""
    for order in world.machine.orders().values():
        out = [one for one in order.slips if not one.held]
        ended = order.paper is not PaperState.PRINTING and not out
        assert ended, "invariant 8: a paper is taken to be on its way after days"


def replay_gives_the_live_state(world: World) -> None:
    """9: of what is in memory, from its own records under this boot."""
    live = world.machine.orders()
    rows = [
        record
        for record in world.journal.records
        if getattr(record, "order_id", None) in live or not hasattr(record, "order_id")
    ]
    state = lane.replay(lane.LaneState(world.rules), rows)
    for order_id, order in live.items():
        again = state.orders[order_id]
        assert _gist(again) == _gist(order), "invariant 9: replay gives another state"


def _gist(order: Order) -> tuple[object, ...]:
    return order.money, order.paper, order.wish, order.refunded_minor, order.attention
