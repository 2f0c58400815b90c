"""The engine over days: finished orders leave memory, starts and ends lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from devices.values import PrintProof
from posd import clock
from posd.core.commands import PrintReceipt, SendCheck, SendPay
from posd.core.events import PayAnswered, PrinterReady, PrintSucceeded
from posd.core.order import Order
from posd.core.rules import SECOND
from posd.door import PrintAgain
from posd.inbox import Asked, Message, ScanArrived, StopRequested
from posd.snapshot import SaleView
from tests.engine_world import (
    MemoryJournal,
    World,
    lost_answer,
    paid,
    sale,
    scanned,
    sold,
    view,
    waiting,
)

# ---- finished orders ------------------------------------------------------------------------


def test_finished_sales_leave_memory() -> None:
    world = World()
    world.run(*sold(range(50)))
    assert world.names().count("OrderSettled") == 50
    assert (dict(world.engine._memory.state.orders), world.engine._memory._seqs) == ({}, {})


def test_a_finished_sale_is_recalled_for_a_copy_and_leaves_again() -> None:
    world, first, again = World(), sale(), sale()
    world.run(
        first,
        scanned(),
        *sold(range(2, 40)),
        lambda: replace(again, ask=PrintAgain(view(first).id)),
    )
    assert view(again).copies == 1
    copies = [one for one in world.commands if isinstance(one, PrintReceipt) and one.copy]
    assert [(one.order_id, one.copy) for one in copies] == [(view(first).order_id, 1)]
    assert dict(world.engine._memory.state.orders) == {}


def test_a_code_used_long_ago_is_refused_and_does_not_move_its_sale_to_the_front() -> None:
    world = waiting(same_scan_ns=1)
    world.run(*sold(range(40)), scanned(0))
    assert world.board.view.notice is not None
    assert world.board.view.notice.code == "scan_not_armed"
    assert [one.reference for one in world.board.view.recent[:2]] == ["basket-39", "basket-38"]
    assert dict(world.engine._memory.state.orders) == {}


# ---- starts and ends ------------------------------------------------------------------------


def crashed(*steps: object, silent: type) -> MemoryJournal:
    """The journal of a process that was killed while `silent` was carried out."""
    world = World()
    world.silent.add(silent)
    world.inbox.steps.extend([*steps, lambda: pytest.fail("killed")])  # type: ignore[list-item]
    with pytest.raises(pytest.fail.Exception):
        world.engine.run(world.inbox)  # type: ignore[arg-type]
    return world.journal


def test_a_request_that_was_out_at_the_crash_is_asked_about_and_not_sent_again() -> None:
    world = World(journal=crashed(sale(), scanned(), silent=SendPay))
    world.silent.add(SendCheck)
    (doubted,) = world.board.view.unfinished
    assert (doubted.state, doubted.verdict) == ("UNKNOWN", "WORKING")
    world.run(None)
    assert [type(command) for command in world.commands] == [SendCheck]


def test_a_print_that_was_out_at_the_crash_is_unknown_and_not_repeated() -> None:
    world = World(journal=crashed(sale(), scanned(), silent=PrintReceipt))
    world.run(None, PrinterReady(clock.now()))
    assert world.commands == []
    last = world.board.view.last
    assert last is not None
    assert (last.receipt, last.attention) == ("UNKNOWN", ("print_unknown",))


def test_after_a_start_the_recent_sales_stand_in_the_order_in_which_they_were_opened() -> None:
    before = waiting(verdict_ns=1, first_checks_ns=(3600 * SECOND,))
    before.silent.add(SendPay)

    def answer_the_others() -> None:
        before.silent.clear()

    doubted = (sale(0), scanned(0), lambda: lost_answer(before), None, answer_the_others)
    before.run(*doubted, *sold(range(1, 13)))
    world = World(journal=before.journal)
    shown = [one.reference for one in world.board.view.recent]
    assert shown[:10] == [f"basket-{number}" for number in range(12, 2, -1)]
    assert [one.reference for one in world.board.view.unfinished] == ["basket-0"]
    assert world.board.view.unfinished[0].seq > 0


def test_many_unfinished_sales_neither_hide_the_newest_nor_lose_their_place() -> None:
    world = waiting(verdict_ns=1, first_checks_ns=(3600 * SECOND,))
    world.silent.add(SendPay)
    doubts = [(sale(n), scanned(n), lambda: lost_answer(world), None) for n in range(30)]
    world.run(*(step for doubt in doubts for step in doubt))
    board = world.board.view
    assert [one.reference for one in board.recent] == [f"basket-{n}" for n in range(29, 9, -1)]
    assert [one.reference for one in board.unfinished] == [f"basket-{n}" for n in range(30)]
    assert all(one.seq > 0 for one in board.unfinished)


def test_an_end_waits_for_the_request_and_the_receipt_that_are_out() -> None:
    world = World()
    world.silent |= {SendPay, PrintReceipt}
    stop = StopRequested("SIGTERM")
    world.run(sale(), scanned(), stop, None, lambda: answered(world), None, lambda: printed(world))
    assert world.names()[-4:] == [
        "PaymentConfirmed",
        "PrintStarted",
        "PrintFinished",
        "OrderSettled",
    ]


def answered(world: World) -> Message:
    (sent,) = (command for command in world.commands if isinstance(command, SendPay))
    return PayAnswered(clock.now(), sent.order_id, paid(sent.order_id, sent.amount))


def printed(world: World) -> Message:
    (job,) = (command for command in world.commands if isinstance(command, PrintReceipt))
    return PrintSucceeded(clock.now(), job.order_id, job.copy, PrintProof.PROVED)


def test_an_end_does_not_wait_for_what_is_unknown() -> None:
    world = World()
    world.silent |= {SendPay, SendCheck}
    world.run(sale(), scanned(), lambda: lost_answer(world))
    assert world.board.view.unfinished[0].state == "UNKNOWN"


def test_the_end_cancels_the_sale_that_waits_for_a_key() -> None:
    world = World()
    world.run(sale())
    assert world.names()[-2:] == ["SaleCancelled", "OrderSettled"]


def test_what_nothing_happens_to_is_not_drawn_anew_for_every_other_sale() -> None:
    world = World()
    world.full.add(PrintReceipt)  # its receipt is held back, so it stays in memory
    drawn: list[str] = []
    look = world.board.look

    def noted(order: Order, seq: int, now_ns: int) -> SaleView:
        drawn.append(order.reference)
        return look(order, seq, now_ns)

    world.board.look = noted  # type: ignore[method-assign]
    world.run(*sold([1]), None, drawn.clear, *sold([2]))
    assert "basket-2" in drawn
    assert "basket-1" not in drawn
    assert [one.reference for one in world.board.view.unfinished] == ["basket-1", "basket-2"]


# ---- the barcode of a receipt or slip, while idle ----------------------------------------------


def the_paper_of(sold_before: Asked) -> Callable[[], ScanArrived]:
    """The barcode of its receipt is scanned, when the engine comes to it."""

    def scan() -> ScanArrived:
        return scanned(text=view(sold_before).receipt_number)()

    return scan


def test_the_paper_of_a_sale_scanned_while_idle_is_shown_first() -> None:
    world, first = World(), sale(1)
    paper = the_paper_of(first)
    world.run(first, None, scanned(1), *sold(range(2, 5)), paper)
    assert world.board.view.notice is not None
    assert world.board.view.notice.code == "paper_scanned"
    assert world.board.view.recent[0].id == view(first).id


def test_the_paper_of_a_sale_scanned_while_another_waits_is_a_wrong_code() -> None:
    world, first = World(), sale(1)
    paper = the_paper_of(first)
    world.run(first, None, scanned(1), sale(2), None, paper)
    assert world.board.view.notice is not None
    assert world.board.view.notice.code == "key_receipt_number"


def test_a_paper_of_which_nothing_is_known_is_refused_as_any_code_is() -> None:
    world = World()
    world.run(scanned(text="R1234567890"))
    assert world.board.view.notice is not None
    assert world.board.view.notice.code == "scan_not_armed"
