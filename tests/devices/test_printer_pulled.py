"""A printer pulled, or without power, behind every byte of a receipt: never two originals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contracts import PATIENCE_S
from printer_rigs import PROMPT

from devices.errors import NoAnswer, Unavailable
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.simulated.decoder import Paper
from devices.simulated.printer import VirtualPrinter
from devices.values import PrinterCondition, PrintProof, ReceiptDocument, Text

ORIGINAL = ReceiptDocument((Text("SALE"), Text("茶")))
SALE = ("SALE", "[dots]")
COPY = ReceiptDocument((Text("COPY 1"),))
QUICK = {**PROMPT, "proof_timeout_s": 10.0, "dots": 192}


@pytest.fixture(params=["network", "serial"])
def plugged(request, tmp_path):
    """A virtual printer and its adapter, which finds it again under the same name."""
    if request.param == "network":
        with VirtualPrinter(dots=192) as virtual:
            yield virtual, EscposPrinter(EscposOptions(address=virtual.address, **QUICK))
    else:
        link = str(tmp_path / "usb-Printer")
        with VirtualPrinter(listen="pty", link=link, dots=192) as virtual:
            yield virtual, EscposPrinter(EscposOptions(transport="serial", port=link, **QUICK))


def counts_of(printer):
    """Every byte of the receipt; on a serial line, which waits for late proofs, fewer."""
    length = len(printer.render(ORIGINAL))
    step = 1 if printer._options.transport == "network" else 9
    return sorted({*range(0, length, step), length - 2, length - 1})


def outcome_of(print_it):
    try:
        return print_it()
    except (Unavailable, NoAnswer) as failure:
        return type(failure)


def papers_until_the_copy(virtual):
    papers = []
    while not papers or papers[-1][-1:] != ("COPY 1",):
        paper = virtual.papers.get(timeout=PATIENCE_S)
        assert isinstance(paper, Paper)
        papers.append(paper.text)
    return papers


@pytest.mark.parametrize("plug", [("unplug", "replug"), ("power off", "power on")])
def test_pulled_behind_any_byte_the_outcome_is_unknown_and_there_is_one_original(plugged, plug):
    virtual, printer = plugged
    for count in counts_of(printer):
        virtual.command(f"unplug-after {count}")
        outcome = outcome_of(lambda: printer.print(ORIGINAL, PATIENCE_S))
        assert outcome is NoAnswer, count
        assert printer.status(PATIENCE_S).condition is PrinterCondition.UNREACHABLE
        for command in plug:
            virtual.command(command)
        assert printer.status(PATIENCE_S).condition is PrinterCondition.READY
        assert printer.print(COPY, PATIENCE_S) is PrintProof.PROVED, count
        papers = papers_until_the_copy(virtual)
        assert papers.count(SALE) <= 1
        assert papers[-1] == ("COPY 1",), (count, papers)


def test_pulled_before_the_first_byte_the_receipt_was_not_begun_and_comes_as_the_original(plugged):
    virtual, printer = plugged
    virtual.command("unplug")
    assert outcome_of(lambda: printer.print(ORIGINAL, PATIENCE_S)) is Unavailable
    virtual.command("replug")
    assert printer.print(ORIGINAL, PATIENCE_S) is PrintProof.PROVED
    assert virtual.papers.get(timeout=PATIENCE_S).text == SALE
    assert virtual.papers.empty()


def test_paper_that_ends_behind_any_byte_gives_one_original_when_there_is_a_new_roll(plugged):
    virtual, printer = plugged
    hasty = EscposPrinter(replace(printer._options, proof_timeout_s=0.0))
    asked_bytes = 9 if printer._options.transport == "network" else 12  # also for older proofs
    for count in counts_of(printer)[:-2:3]:
        virtual.command(f"paper-after {asked_bytes + 1 + count}")
        assert outcome_of(lambda: hasty.print(ORIGINAL, PATIENCE_S)) is NoAnswer, count
        virtual.command("paper ok")
        assert virtual.papers.get(timeout=PATIENCE_S).text == SALE
    virtual.command("paper-after off")
    virtual.command("paper ok")
    hasty.print(COPY, PATIENCE_S)
    assert papers_until_the_copy(virtual) == [("COPY 1",)]
