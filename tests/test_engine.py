"""The loop: written before done, refused means unchanged, a failed write is the end."""

from __future__ import annotations

import pytest

from posd import clock
from posd.core.commands import PrepareReceipt, PrintReceipt, SendCheck, SendPay, WarmConnection
from posd.core.events import (
    CheckAnswered,
    PrinterReady,
)
from posd.core.evidence import Evidence, Proof
from posd.core.rules import SECOND
from posd.door import CancelSale, KeepSale, PrintAgain
from posd.inbox import DeviceSeen, GatewaySeen, Message, WorkerDied
from posd.outlets import FatalWorker
from posd.snapshot import DeviceView, GatewayView
from tests.engine_world import World, asked, lost_answer, refusal, sale, scanned, view, waiting

# ---- the order of things --------------------------------------------------------------------


def test_each_command_is_carried_out_after_its_records_are_durable() -> None:
    world = World()
    world.run(sale(), scanned())
    assert world.told == [
        "write SaleOpened",
        "do WarmConnection",
        "do PrepareReceipt",
        "copy PaySent",  # flushed while the journal is
        "write PaySent",
        "copy flushed",
        "do SendPay",
        "write PaymentConfirmed PrintStarted",
        "do PrintReceipt",
        "write PrintFinished OrderSettled",
    ]


def test_the_view_is_published_before_the_till_is_answered() -> None:
    world, opened = World(), sale()
    seen: list[str | None] = []

    def look() -> None:
        selling = world.board.view.selling
        seen.append(selling.id if selling else None)

    opened.reply.add_done_callback(lambda _: look())
    world.run(opened)
    assert seen == [view(opened).id]


def test_the_key_is_in_the_vault_only_from_its_record_to_its_command() -> None:
    world = World()
    world.silent |= {SendPay, SendCheck}
    held: list[str] = []

    def look() -> None:
        held.append(repr(world.vault))

    def take() -> None:
        (sent,) = (command for command in world.commands if isinstance(command, SendPay))
        assert world.vault.take(sent.fingerprint) == f"38{2:016d}"

    unarmed, armed = (scanned(1), look), (sale(), scanned(text="471"), look)
    in_flight = (scanned(2), look, scanned(3), look, take, scanned(2), look)
    world.run(*unarmed, *armed, *in_flight, lambda: lost_answer(world))
    empty, full = "Vault(0 key)", "Vault(1 key)"
    assert held == [empty, empty, full, full, empty]


# ---- refusals -------------------------------------------------------------------------------


def test_a_refused_event_writes_nothing_does_nothing_and_is_told_on_the_board() -> None:
    world = World()
    world.run(scanned(), scanned(text="4710088430274"))
    assert world.told == []
    assert world.board.view.notice is not None
    assert (world.board.view.notice.number, world.board.view.notice.code) == (2, "scan_not_armed")


def test_what_a_key_may_be_besides_is_told_while_it_is_taken_and_a_refusal_is_newer() -> None:
    told: list[tuple[int, str]] = []
    for steps in ((sale(),), ()):
        world = World()
        world.run(*steps, scanned(text="289431869362714645"))
        notice = world.board.view.notice
        assert notice is not None
        told.append((notice.number, notice.code))
        assert ("do SendPay" in world.told) is bool(steps)
    assert told == [(1, "doubt_line_pay_or_wallet"), (2, "scan_not_armed")]


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (CancelSale("nobody"), "no_such_sale"),
        (KeepSale("nobody"), "no_such_sale"),
        (PrintAgain("nobody"), "no_such_sale"),
    ],
)
def test_an_ask_about_a_sale_that_is_not_there_is_refused(ask: CancelSale, code: str) -> None:
    world, question = World(), asked(ask)
    world.run(question)
    assert (refusal(question).code, world.told) == (code, [])


def test_a_hindrance_refuses_the_sale_and_stands_on_the_board() -> None:
    world, wanted = World(), sale()
    world.hindrances = ("disk_low", "clock_unknown")
    world.run(wanted)
    assert (refusal(wanted).code, refusal(wanted).sale) == ("disk_low", None)
    assert world.board.view.hindrances == ("disk_low", "clock_unknown")
    assert world.told == []


def test_a_second_sale_is_refused_and_names_the_first() -> None:
    world, first, second = World(), sale(1), sale(2)
    world.run(first, second)
    assert refusal(second).code == "sale_open"
    named = refusal(second).sale
    assert named is not None
    assert named.id == view(first).id


def test_an_asker_who_gave_up_before_his_turn_changes_nothing() -> None:
    world, wanted = World(), sale()
    assert wanted.reply.cancel()
    world.run(wanted)
    assert world.told == []


# ---- a disk that fails ----------------------------------------------------------------------


def test_a_failed_write_ends_the_loop_with_no_command_and_no_answer() -> None:
    world, wanted = World(), sale()
    world.journal.broken = True
    with pytest.raises(OSError, match="the disk is gone"):
        world.run(wanted)
    assert world.told == []
    assert world.commands == []
    assert not wanted.reply.done()


def test_a_failed_write_of_paysent_sends_nothing() -> None:
    world = World()

    def break_disk() -> None:
        world.journal.broken = True

    with pytest.raises(OSError, match="the disk is gone"):
        world.run(sale(), break_disk, scanned())
    opened = ["write SaleOpened", "do WarmConnection", "do PrepareReceipt"]
    assert world.told == [*opened, "copy PaySent"]
    assert repr(world.vault) == "Vault(0 key)"


# ---- when a till is answered ----------------------------------------------------------------


@pytest.mark.parametrize(("quiet_ns", "answered"), [(3600 * SECOND, False), (1, True)])
def test_the_till_is_answered_only_after_the_scanner_was_silent_for_its_time(
    quiet_ns: int, answered: bool
) -> None:
    world, opened = waiting(quiet_ns=quiet_ns), sale()
    seen: list[bool] = []

    def look() -> None:
        seen.append(opened.reply.done())

    world.run(opened, None, look)
    assert seen == [answered]


def test_the_loop_wakes_for_the_end_of_that_silence() -> None:
    world = waiting(quiet_ns=SECOND)
    world.run(sale(), None)
    assert 0 <= (world.inbox.waits_s[1] or 0) <= 1.0


def test_a_till_that_waits_when_posd_ends_is_told_that_its_sale_is_cancelled() -> None:
    world, opened = waiting(quiet_ns=3600 * SECOND), sale()
    world.run(opened)
    assert (view(opened).verdict, view(opened).because) == ("NOT_PAID", "cashier")


def test_a_repeat_is_answered_at_once_with_the_sale_as_it_is() -> None:
    world, first, repeat = World(), sale(), sale()
    world.run(first, scanned(), repeat)
    assert view(repeat).order_id == view(first).order_id
    assert view(repeat).verdict == "PAID"
    assert world.names().count("SaleOpened") == 1


# ---- full queues ----------------------------------------------------------------------------


def test_a_payment_that_finds_its_queue_full_was_not_sent() -> None:
    world = World()
    world.full.add(SendPay)
    world.run(sale(), scanned())
    assert world.told[-2:] == ["copy flushed", "write PaymentNotPaid OrderSettled"]
    last = world.board.view.last
    assert last is not None
    assert (last.verdict, last.because, last.code) == ("NOT_PAID", "absent", "queue_full")
    assert repr(world.vault) == "Vault(0 key)"


def test_a_receipt_that_finds_its_queue_full_is_held_and_comes_later() -> None:
    world = World()
    world.full.add(PrintReceipt)

    def empty_queue() -> Message:
        world.full.clear()
        return PrinterReady(clock.now())

    world.run(sale(), scanned(), None, empty_queue)
    assert world.names()[-6:] == [
        "PaymentConfirmed",
        "PrintStarted",
        "PrintHeld",
        "PrintStarted",
        "PrintFinished",
        "OrderSettled",
    ]


def test_a_question_that_finds_its_queue_full_brought_nothing() -> None:
    world = waiting(first_checks_ns=(0, 1, 2), check_to_verdict_ns=3600 * SECOND)
    world.silent.add(SendPay)
    world.full.add(SendCheck)
    world.run(sale(), scanned(), lambda: lost_answer(world), None)
    names = world.names()
    assert names.count("CheckSent") == names.count("CheckReported") > 0
    assert world.board.view.unfinished[0].state == "UNKNOWN"


# ---- deadlines ------------------------------------------------------------------------------


def test_a_sale_without_a_key_is_cancelled_at_its_deadline() -> None:
    world, opened = waiting(key_ns=1), sale()
    world.run(opened, None)
    assert world.names()[-2:] == ["SaleCancelled", "OrderSettled"]
    assert world.board.view.recent[0].because == "no_key"


def test_the_loop_never_sleeps_past_a_deadline_nor_longer_than_its_idle_time() -> None:
    world = waiting(key_ns=2 * SECOND)
    world.run(None, sale(), None)
    waits_s = [wait_s for wait_s in world.inbox.waits_s if wait_s is not None]
    assert waits_s[0] == 5.0
    assert all(0 <= wait_s <= 2.0 for wait_s in waits_s[2:4])


def test_the_journal_is_maintained_when_idle_once_and_not_while_a_customer_waits() -> None:
    world = World()
    world.run(sale(), None, scanned(), None, None, None)
    assert world.told.count("maintain") == 1
    assert world.told[-1] == "maintain"


def test_every_round_of_the_loop_proves_that_it_lives() -> None:
    world, beats = World(), []
    world.beats.append(lambda: beats.append(1))
    world.run(None, None, scanned())
    assert len(beats) == 4


# ---- workers --------------------------------------------------------------------------------


def test_the_death_of_a_device_is_told_and_the_loop_goes_on() -> None:
    world, opened = World(), sale()
    world.run(WorkerDied("printer", "ValueError: no such font", fatal=False), opened)
    assert world.board.view.notice is not None
    assert world.board.view.notice.code == "worker_died"
    assert view(opened).verdict == "WAITING"


def test_the_death_of_a_gateway_worker_ends_the_loop() -> None:
    with pytest.raises(FatalWorker, match="pay: KeyError"):
        World().run(WorkerDied("pay", "KeyError: 'x'", fatal=True))


def test_devices_and_gateway_are_shown_as_their_workers_met_them() -> None:
    world = World()
    scanner = DeviceView("scanner", "serial", "connected", ready=True)
    printer = DeviceView("printer", "escpos", "paper_out")
    seen = (DeviceSeen(scanner), DeviceSeen(printer), GatewaySeen(GatewayView("reachable")))
    world.run(*seen)
    board = world.board.view
    assert (board.scanner, board.printer) == (scanner, printer)
    assert board.gateway.condition == "reachable"


def test_an_event_for_an_order_that_nobody_knows_is_refused_and_told() -> None:
    world = World()
    world.run(CheckAnswered(clock.now(), "nobody", 1, Evidence(Proof.SUCCESS, "0000")))
    assert world.told == []
    assert world.board.view.notice is not None
    assert world.board.view.notice.code == "no_such_sale"


def test_the_warm_connection_comes_while_the_code_is_awaited() -> None:
    world = World()
    world.run(sale())
    assert [type(command) for command in world.commands] == [WarmConnection, PrepareReceipt]
