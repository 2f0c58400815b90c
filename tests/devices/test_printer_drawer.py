"""The cash drawer on an ESC/POS printer."""

from __future__ import annotations

import queue
import re

import pytest
from contracts import PATIENCE_S, CashDrawerContract
from printer_rigs import PROMPT, VirtualRig, impatient

from devices.errors import NoAnswer, Unavailable
from devices.printers.drawer import drawer_state
from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.simulated.printer import VirtualPrinter
from devices.values import Align, DrawerState, PrintProof, QrCode, ReceiptDocument, Text

DOTS = b"\x1dv0"
DOTS_OR_SWITCH = re.compile(rb"\x1dv0|\x1d\(D\x03\x00\x14\x01[\x00\x01]")


@pytest.fixture(params=[2, 5])
def pin(request):
    return request.param


class TestOnANetworkPrinter(CashDrawerContract):
    @pytest.fixture
    def rig(self, virtual_printer, pin):
        drawer = {"drawer_pin": pin, "drawer_open_is": "high"}
        return VirtualRig(
            virtual_printer, EscposOptions(address=virtual_printer.address, **drawer, **PROMPT)
        )


class TestOnASerialPrinter(CashDrawerContract):
    @pytest.fixture
    def rig(self, pin):
        drawer = {"drawer_pin": pin, "drawer_open_is": "high"}
        with VirtualPrinter(listen="pty") as printer:
            options = EscposOptions(transport="serial", port=printer.address, **drawer, **PROMPT)
            yield VirtualRig(printer, options)


def test_a_switch_can_mean_open_by_either_level_and_nothing_where_there_is_none():
    high, low = 0x16, 0x12
    assert drawer_state(high, "high") is drawer_state(low, "low") is DrawerState.OPEN
    assert drawer_state(low, "high") is drawer_state(high, "low") is DrawerState.CLOSED
    assert drawer_state(high, "unknown") is drawer_state(None, "high") is DrawerState.UNKNOWN


def test_a_printer_without_a_drawer_kicks_nothing_and_asks_nothing(virtual_printer):
    printer = EscposPrinter(EscposOptions(address=virtual_printer.address))
    with pytest.raises(Unavailable, match="set drawer_pin"):
        printer.kick(PATIENCE_S)
    assert printer.drawer(PATIENCE_S) is DrawerState.UNKNOWN
    assert not virtual_printer.received


def test_no_receipt_kicks_the_drawer_and_after_one_it_opens_without_paper(virtual_printer):
    options = EscposOptions(address=virtual_printer.address, drawer_pin=2, **PROMPT)
    printer = EscposPrinter(options)
    printer.print(ReceiptDocument((Text("收據 ใบเสร็จ", Align.CENTER),)), PATIENCE_S)
    assert virtual_printer.papers.get(timeout=PATIENCE_S).text == ("[dots]",)
    with pytest.raises(queue.Empty):
        virtual_printer.papers.get_nowait()
    virtual_printer.command("paper out")
    printer.kick(PATIENCE_S)
    assert virtual_printer.papers.get(timeout=PATIENCE_S).pin == 2


def test_the_drawer_opens_when_the_paper_ended_behind_the_dots_of_a_receipt(virtual_printer):
    options = impatient(EscposOptions(address=virtual_printer.address, drawer_pin=2))
    printer = EscposPrinter(options)
    receipt = ReceiptDocument((Text("收據"), *(Text("line") for _ in range(20))))
    whole = 9 + len(printer.render(receipt))
    virtual_printer.command(f"paper-after {whole - 40}")
    with pytest.raises(NoAnswer):
        printer.print(receipt, PATIENCE_S)
    printer.kick(PATIENCE_S)
    assert virtual_printer.papers.get(timeout=PATIENCE_S).pin == 2


def test_a_printer_that_fell_silent_is_kicked_in_its_line(virtual_printer):
    printer = EscposPrinter(impatient(EscposOptions(address=virtual_printer.address, drawer_pin=5)))
    virtual_printer.command("silent on")
    for _ in range(2):
        printer.kick(PATIENCE_S)
        assert virtual_printer.papers.get(timeout=PATIENCE_S).pin == 5
    assert virtual_printer.received.count(b"\x1bp\x01") == 2


def test_a_kick_at_once_is_off_while_dots_go_and_on_again_behind_them():
    lines = (Text("收據"), Text("ASCII"), Text("ใบเสร็จ"), Text("茶"), QrCode("x"), Text("end"))
    job = EscposPrinter(EscposOptions(address="192.0.2.9:9100")).render(ReceiptDocument(lines))
    found = re.findall(DOTS_OR_SWITCH, job)
    switched_off = False
    for command in found:
        assert command != DOTS or switched_off
        if command != DOTS:
            switched_off = command.endswith(b"\x00")
    assert not switched_off
    assert DOTS in found
    # dots that follow one another share their switches
    assert found.count(b"\x1d(D\x03\x00\x14\x01\x00") == 2


def test_a_kick_is_not_lost_in_the_dots_of_a_receipt_that_broke_off(virtual_printer):
    options = EscposOptions(address=virtual_printer.address, drawer_pin=2, **PROMPT)
    printer = EscposPrinter(options)
    virtual_printer.command("unplug-after 200")
    with pytest.raises(NoAnswer):
        printer.print(ReceiptDocument((Text("收據", double=True),)), PATIENCE_S)
    virtual_printer.command("replug")
    printer.kick(PATIENCE_S)
    assert virtual_printer.papers.get(timeout=PATIENCE_S).text[0] == "[dots]"
    assert virtual_printer.papers.get(timeout=PATIENCE_S).pin == 2
    assert printer.print(ReceiptDocument((Text("next"),)), PATIENCE_S) is PrintProof.PROVED
    assert virtual_printer.papers.get(timeout=PATIENCE_S).text == ("next",)
