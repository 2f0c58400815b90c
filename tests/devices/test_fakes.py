"""The fakes keep the contracts, so what is tested with them holds for the real ones."""

from __future__ import annotations

import pytest
from contracts import PrinterContract, ScannerContract
from fakes import FakePrinter, FakeScanner

from devices.values import PrinterCondition


class FakeScannerRig:
    def __init__(self) -> None:
        self.scanner = FakeScanner()
        self.send = self.scanner.send
        self.unplug = self.scanner.unplug
        self.replug = self.scanner.replug


class FakePrinterRig:
    WORDS = {
        "ready": PrinterCondition.READY,
        "near": PrinterCondition.PAPER_NEAR_END,
        "out": PrinterCondition.PAPER_OUT,
        "open": PrinterCondition.COVER_OPEN,
        "silent": PrinterCondition.SILENT,
        "stopped": PrinterCondition.READY,
        "absent": PrinterCondition.UNREACHABLE,
    }

    def __init__(self) -> None:
        self.printer = FakePrinter()

    def make(self, word: str) -> None:
        self.printer.condition = self.WORDS[word]
        self.printer.stops = word == "stopped"

    def next_paper(self) -> list[str]:
        return [element.text for element in self.printer.printed.pop(0).elements]


class TestFakeScanner(ScannerContract):
    @pytest.fixture
    def rig(self):
        return FakeScannerRig()


class TestFakePrinter(PrinterContract):
    @pytest.fixture
    def rig(self):
        return FakePrinterRig()
