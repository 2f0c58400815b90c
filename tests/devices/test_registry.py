"""Drivers by name, loaded only when they are asked for."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import typing

import pytest

from devices.options import BadOption
from devices.printers.options import EscposOptions, host_and_port
from devices.registry import (
    UnknownDriver,
    build_printer,
    build_scanner,
    drivers,
    options_type,
)
from devices.scanners.options import SerialOptions

PLAIN = (str, int, float, bool, tuple[str, ...])


@pytest.mark.parametrize(("kind", "driver"), [("scanner", "serial"), ("printer", "escpos")])
def test_every_option_has_a_plain_type_and_a_sentence_of_help(kind, driver):
    options = options_type(kind, driver)
    types = typing.get_type_hints(options)
    for field in dataclasses.fields(options):
        assert types[field.name] in PLAIN
        assert field.metadata["help"].endswith(".")
    assert options.__dataclass_params__.frozen


def test_drivers_are_built_from_their_options_alone():
    scanner = build_scanner("serial", SerialOptions(port="/dev/not-there"))
    printer = build_printer("escpos", EscposOptions(address="192.0.2.1:9100"))
    assert type(scanner).__name__ == "SerialScanner"
    assert type(printer).__name__ == "EscposPrinter"
    assert "serial" in drivers("scanner")
    assert "escpos" in drivers("printer")


@pytest.mark.parametrize("ask", [build_scanner, lambda d, o: options_type("scanner", d)])
def test_an_unknown_driver_is_named_with_those_there_are(ask):
    with pytest.raises(UnknownDriver, match=r"'seriel' \(did you mean serial\?\); there are:"):
        ask("seriel", None)
    with pytest.raises(UnknownDriver, match="no till driver"):
        options_type("till", "x")


def test_asking_for_options_loads_no_hardware_library():
    program = (
        "import sys; from devices.registry import options_type, drivers;"
        "drivers('printer'); options_type('scanner', 'serial'); options_type('printer', 'escpos');"
        "print(sorted({'serial', 'escpos', 'PIL', 'qrcode', 'barcode'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("options", "key"),
    [
        (lambda: SerialOptions(port=" "), "port"),
        (lambda: SerialOptions(port="/dev/x", baud=1), "baud"),
        (lambda: SerialOptions(port="/dev/x", suffix="enter"), "suffix"),
        (lambda: SerialOptions(port="/dev/x", prefix="x" * 33), "prefix"),
        (lambda: SerialOptions(port="/dev/x", data_bits=9), "data_bits"),
        (lambda: SerialOptions(port="/dev/x", parity="maybe"), "parity"),
        (lambda: SerialOptions(port="/dev/x", idle_gap_s=0.0), "idle_gap_s"),
        (EscposOptions, "address"),
        (lambda: EscposOptions(address="192.0.2.9"), "address"),
        (lambda: EscposOptions(address="192.0.2.9:99999"), "address"),
        (lambda: EscposOptions(transport="bluetooth"), "transport"),
        (lambda: EscposOptions(transport="serial"), "port"),
        (lambda: EscposOptions(transport="file"), "path"),
        (lambda: EscposOptions(address="x:1", dots=577), "dots"),
        (lambda: EscposOptions(address="x:1", dots=5760), "dots"),
        (lambda: EscposOptions(address="x:1", codes="magic"), "codes"),
    ],
)
def test_a_bad_value_names_its_key(options, key):
    with pytest.raises(BadOption) as bad:
        options()
    assert bad.value.key == key
    assert str(bad.value).startswith(f"{key}: ")


def test_an_address_is_host_and_port_also_in_ipv6():
    assert host_and_port("printer.local:9100") == ("printer.local", 9100)
    assert host_and_port("[2001:db8::1]:9100") == ("2001:db8::1", 9100)


def test_a_cache_of_escpos_cut_short_by_a_power_failure_is_thrown_away(tmp_path):
    program = (
        "import platform, sys, pathlib;"
        f"pathlib.Path({str(tmp_path)!r}, platform.python_version() + '.capabilities.pickle')"
        ".write_bytes(b'\\x80');"
        "import os, time; later = time.time() + 1e6;"
        f"[os.utime(p, (later, later)) for p in pathlib.Path({str(tmp_path)!r}).iterdir()];"
        "from devices.printers.escpos_library import plain_writer;"
        "writer = plain_writer('default'); writer.text('ok'); print(writer.output);"
        "import logging; print(logging.root.handlers)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={"ESCPOS_CAPABILITIES_PICKLE_DIR": str(tmp_path)},
        check=True,
    )
    assert answer.stdout.splitlines() == ["b'ok'", "[]"]
