"""What is plugged in, found in a tree of files that looks like /dev and /sys."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml

from devices import registry
from devices.errors import Unavailable
from devices.probe import Roots, probe
from devices.probe_ask import ask
from devices.probe_names import kind_of, maker_of, words_of_link
from devices.registry import options_type
from devices.scanners.options import SerialOptions
from devices.scanners.serial import SerialScanner
from devices.simulated.printer import VirtualPrinter
from devices.simulated.scanner import VirtualScanner
from posd.cli import main as cli
from posd.cli import probe as probe_verb
from posd.config.loader import load

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
HONEYWELL = "usb-Honeywell_Imaging___Mobility_Xenon_1900_15334B4B5C-if00"


class Machine:
    """A box with nothing plugged in yet."""

    def __init__(self, place) -> None:
        self.dev, self.sys = place / "dev", place / "sys"
        self.roots = Roots(self.dev, self.sys, lpstat=str(place / "lpstat"))

    def device(self, name):
        path = self.dev / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        return path

    def link(self, name, target):
        link = self.dev / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
        return str(link)

    def usb(self, node, **says):
        """/sys says so of the device behind a node like class/tty/ttyACM0."""
        device = self.sys / "devices" / node.replace("/", "-")
        (device / "1-1:1.0").mkdir(parents=True)
        for name, text in says.items():
            (device / name).write_text(f"{text}\n")
        place = self.sys / node
        place.mkdir(parents=True)
        (place / "device").symlink_to(device / "1-1:1.0")

    def queues(self, *names):
        lines = "".join(f"echo {name}; " for name in names)
        path = self.dev.parent / "lpstat"
        path.write_text(f'#!/bin/sh\n[ "$1" = -e ] && {{ {lines} }}\n')
        path.chmod(0o755)

    def found(self):
        return probe(self.roots)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_a_bare_machine_has_nothing(machine):
    assert machine.found() == []


def test_a_scanner_is_known_by_its_stable_name_and_its_words(machine):
    machine.device("ttyACM0")
    link = machine.link(f"serial/by-id/{HONEYWELL}", machine.dev / "ttyACM0")
    (found,) = machine.found()
    assert (found.kind, found.path, found.driver) == ("scanner", link, "serial")
    assert found.name == "Honeywell Imaging   Mobility Xenon 1900 15334B4B5C"
    assert found.options == {"port": link, "vendor": "honeywell"}
    assert (found.held_by, found.note) == ("", "")


def test_one_without_a_stable_name_is_known_by_what_the_kernel_says(machine):
    tty = machine.device("ttyACM1")
    machine.usb(
        "class/tty/ttyACM1", idVendor="1EAB", manufacturer="Newland Auto-ID", product="FM430"
    )
    (found,) = machine.found()
    assert (found.kind, found.path, found.name) == ("scanner", str(tty), "Newland Auto-ID FM430")
    assert found.options["vendor"] == "newland"


def test_an_adapter_cable_says_nothing_of_what_hangs_on_it(machine):
    machine.device("ttyUSB0")
    machine.usb("class/tty/ttyUSB0", idVendor="0403", manufacturer="FTDI", product="FT232R")
    (found,) = machine.found()
    assert (found.kind, found.name, found.driver) == ("unknown", "FTDI FT232R", "serial")


def test_of_the_boards_ports_only_those_that_exist_are_told(machine):
    for number, kind in enumerate(("16550A", "0", "", "4")):
        machine.device(f"ttyS{number}")
        place = machine.sys / "class" / "tty" / f"ttyS{number}"
        place.mkdir(parents=True)
        (place / "type").write_text({"16550A": "4\n"}.get(kind, f"{kind}\n"))
    assert [os.path.basename(found.path) for found in machine.found()] == ["ttyS0", "ttyS3"]


def test_printers_are_found_on_usb_on_serial_lines_and_as_queues(machine):
    lp = machine.device("usb/lp0")
    machine.usb("class/usbmisc/lp0", idVendor="04b8", manufacturer="EPSON", product="TM-T20III")
    machine.device("ttyACM0")
    machine.link("serial/by-id/usb-STAR_MICRONICS_Star_TSP100-if00", machine.dev / "ttyACM0")
    machine.queues("counter", "back_office")
    star, epson, *queues = machine.found()
    assert (star.kind, star.options["transport"]) == ("printer", "serial")
    assert (epson.name, epson.options) == (
        "EPSON TM-T20III",
        {"transport": "file", "path": str(lp)},
    )
    assert [queue.path for queue in queues] == ["counter", "back_office"]


def test_every_proposal_makes_options_that_exist(machine):
    machine.device("ttyACM0")
    machine.device("ttyACM1")
    machine.usb("class/tty/ttyACM1", idVendor="04b8", product="TM-m30")
    machine.device("usb/lp0")
    machine.link("input/by-id/usb-Newland_HR32-event-kbd", machine.device("input/event0"))
    machine.queues("counter")
    found = machine.found()
    assert len(found) == 5
    for one in found:
        kind = "printer" if one.kind == "printer" else "scanner"
        options_type(kind, one.driver)(**one.options)


def test_a_scanner_that_types_is_told_from_a_keyboard_by_its_name_alone(machine):
    for number, name in enumerate(
        ("usb-Newland_Auto-ID_HR32-event-kbd", "usb-Dell_KB216-event-kbd")
    ):
        machine.link(f"input/by-id/{name}", machine.device(f"input/event{number}"))
    dell, newland = sorted(machine.found(), key=lambda found: found.name)
    assert (newland.kind, newland.driver, newland.note) == ("scanner", "hid", "")
    assert (dell.kind, dell.note) == ("unknown", "a keyboard, or a scanner that types like one")


def test_who_holds_a_device_is_said(machine):
    with machine.device("ttyACM0").open("rb"):
        (found,) = machine.found()
    assert found.held_by.startswith(f"pid {os.getpid()} (")


def test_a_list_of_queues_that_cannot_be_had_is_none(machine):
    machine.queues()
    (machine.dev.parent / "lpstat").write_text("#!/bin/nothing\n")
    assert machine.found() == []


@pytest.mark.parametrize(
    ("words", "vendor_id", "kind", "maker"),
    [
        ("Honeywell Voyager 1450g", "", "scanner", "honeywell"),
        ("Metrologic MS9520", "0c2e", "scanner", "honeywell"),
        ("Symbol Technologies Inc 2008 Symbol Bar Code Scanner", "05e0", "scanner", "zebra"),
        ("Datalogic QuickScan QD2500", "05f9", "scanner", "datalogic"),
        ("USB BARCODE SCANNER", "ffff", "scanner", "generic"),
        ("EPSON TM-m30", "04b8", "printer", ""),
        ("POS58 USB Printer", "", "printer", ""),
        ("Prolific USB-Serial Controller", "067b", "unknown", ""),
    ],
)
def test_names_say_what_a_device_is(words, vendor_id, kind, maker):
    assert kind_of(words, vendor_id) == kind
    assert maker_of(words, vendor_id) == maker


def test_the_words_of_a_stable_name_are_readable():
    assert words_of_link("usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0") == (
        "FTDI FT232R USB UART A50285BI"
    )
    assert words_of_link("usb-Newland_HR32-event-kbd") == "Newland HR32"


def test_a_printer_that_is_asked_says_what_it_is(tmp_path):
    with VirtualPrinter(listen="pty", link=str(tmp_path / "printer")) as printer:
        told = ask(printer.address)
        assert told.endswith("answers as an ESC/POS printer does at 9600 baud: on-line")
        printer.command("cover open")
        assert ask(printer.address).endswith("off-line")


def test_a_device_that_answers_nothing_is_no_printer(virtual_scanner):
    assert "does not answer: no ESC/POS printer" in ask(virtual_scanner.port, 0.05)


def test_a_device_that_answers_something_else_is_no_printer(tmp_path):
    with VirtualScanner(link=str(tmp_path / "scanner"), vendor="honeywell") as scanner:
        # what it says to DLE EOT 1 and the commands that follow is its own ACK
        scanner._obedience._orders = {b"\x10\x04\x01": ("on", b"\x06")}
        assert "answers 06, which no ESC/POS printer says" in ask(scanner.port)


def test_what_is_held_or_no_device_is_not_written_to(tmp_path, virtual_scanner):
    path = tmp_path / "plain"
    path.write_bytes(b"mine")
    with pytest.raises(Unavailable, match="is no device; nothing was written"):
        ask(str(path))
    assert path.read_bytes() == b"mine"
    with pytest.raises(Unavailable, match="does not open"):
        ask(str(tmp_path / "absent"))
    scanner = SerialScanner(SerialOptions(port=virtual_scanner.port))
    scanner.claim()
    with pytest.raises(Unavailable, match="is held by pid .*: stop it first"):
        ask(virtual_scanner.port)
    scanner.release()


@pytest.fixture
def run(machine, monkeypatch, capsys):
    """Runs the command on that machine; gives its exit code and what it printed."""
    monkeypatch.setattr("devices.probe.Roots", lambda: machine.roots)

    def run(*arguments):
        code = cli.main(["devices", "probe", *arguments])
        return code, capsys.readouterr()

    return run


def test_the_command_prints_a_table_and_lines_that_load(machine, run, tmp_path):
    machine.device("ttyACM0")
    machine.link(f"serial/by-id/{HONEYWELL}", machine.dev / "ttyACM0")
    machine.device("ttyUSB0")
    machine.device("usb/lp0")
    code, told = run()
    assert code == 0
    assert told.out.startswith("scanner  ")
    assert "  free\n" in told.out
    assert f"# or scanner: {{driver: serial, port: {machine.dev}/ttyUSB0}}\n" in told.out
    stanza = told.out[told.out.index("\nscanner:") :]
    text = EXAMPLE.read_text(encoding="utf-8")
    for kind in ("scanner", "printer"):
        start = text.index(f"\n{kind}:")
        text = text[:start] + text[text.index("\n\n", start) :]
    (tmp_path / "config.yaml").write_text(text + stanza)
    config = load(tmp_path / "config.yaml", drivers=registry, environ={})
    assert config.scanner.options.vendor == "honeywell"
    assert config.printer.options.path == str(machine.dev / "usb" / "lp0")


def test_a_mere_keyboard_is_never_proposed_but_as_a_comment(machine, run):
    machine.link("input/by-id/usb-Dell_KB216-event-kbd", machine.device("input/event0"))
    _, told = run()
    stanza = told.out.split("\n\n", 1)[1].splitlines()
    assert [line[0] for line in stanza if line] == ["#"]


def test_nothing_found_is_said_and_is_exit_code_1(run):
    code, told = run()
    assert (code, told.out) == (1, "")
    assert "A network printer or scanner is not looked for" in told.err


def test_as_json_it_is_one_document_and_asks_only_whom_it_is_told_to(machine, run, tmp_path):
    machine.device("ttyUSB0")
    with VirtualPrinter(listen="pty", link=str(tmp_path / "printer")) as printer:
        code, told = run("--json", "--ask", printer.address)
    document = json.loads(told.out)
    assert code == 0
    assert [found["kind"] for found in document["found"]] == ["unknown"]
    assert document["stanza"].startswith("scanner:\n  driver: serial\n")
    assert document["asked"][0].endswith("on-line")


@pytest.mark.parametrize("text", ["1234", "a b", "queue:1", "レジ", "on", "No", "/dev/a: b", "#1"])
def test_a_value_that_yaml_would_misread_is_quoted(text):
    assert yaml.safe_load(probe_verb._scalar(text)) == text


def test_a_plain_path_stands_without_quotes():
    assert probe_verb._scalar("/dev/ttyACM0") == "/dev/ttyACM0"
