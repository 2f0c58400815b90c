"""What holds whenever the engine has come to rest, by LINE Pay's books and the durable journal."""

from __future__ import annotations

from collections import Counter

from posd.core.order import MoneyState, Verdict, verdict
from posd.core.records import PaySent, SaleCancelled
from posd.core.rules import SECOND
from tests.model.knowing import fresh, known_order
from tests.model.world import World


def at_most_one_payment_request(world: World) -> None:
    """1: per order, and LINE Pay has none that posd never wrote."""
    wanted = {row.order_id for row in world.journal.all_of(PaySent)}
    assert len(wanted) == len(world.journal.all_of(PaySent)), (
        "invariant 1: two PaySent for one order"
    )
    sent = {order_id for order_id, _ in world.linepay.pays}
    assert sent <= wanted, "invariant 1: LINE Pay has a request that posd never wrote"


def a_key_belongs_to_one_order(world: World) -> None:
    """2."""
    keys = Counter(row.fingerprint for row in world.journal.all_of(PaySent))
    assert set(keys.values()) <= {1}, "invariant 2: a key was sent for two orders"


def a_sent_order_is_never_cancelled(world: World) -> None:
    """4."""
    if any(isinstance(row, SaleCancelled | PaySent) for _, row in fresh(world)):
        cancelled = {row.order_id for row in world.journal.all_of(SaleCancelled)}
        sent = {row.order_id for row in world.journal.all_of(PaySent)}
        assert not cancelled & sent, "invariant 4: an order whose request was sent was cancelled"


def at_most_one_original(world: World) -> None:
    """6."""
    originals = max(world.paper.originals.values(), default=0)
    assert originals <= 1, "invariant 6: two originals of a receipt"


def the_view_is_what_the_journal_says(world: World) -> None:
    """16: PAID on the board can be derived from what is durable."""
    view = world.board.view
    for sale in (*view.recent, *view.unfinished):
        if sale.verdict == Verdict.PAID:
            known = known_order(world, sale.order_id)
            assert known.money is MoneyState.CONFIRMED, "invariant 16: PAID is not in the journal"


def working_lasts_a_minute(world: World) -> None:
    """8."""
    for order in world.machine.orders().values():
        if verdict(order) is Verdict.WORKING:
            age_ns = world.machine.now_ns - (order.scan_ns or 0)
            assert age_ns < 60 * SECOND, "invariant 8: WORKING for more than 60 s"


def no_more_is_given_back_than_was_taken(world: World) -> None:
    """12."""
    for entry in world.linepay.orders.values():
        assert entry.given_back <= max(entry.taken, entry.held), (
            "invariant 12: more was given back than was taken"
        )
    for order in world.machine.orders().values():
        assert order.refunded_minor <= max(order.captured_minor, order.amount.minor), (
            "invariant 12: the journal gives back more than was taken"
        )
