"""Codes that the printer draws itself carry nothing that could act on it."""

from __future__ import annotations

import pytest

from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.values import Barcode, QrCode, ReceiptDocument

NATIVE = EscposPrinter(EscposOptions(address="192.0.2.9:9100", codes="native"))


def job_of(element):
    return NATIVE.render(ReceiptDocument((element,)))


@pytest.mark.parametrize("kind", [QrCode, Barcode])
@pytest.mark.parametrize("char", [*"\x00\x04\x10\x1b\x1c\x1d\x7f\x85\u202e"])
def test_a_code_with_a_control_character_is_not_given_to_the_printer_as_it_is(kind, char):
    assert f"A{char}@p".encode() not in job_of(kind(f"A{char}@p"))


@pytest.mark.parametrize("kind", [QrCode, Barcode])
def test_a_printable_code_is(kind):
    assert b"A-@p" in job_of(kind("A-@p"))
