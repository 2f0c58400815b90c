"""The printer's worker: a job is told as what is known of it, and never repeated."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from typing import Any

import pytest

from devices.errors import NoAnswer, Refused, Unavailable
from devices.values import (
    DrawerState,
    PrinterCondition,
    PrinterStatus,
    PrintProof,
    ReceiptDocument,
    Text,
)
from posd.core.commands import PrepareReceipt, PrintReceipt, PrintSlip
from posd.core.events import (
    PrinterReady,
    PrintNotStarted,
    PrintSucceeded,
    PrintUnanswered,
    SlipNotStarted,
    SlipPrinted,
    SlipUnanswered,
)
from posd.inbox import DeviceSeen, Inbox, WorkerDied
from posd.snapshot import DeviceView
from posd.workers.printer import KickDrawer, PrinterWorker

from .fakes import PATIENCE_S, READY, FakePrinter, names, told

JOB = PrintReceipt("order-1", 0, ReceiptDocument((Text("120 TWD"),)))
NO_PAPER = PrinterStatus(PrinterCondition.PAPER_OUT, "put in a new roll")
SILENT = PrinterStatus(PrinterCondition.SILENT, "it answers nothing")


def worker_of(*sayings: Any, busy: bool = False) -> tuple[PrinterWorker, FakePrinter]:
    printer = FakePrinter(*sayings)
    return PrinterWorker(Inbox(), printer, "escpos", lambda: busy), printer


def printing(*sayings: Any) -> tuple[PrinterWorker, FakePrinter]:
    """A worker that met a ready printer and has carried out JOB."""
    worker, printer = worker_of(READY, *sayings)
    worker.give(JOB)
    worker.work()
    seen, ready, *_ = rest = told(worker.inbox)
    assert seen == DeviceSeen(DeviceView("printer", "escpos", "ready", "", ready=True))
    assert isinstance(ready, PrinterReady)
    for message in rest[2:]:
        worker.inbox.put(message)
    return worker, printer


def looked(worker: PrinterWorker) -> list[str]:
    """What a look at the printer brings, when no job comes."""
    worker.give_up_waiting()
    worker.work()
    return names(worker.inbox)


@pytest.mark.parametrize("proof", list(PrintProof))
def test_a_printed_job_is_told_with_its_proof(proof: PrintProof) -> None:
    worker, printer = printing(proof)
    (event,) = told(worker.inbox)
    assert isinstance(event, PrintSucceeded)
    assert (event.order_id, event.copy, event.proof) == ("order-1", 0, proof)
    assert printer.calls == ["status", JOB.document]


def test_a_job_of_which_bytes_left_is_unknown_and_not_sent_again() -> None:
    worker, printer = printing(NoAnswer("it hung"), READY)
    (event,) = told(worker.inbox)
    assert isinstance(event, PrintUnanswered)
    assert (event.order_id, event.reason) == ("order-1", "it hung")
    assert printer.calls == ["status", JOB.document, "status"]


def test_a_refused_job_was_not_started_and_shows_why() -> None:
    worker, _ = printing(Refused("no paper", NO_PAPER))
    event, seen = told(worker.inbox)
    assert isinstance(event, PrintNotStarted)
    assert (event.order_id, event.copy, event.condition) == ("order-1", 0, "paper_out")
    assert seen == DeviceSeen(DeviceView("printer", "escpos", "paper_out", NO_PAPER.detail))


def test_a_job_for_a_printer_that_is_away_was_not_started() -> None:
    worker, _ = printing(Unavailable("switch it on"))
    event, seen = told(worker.inbox)
    assert isinstance(event, PrintNotStarted)
    assert event.condition == "unreachable"
    assert seen == DeviceSeen(DeviceView("printer", "escpos", "unreachable", "switch it on"))


def test_a_printer_that_takes_jobs_again_is_told_once() -> None:
    worker, _ = printing(Refused("no paper", NO_PAPER), NO_PAPER, READY, READY)
    told(worker.inbox)
    assert looked(worker) == []
    assert looked(worker) == ["DeviceSeen", "PrinterReady"]
    assert looked(worker) == []


def test_a_silent_printer_takes_jobs() -> None:
    worker, _ = worker_of(SILENT, SILENT)
    assert looked(worker) == ["DeviceSeen", "PrinterReady"]


def test_a_ready_printer_is_left_alone_while_a_customer_waits() -> None:
    worker, printer = worker_of(READY, busy=True)
    assert looked(worker) == ["DeviceSeen", "PrinterReady"]
    assert looked(worker) == []
    assert printer.calls == ["status"]


def test_a_printer_in_trouble_is_looked_at_also_while_a_customer_waits() -> None:
    worker, printer = worker_of(NO_PAPER, NO_PAPER, READY, busy=True)
    assert looked(worker) == ["DeviceSeen"]
    assert looked(worker) == ["DeviceSeen", "PrinterReady"]
    assert printer.calls == ["status"] * 3


def test_an_error_that_nobody_foresaw_leaves_the_job_unknown_and_the_worker_alive() -> None:
    worker, printer = worker_of(READY, ValueError("a bad font"))
    worker.give(JOB)
    worker.start()
    messages = [worker.inbox.get(timeout=PATIENCE_S) for _ in range(4)]
    worker.stop(PATIENCE_S)
    event, died = messages[2:]
    assert isinstance(event, PrintUnanswered)
    assert event.order_id == "order-1"
    assert died == WorkerDied("printer", "ValueError: a bad font", fatal=False)
    assert printer.calls == ["status", JOB.document]


def test_a_worker_that_was_given_up_holds_its_jobs() -> None:
    worker, _ = worker_of()
    worker.refuse(JOB)
    (event,) = told(worker.inbox)
    assert isinstance(event, PrintNotStarted)
    assert (event.order_id, event.condition) == ("order-1", "disabled")


def test_a_printer_is_prepared_before_its_first_look_and_when_told() -> None:
    worker, printer = worker_of(READY, READY)
    looked(worker)
    worker.give(PrepareReceipt(JOB.document))
    worker.work()
    first, second = printer.prepared
    assert first != JOB.document == second
    assert printer.calls == ["status", "status"]


def test_a_document_that_cannot_be_prepared_is_told_when_it_is_printed() -> None:
    worker, printer = worker_of(READY, Unavailable("no such font"))
    printer.prepares = Unavailable("no such font")
    worker.give(JOB)
    worker.work()
    assert names(worker.inbox) == ["DeviceSeen", "PrinterReady", "PrintNotStarted", "DeviceSeen"]


def test_a_receipt_that_found_no_room_is_called_for_when_there_is_some() -> None:
    worker, _ = worker_of(*[READY] * 4)
    assert looked(worker) == ["DeviceSeen", "PrinterReady"]
    while worker.give(PrepareReceipt(JOB.document)):
        pass
    while worker._commands.qsize():
        worker.work()
    assert looked(worker) == ["PrinterReady"]
    assert looked(worker) == []


# ---- slips and the drawer -------------------------------------------------------------------

SLIP = PrintSlip("order-1", 2, ReceiptDocument((Text("RESULT UNKNOWN"),)))


@pytest.mark.parametrize(
    ("saying", "kind", "told_as"),
    [
        (PrintProof.PROBABLE, SlipPrinted, PrintProof.PROBABLE),
        (NoAnswer("it hung"), SlipUnanswered, "it hung"),
        (Refused("no paper", NO_PAPER), SlipNotStarted, "paper_out"),
        (Unavailable("switch it on"), SlipNotStarted, "unreachable"),
    ],
)
def test_a_slip_is_told_as_what_is_known_of_it(saying: Any, kind: type, told_as: str) -> None:
    worker, printer = worker_of(READY, saying, READY)
    worker.give(SLIP)
    worker.work()
    assert printer.calls[:2] == ["status", SLIP.document]
    (event,) = [one for one in told(worker.inbox) if isinstance(one, kind)]
    assert (event.order_id, event.number) == ("order-1", 2)
    assert told_as in (getattr(event, name, "") for name in ("proof", "reason", "condition"))


def test_a_slip_of_a_worker_that_was_given_up_was_not_started() -> None:
    worker, _ = worker_of()
    worker.refuse(SLIP)
    (event,) = told(worker.inbox)
    assert isinstance(event, SlipNotStarted)
    assert (event.number, event.condition) == (2, "disabled")


class PrinterWithDrawer(FakePrinter):
    """Keeps `devices.interfaces.CashDrawer` as well."""

    def __init__(self, *sayings: Any, state: DrawerState = DrawerState.UNKNOWN) -> None:
        super().__init__(*sayings)
        self.state = state
        self.fails: Exception | None = None

    def kick(self, timeout_s: float) -> None:
        self.calls.append("kick")
        if self.fails is not None:
            raise self.fails

    def drawer(self, timeout_s: float) -> DrawerState:
        return self.state


def drawer_of(printer: FakePrinter) -> tuple[PrinterWorker, Future[str]]:
    """A worker that was asked to open the drawer, and has done what it could."""
    worker = PrinterWorker(Inbox(), printer, "escpos", lambda: False)
    opened = worker.open_drawer()
    with suppress(ValueError):
        worker.work()
    return worker, opened


def test_the_drawer_is_kicked_when_its_turn_comes() -> None:
    printer = PrinterWithDrawer(READY)
    _, opened = drawer_of(printer)
    assert (opened.result(0), printer.calls) == ("", ["status", "kick"])


@pytest.mark.parametrize(
    ("failure", "word"),
    [(Unavailable("set drawer_pin"), "set drawer_pin"), (ValueError("a bug"), "driver failed")],
)
def test_a_drawer_that_did_not_open_says_why(failure: Exception, word: str) -> None:
    printer = PrinterWithDrawer(READY)
    printer.fails = failure
    _, opened = drawer_of(printer)
    assert word in opened.result(0)


def test_a_printer_without_a_drawer_says_so_and_so_does_one_that_was_given_up() -> None:
    worker, opened = drawer_of(FakePrinter(READY))
    assert opened.result(0) == "the printer driver escpos drives no drawer"
    worker.stop(PATIENCE_S)
    assert worker.open_drawer().result(0) == "the printer is busy, or disabled"
    command = KickDrawer(Future())
    worker.refuse(command)
    assert command.told.result(0) == "the printer is disabled"


def test_how_the_drawer_stands_is_told_once_it_is_known_and_when_it_changes() -> None:
    printer = PrinterWithDrawer(*[READY] * 8)
    worker = PrinterWorker(Inbox(), printer, "escpos", lambda: False)
    seen = []
    for state in (DrawerState.UNKNOWN, DrawerState.OPEN, DrawerState.OPEN, DrawerState.UNKNOWN):
        printer.state = state
        worker.give_up_waiting()
        worker.work()
        devices = [one.device for one in told(worker.inbox) if isinstance(one, DeviceSeen)]
        seen += [device.condition for device in devices if device.kind == "drawer"]
    assert seen == ["open", "unknown"]
