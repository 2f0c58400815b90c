"""The printer's worker: a job is told as what is known of it, and never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from devices.errors import NoAnswer, Refused, Unavailable
from devices.values import PrinterCondition, PrinterStatus, PrintProof, ReceiptDocument, Text
from posd.core.commands import PrepareReceipt, PrintReceipt
from posd.core.events import PrinterReady, PrintNotStarted, PrintSucceeded, PrintUnanswered
from posd.inbox import DeviceSeen, Inbox, WorkerDied
from posd.snapshot import DeviceView
from posd.workers.printer import PrinterWorker

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
