"""Ten printers at once, one of them hung: the others do not notice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from contracts import LONG_DOCUMENT, PATIENCE_S
from printer_rigs import PROMPT

from devices.errors import DeviceError, NoAnswer
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.simulated.printer import VirtualPrinter
from devices.values import PrintProof, ReceiptDocument, Text

RECEIPTS = [ReceiptDocument((Text(f"receipt {number}"), Text("收據"))) for number in range(5)]


@pytest.fixture
def ten():
    with ExitStack() as stack:
        yield [stack.enter_context(VirtualPrinter()) for _ in range(10)]


def adapter_of(virtual):
    return EscposPrinter(EscposOptions(address=virtual.address, **PROMPT))


def print_all(virtual):
    printer = adapter_of(virtual)
    return [printer.print(receipt, PATIENCE_S) for receipt in RECEIPTS]


@pytest.mark.parametrize("hung_at", ["before its status", "at its proof"])
def test_nine_printers_print_all_they_have_while_the_tenth_hangs(ten, hung_at):
    hung, *others = ten
    hung.command("hang on" if hung_at == "before its status" else "stop proof")
    entered = threading.Event()

    def print_on_hung():
        printer = adapter_of(hung)
        printer.prepare(RECEIPTS[0])
        entered.set()
        return printer.print(RECEIPTS[0], PATIENCE_S)

    with ThreadPoolExecutor(10) as pool:
        stuck = pool.submit(print_on_hung)
        assert entered.wait(PATIENCE_S)
        proofs = list(pool.map(print_all, others, timeout=PATIENCE_S))
        assert not stuck.done()
        hung.command("unplug")
        assert isinstance(stuck.exception(PATIENCE_S), DeviceError)
    assert proofs == [[PrintProof.PROVED] * len(RECEIPTS)] * 9
    for virtual in others:
        texts = [virtual.papers.get(timeout=PATIENCE_S).text[0] for _ in RECEIPTS]
        assert texts == [f"receipt {number}" for number in range(5)]


def test_a_printer_that_stops_in_the_middle_of_a_long_receipt_holds_up_nobody(ten):
    hung, *others = ten
    hung.command("buffer 2000")
    hung.command("paper-after 1000")
    with ThreadPoolExecutor(10) as pool:
        stuck = pool.submit(adapter_of(hung).print, LONG_DOCUMENT, 1.0)
        proofs = list(pool.map(print_all, others, timeout=PATIENCE_S))
        assert isinstance(stuck.exception(PATIENCE_S), NoAnswer)
    assert proofs == [[PrintProof.PROVED] * len(RECEIPTS)] * 9
