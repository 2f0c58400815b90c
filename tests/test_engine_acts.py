"""Acts on money at the engine: who did it is written, once for each key, on what was seen."""

from __future__ import annotations

from typing import Any

import pytest

from posd import clock
from posd.core.commands import SendCheck, SendPay, SendReversal
from posd.core.events import PayAnswered
from posd.core.evidence import Evidence, Proof
from posd.core.money import Money
from posd.core.people import Actor, Role
from posd.core.records import PaymentConfirmed
from posd.core.reversal_events import Asking, ReversalAnswered
from posd.door import AbandonSale, CancelSale, ReverseSale
from posd.inbox import Asked
from tests.engine_world import (
    MemoryJournal,
    World,
    asked,
    lost_answer,
    paid,
    refusal,
    sale,
    scanned,
    view,
)

LIN = Actor("lin", Role.SUPERVISOR)


class Journal(MemoryJournal):
    """Keeps the actor of each record beside it."""

    def __init__(self) -> None:
        super().__init__([])
        self.actors: list[str] = []

    def append(self, records: Any, *, at: Any, boot_id: str, actor: str = "") -> int:
        self.actors += [actor] * len(records)
        return super().append(records, at=at, boot_id=boot_id, actor=actor)


def asking(key: str = "act-1", body: str = "b" * 64) -> Asking:
    return Asking(LIN, "broken cup", key, body)


def paid_world() -> tuple[World, str]:
    world, opened = World(journal=Journal()), sale()
    world.silent = {SendReversal}
    world.run(opened, None, scanned())
    return world, view(opened).order_id


def back(world: World, ask: Any) -> Asked:
    question = asked(ask)
    world.inbox._stops_left = 3
    world.engine._stopping = False
    world.run(question, lambda: answered(world))
    return question


def answered(world: World) -> Any:
    sent = [command for command in world.commands if isinstance(command, SendReversal)]
    said = Evidence(Proof.SUCCESS, "0000", transaction_id="99")
    done = "PaymentReversed" in world.names() or "PaymentPartlyRefunded" in world.names()
    if not sent or done:
        return None
    return ReversalAnswered(clock.now(), sent[-1].order_id, sent[-1].number, said)


def test_a_refund_of_a_sale_that_left_memory_is_written_with_its_actor_before_it_is_sent() -> None:
    world, order_id = paid_world()
    assert order_id not in world.engine._memory.state.orders
    question = back(world, ReverseSale(order_id, None, asking()))
    assert view(question).state == "REVERSING"
    at = world.names().index("ReversalSent")
    assert world.journal.actors[at] == "lin"
    assert world.told.index("write ReversalSent") < world.told.index("do SendReversal")
    assert world.names()[-2:] == ["PaymentReversed", "OrderSettled"]


def test_the_same_key_acts_once_and_is_told_the_sale_as_it_is() -> None:
    world, order_id = paid_world()
    back(world, ReverseSale(order_id, None, asking()))
    again = back(world, ReverseSale(order_id, None, asking()))
    assert view(again).verdict == "REFUNDED"
    assert world.names().count("ReversalSent") == 1


@pytest.mark.parametrize("other", [asking(body="c" * 64), asking()], ids=["body", "sale"])
def test_a_key_that_did_something_else_is_a_conflict(other: Asking) -> None:
    world, order_id = paid_world()
    back(world, ReverseSale(order_id, None, asking()))
    second = sale(2)
    world.inbox._stops_left = 3
    world.engine._stopping = False
    world.run(second, None, scanned(2))
    target = view(second).order_id if other == asking() else order_id
    conflict = back(world, ReverseSale(target, None, other))
    assert refusal(conflict).code == "idempotency_conflict"


def test_an_act_on_what_was_seen_earlier_is_refused() -> None:
    world, order_id = paid_world()
    stale = back(world, ReverseSale(order_id, None, asking(), based_on=2))
    assert refusal(stale).code == "sale_changed"
    named = refusal(stale).sale
    assert named is not None
    fresh = back(world, ReverseSale(order_id, None, asking(), based_on=named.seq))
    assert view(fresh).state == "REVERSING"


def test_what_happened_to_paper_since_it_was_seen_changes_nothing_for_the_one_who_decides() -> None:
    world, order_id = paid_world()
    records = world.journal.order(order_id)
    (confirmed,) = [seq for seq, record in records if isinstance(record, PaymentConfirmed)]
    assert records[-1][0] > confirmed
    answer = back(world, ReverseSale(order_id, None, asking(), based_on=confirmed))
    assert view(answer).state == "REVERSING"


def test_an_act_on_what_nobody_can_have_seen_is_refused() -> None:
    world, order_id = paid_world()
    answer = back(world, ReverseSale(order_id, None, asking(), based_on=10_000))
    assert refusal(answer).code == "sale_changed"


def test_a_queue_that_is_full_leaves_the_refund_owed() -> None:
    world, order_id = paid_world()
    world.full = {SendReversal}
    question = back(world, ReverseSale(order_id, None, asking()))
    assert view(question).verdict == "REFUND_OWED"
    assert "RefundOwed" in world.names()


def test_what_was_abandoned_and_comes_late_is_given_back_in_the_same_transaction() -> None:
    world, opened = World(journal=Journal()), sale()
    world.silent = {SendReversal, SendPay, SendCheck}
    abandoned: list[Asked] = []

    def abandon() -> Asked:
        order_id = view(opened).order_id
        abandoned.append(asked(AbandonSale(order_id, "paid_otherwise", asking())))
        return abandoned[0]

    def succeed() -> Any:
        order_id = view(opened).order_id
        return PayAnswered(clock.now(), order_id, paid(order_id, Money(101, "TWD")))

    world.run(
        opened,
        None,
        scanned(),
        lambda: lost_answer(world),
        abandon,
        succeed,
        lambda: answered(world),
    )
    assert view(abandoned[0]).wish == "ABANDONED"
    assert "write PaymentConfirmed ReversalSent" in world.told
    assert "do PrintReceipt" not in world.told


def test_an_ask_without_money_goes_on_as_before() -> None:
    world, order_id = paid_world()
    question = back(world, CancelSale(order_id))
    assert refusal(question).code == "already_paid"
