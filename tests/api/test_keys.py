"""The till's keys of cancel, keep and print: in the journal, for ever, whatever restarts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posd.core.records import PaymentKept, PrintStarted, Record, SaleCancelled
from posd.door import CancelSale, KeepSale, PlainAsk, PrintAgain
from posd.inbox import Asked
from posd.journal.codec import decode
from posd.journal.errors import JournalFailed
from posd.journal.reader import JournalReader
from tests.engine_world import World, asked, refusal, sale, scanned, view
from tests.journal import samples

BODY = "b" * 64


def paid_world() -> tuple[World, str]:
    """A sale that was paid, printed and left memory."""
    world, opened = World(), sale()
    world.run(opened, None, scanned())
    return world, view(opened).order_id


def after_restart(world: World, ask: PlainAsk) -> tuple[World, Asked]:
    """What a new process, with the same journal, answers."""
    again, question = World(journal=world.journal), asked(ask)
    again.run(question)
    return again, question


def test_a_print_is_repeated_by_another_key_alone_also_after_a_restart() -> None:
    world, order_id = paid_world()
    ask = PrintAgain(order_id, "print-1", BODY)
    world, first = after_restart(world, ask)
    world, again = after_restart(world, ask)
    world, other = after_restart(world, PrintAgain(order_id, "print-2", BODY))
    assert [view(one).copies for one in (first, again, other)] == [1, 1, 2]
    prints = [record for record in world.journal.records if isinstance(record, PrintStarted)]
    assert [record.idempotency_key for record in prints] == ["", "print-1", "print-2"]
    assert prints[1].body_sha256 == BODY


def test_a_cancel_keeps_its_key() -> None:
    world, opened = World(), sale()
    question: list[Asked] = []

    def cancel() -> Asked:
        question.append(asked(CancelSale(view(opened).id, "cancel-1", BODY)))
        return question[0]

    world.run(opened, None, cancel)
    assert view(question[0]).because == "cashier"
    assert world.journal.order_of_act("cancel-1") == (view(opened).order_id, BODY)
    _, again = after_restart(world, CancelSale(view(opened).id, "cancel-1", BODY))
    assert view(again).seq == view(question[0]).seq


@pytest.mark.parametrize("verb", [CancelSale, KeepSale, PrintAgain])
@pytest.mark.parametrize("body", ["c" * 64, ""])
def test_a_key_that_did_something_else_is_a_conflict_and_nothing_happens(
    verb: Callable[..., PlainAsk], body: str
) -> None:
    world, order_id = paid_world()
    world, _ = after_restart(world, PrintAgain(order_id, "key", BODY))
    before = list(world.journal.records)
    world, other = after_restart(world, verb(order_id, "key", body))
    assert refusal(other).code == "idempotency_conflict"
    assert refusal(other).details["order_id"] == order_id
    assert [r for r in world.journal.records[len(before) :] if hasattr(r, "order_id")] == []


def test_a_repeat_is_a_repeat_although_the_sale_has_moved_on_since() -> None:
    world, order_id = paid_world()
    seen_seq = len(world.journal.records)
    ask = PrintAgain(order_id, "print-1", BODY, seen_seq)
    world, first = after_restart(world, ask)
    world, again = after_restart(world, ask)
    assert [view(one).copies for one in (first, again)] == [1, 1]


def test_a_paper_that_came_out_in_between_is_looked_at_before_another() -> None:
    world, order_id = paid_world()
    seen_seq = len(world.journal.records)
    world, _ = after_restart(world, PrintAgain(order_id, "print-1", BODY, seen_seq))
    _, other = after_restart(world, PrintAgain(order_id, "print-2", BODY, seen_seq))
    assert refusal(other).code == "sale_changed"
    named = refusal(other).sale
    assert named is not None
    assert named.copies == 1


# ---- in the file ------------------------------------------------------------------------------

ACTS: tuple[Callable[[str, str], Record], ...] = (
    lambda name, key: SaleCancelled(name, "cashier", key, BODY),
    lambda name, key: PaymentKept(name, key, BODY),
    lambda name, key: PrintStarted(name, 1, key, BODY),
)


@pytest.mark.parametrize("act", ACTS, ids=["cancel", "keep", "print"])
def test_the_journal_knows_the_key_and_takes_it_once(
    tmp_path: Path, act: Callable[[str, str], Record]
) -> None:
    one, other = samples.order_id(1), samples.order_id(2)
    samples.write(tmp_path, [samples.opened(1), samples.opened(2)], [act(one, "k"), act(one, "")])
    with JournalReader(tmp_path) as reader:
        assert reader.order_of_act("k") == (one, BODY)
        assert reader.order_of_act("") is None
    samples.write(tmp_path, [act(other, "")])  # no key is no key, however often
    with pytest.raises(JournalFailed, match="UNIQUE"):
        samples.write(tmp_path, [act(other, "k")])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("SaleCancelled", '{"order_id":"o","because":"cashier"}'),
        ("PaymentKept", '{"order_id":"o"}'),
        ("PrintStarted", '{"order_id":"o","copy":1}'),
    ],
)
def test_records_from_before_there_were_keys_have_none(kind: str, body: str) -> None:
    record = decode(kind, 1, body)
    assert (record.idempotency_key, record.body_sha256) == ("", "")  # type: ignore[union-attr]
