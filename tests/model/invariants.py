"""The invariants of the money machine, judged by LINE Pay's books and by what is durable.

Rule: each says its number in docs/reliability.md with the first words of its message. Those in
`ALWAYS` hold after every step, those in `AT_REST` once the world was healed and everything ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from devices.values import Columns
from posd.core import lane
from posd.core.commands import Command, PrintReceipt, SendCapture, SendPay, SendReversal
from posd.core.order import MoneyState, Order, Verdict, is_given_up, verdict
from posd.core.records import (
    CheckReported,
    CheckSent,
    DeclineReported,
    MismatchProved,
    PaymentConfirmed,
    PaymentNotPaid,
    PaySent,
    PrintStarted,
    SaleCancelled,
)
from posd.core.reversal_records import CaptureSent, ReversalGivenUp, ReversalSent, VoidGivenUp
from posd.core.rules import SECOND
from tests.model.world import World

DENIALS = ("declined", "absent", "cancelled", "failed", "expired")
LIFE_OF_A_PAYMENT_NS = 21 * 60 * SECOND
SENT_WITHIN_NS = 10 * SECOND
FLAGGED = {"mismatch", "conflict", "escalated", "loss", "owed"}


def records(world: World, order_id: str) -> list[Any]:
    return [record for _, record in world.journal.order(order_id)]


def known_order(world: World, order_id: str) -> Order:
    """The order as the durable journal tells it, replayed."""
    state = lane.replay(lane.LaneState(world.rules), records(world, order_id))
    return state.orders[order_id]


# ---- when a command leaves the engine ---------------------------------------------------------


def is_written_before_it_is_done(world: World, command: Command) -> None:
    """1, 5, 12: the record of what is about to happen is durable."""
    rows = records(world, getattr(command, "order_id", ""))
    kinds = [type(row) for row in rows]
    match command:
        case SendPay():
            world.ordered[command.order_id] += 1
            assert world.ordered[command.order_id] == 1, (
                "invariant 1: a second payment request for one order"
            )
            sent = [row for row in rows if isinstance(row, PaySent)]
            assert len(sent) == 1, "invariant 1: a payment request without a durable PaySent"
            scan_ns = sent[0].scan_ns
            assert command.not_after_ns <= scan_ns + SENT_WITHIN_NS, (
                "invariant 1: a payment request may leave later than 10 s after its scan"
            )
        case SendCapture():
            assert CaptureSent in kinds, "invariant 12: a capture without a durable CaptureSent"
        case SendReversal():
            sent_ = [row for row in rows if isinstance(row, ReversalSent)]
            assert sent_, "invariant 12: a reversal without a durable intent"
            assert sent_[-1].number == command.number, "invariant 12: a reversal of another intent"
            tries = [row for row in sent_ if row.number == command.number]
            assert tries[-1].full or len(tries) == 1, (
                "invariant 12: a partial refund is sent a second time"
            )
        case PrintReceipt():
            assert PaymentConfirmed in kinds, "invariant 5: a receipt without a durable payment"
            (paid,) = (row for row in rows if isinstance(row, PaymentConfirmed))
            sums = [one.right for one in command.document.elements if isinstance(one, Columns)]
            assert f"{paid.captured_minor} TWD" in sums, (
                "invariant 5: a receipt of another amount than was confirmed"
            )
            assert PrintStarted in kinds, "invariant 5: a print without a durable PrintStarted"


# ---- after every step -------------------------------------------------------------------------


def at_most_one_payment_request(world: World) -> None:
    """1: per order, and none was delivered by posd after its time."""
    sent = Counter(order_id for order_id, _ in world.linepay.pays)
    wanted = Counter(row.order_id for row in world.journal.records if isinstance(row, PaySent))
    assert set(wanted.values()) <= {1}, "invariant 1: two PaySent for one order"
    assert set(sent) <= set(wanted), "invariant 1: LINE Pay has a request that posd never wrote"


def a_key_belongs_to_one_order(world: World) -> None:
    """2."""
    keys = Counter(row.fingerprint for row in world.journal.records if isinstance(row, PaySent))
    assert set(keys.values()) <= {1}, "invariant 2: a key was sent for two orders"


def a_sent_order_is_never_cancelled(world: World) -> None:
    """4."""
    cancelled = {r.order_id for r in world.journal.records if isinstance(r, SaleCancelled)}
    sent = {r.order_id for r in world.journal.records if isinstance(r, PaySent)}
    assert not cancelled & sent, "invariant 4: an order whose request was sent was cancelled"


def at_most_one_original(world: World) -> None:
    """6."""
    assert max(world.originals.values(), default=0) <= 1, "invariant 6: two originals of a receipt"


def the_view_is_what_the_journal_says(world: World) -> None:
    """16: PAID on the board can be derived from what is durable."""
    view = world.board.view
    for sale in (*view.recent, *view.unfinished):
        if sale.verdict == Verdict.PAID:
            known = known_order(world, sale.order_id)
            assert known.money is MoneyState.CONFIRMED, "invariant 16: PAID is not in the journal"


def working_lasts_a_minute(world: World) -> None:
    """8."""
    for order in world.orders().values():
        if verdict(order) is Verdict.WORKING:
            age_ns = world.now_ns - (order.scan_ns or 0)
            assert age_ns < 60 * SECOND, "invariant 8: WORKING for more than 60 s"


def no_more_is_given_back_than_was_taken(world: World) -> None:
    """12."""
    for entry in world.linepay.orders.values():
        assert entry.given_back <= max(entry.taken, entry.held), (
            "invariant 12: more was given back than was taken"
        )
    for order in world.orders().values():
        assert order.refunded_minor <= max(order.captured_minor, order.amount.minor), (
            "invariant 12: the journal gives back more than was taken"
        )


def denials_are_believed_only_with_proof(world: World) -> None:
    """15, and the check that a decline needs."""
    last = world.journal.records[-6:]
    for row in last:
        if isinstance(row, PaymentNotPaid):
            _proved(records(world, row.order_id), row)
            left = row.order_id in world.begun  # a crash may come before the request
            if left and (row.because, row.code) == ("absent", "1150"):
                age_ns = world.true_ns - world.begun[row.order_id][1]
                assert age_ns >= LIFE_OF_A_PAYMENT_NS, (
                    "invariant 15: absence believed while the payment could still be made"
                )


def _proved(rows: list[Any], denial: PaymentNotPaid) -> None:
    before = rows[: rows.index(denial)]
    kinds = [type(row) for row in before]
    assert denial.because in DENIALS, "invariant 4: an order whose request was sent was given up"
    if denial.because in ("cancelled", "failed", "expired"):
        assert kinds[-1] is CheckReported, "invariant 7: a denial that LINE Pay never spoke"
    if denial.because == "declined":
        assert DeclineReported in kinds, "invariant 7: declined without LINE Pay's word"
        since = len(kinds) - 1 - kinds[::-1].index(DeclineReported)
        assert CheckSent in kinds[since:], "invariant 7: a decline believed without a check"
        assert kinds[-1] is CheckReported, "invariant 7: a decline believed without an answer"
    if (denial.because, denial.code) == ("absent", "1150"):
        reports = [row for row in before if isinstance(row, CheckReported)]
        asked = {row.number: row for row in before if isinstance(row, CheckSent)}
        past = [
            asked[report.number].sent_ns
            for report in reports
            if report.finding == "absent" and asked[report.number].past_horizon
        ]
        apart = len(past) > 1 and max(past) - min(past) >= 60 * SECOND
        assert apart, "invariant 15: absence believed before two checks past the horizon"


def replay_gives_the_live_state(world: World) -> None:
    """9: of what is in memory, from its own records under this boot."""
    live = world.orders()
    rows = [
        record
        for record in world.journal.records
        if getattr(record, "order_id", None) in live or not hasattr(record, "order_id")
    ]
    state = lane.replay(lane.LaneState(world.rules), rows)
    for order_id, order in live.items():
        again = state.orders[order_id]
        same = (again.money, again.paper, again.wish, again.refunded_minor, again.attention)
        assert same == (
            *(order.money, order.paper, order.wish, order.refunded_minor, order.attention),
        ), "invariant 9: replay gives another state"


ALWAYS: tuple[Callable[[World], None], ...] = (
    at_most_one_payment_request,
    a_key_belongs_to_one_order,
    a_sent_order_is_never_cancelled,
    at_most_one_original,
    the_view_is_what_the_journal_says,
    working_lasts_a_minute,
    no_more_is_given_back_than_was_taken,
    denials_are_believed_only_with_proof,
)


# ---- at rest ----------------------------------------------------------------------------------


def every_capture_is_known_or_flagged(world: World) -> None:
    """4: nothing that LINE Pay took is unknown once it could be asked for days."""
    for order_id, entry in world.linepay.orders.items():
        if entry.taken and entry.status in ("COMPLETE", "CAPTURE"):
            rows = records(world, order_id)
            known = any(isinstance(row, PaymentConfirmed | MismatchProved) for row in rows)
            order = known_order(world, order_id)
            assert known or order.attention & FLAGGED, (
                "invariant 4: LINE Pay took money that the journal does not know"
            )


def paid_is_what_was_taken(world: World) -> None:
    """14: a payment that is shown as paid was taken, with the amount that was asked."""
    for order_id in world.journal.orders():
        order = known_order(world, order_id)
        if verdict(order) in (Verdict.PAID, Verdict.PAID_LATE):
            entry = world.linepay.orders.get(order_id)
            assert entry is not None, "invariant 14: paid, and LINE Pay knows nothing of it"
            assert entry.status in ("COMPLETE", "CAPTURE"), "invariant 14: paid, and never taken"
            same = entry.taken == order.captured_minor or "unverified_amount" in order.attention
            assert same, "invariant 14: paid is another amount than was taken"


def everything_is_settled_or_in_sight(world: World) -> None:
    """8."""
    for order in world.orders().values():
        word = verdict(order)
        resting = word in (
            *(Verdict.PAID, Verdict.PAID_LATE, Verdict.NOT_PAID, Verdict.VOIDED, Verdict.REFUNDED),
            *(Verdict.AUTHORIZED, Verdict.CALL_SUPERVISOR),
        )
        flagged = order.attention & FLAGGED
        assert resting or flagged, f"invariant 8: {word} after days, and nobody is told"


def one_order_keeps_money_per_reference(world: World) -> None:
    """3: unless a person decided otherwise, by name."""
    kept: dict[str, list[str]] = defaultdict(list)
    for order_id, entry in world.linepay.orders.items():
        order = known_order(world, order_id)
        decided = order_id in world.decided or order.attention & FLAGGED
        if entry.kept > 0 and not decided:
            kept[order.reference].append(order_id)
    doubles = {reference: ids for reference, ids in kept.items() if len(ids) > 1}
    assert not doubles, f"invariant 3: a basket was paid twice: {doubles}"


def what_was_given_up_is_not_kept(world: World) -> None:
    """13."""
    for order_id, entry in world.linepay.orders.items():
        order, rows = known_order(world, order_id), records(world, order_id)
        decided = any(isinstance(row, ReversalGivenUp | VoidGivenUp) for row in rows)
        settled = order_id in world.decided
        owed = order.money in (MoneyState.REFUND_OWED, MoneyState.REVERSAL_UNKNOWN)
        if is_given_up(order) and entry.kept > 0:
            in_sight = owed or decided or settled or order.attention & FLAGGED
            assert in_sight, "invariant 13: a payment that was abandoned is kept"


def each_intent_gave_back_once(world: World) -> None:
    """12: LINE Pay never carried one intent out twice."""
    for entry in world.linepay.orders.values():
        intents = Counter(number for _, _, number in entry.refunds)
        assert set(intents.values()) <= {1}, "invariant 12: one refund was carried out twice"


AT_REST: tuple[Callable[[World], None], ...] = (
    every_capture_is_known_or_flagged,
    paid_is_what_was_taken,
    everything_is_settled_or_in_sight,
    one_order_keeps_money_per_reference,
    what_was_given_up_is_not_kept,
    each_intent_gave_back_once,
    replay_gives_the_live_state,
)
