"""Scanners that read only when a code is wanted, by the commands of their vendors."""

from __future__ import annotations

import queue

import pytest
from contracts import PATIENCE_S, SHORT_S

from devices.errors import Unavailable
from devices.options import BadOption
from devices.scanners.options import SerialOptions, TcpOptions
from devices.scanners.serial import SerialScanner
from devices.scanners.tcp import TcpScanner
from devices.scanners.trigger import AFTER_A_SCAN_NS, TriggerState
from devices.scanners.vendors import TABLE, VENDORS
from devices.simulated.scanner import VirtualScanner
from devices.simulated.scanner_network import TcpLine

SWITCHED = ("honeywell", "newland", "datalogic")
SECOND = 1_000_000_000


@pytest.fixture(params=SWITCHED)
def vendor(request):
    return request.param


@pytest.fixture
def obedient(vendor, tmp_path):
    """A scanner that reads only when told to, and its reader."""
    link = str(tmp_path / "scanner")
    with VirtualScanner(link=link, vendor=vendor) as virtual:
        scanner = SerialScanner(SerialOptions(port=link, vendor=vendor, trigger="wanted"))
        yield virtual, scanner
        scanner.release()


def heard(virtual):
    return virtual.heard.get(timeout=PATIENCE_S)


def test_it_reads_from_arm_to_disarm_and_its_answers_are_no_scans(obedient):
    virtual, scanner = obedient
    scanner.claim()
    assert heard(virtual) == "off"
    assert not virtual.type("3812")
    scanner.arm()
    assert heard(virtual) == "on"
    assert virtual.type("381234567890123456")
    assert scanner.read(PATIENCE_S).text == "381234567890123456"
    scanner.disarm()
    assert heard(virtual) == "off"
    assert not virtual.type("4711")
    assert scanner.read(SHORT_S * 3) is None


def test_after_a_code_that_was_not_the_one_it_reads_again(obedient):
    virtual, scanner = obedient
    scanner.claim()
    scanner.arm()
    assert [heard(virtual), heard(virtual)] == ["off", "on"]
    assert virtual.type("4711")
    assert scanner.read(PATIENCE_S).text == "4711"
    if not virtual.type("381234567890123456"):
        assert scanner.read(1.0) is None
        assert heard(virtual) == "on"
        assert virtual.type("381234567890123456")
    assert scanner.read(PATIENCE_S).text == "381234567890123456"


def test_what_was_wanted_holds_for_a_scanner_that_comes_back(obedient):
    virtual, scanner = obedient
    scanner.claim()
    scanner.arm()
    assert [heard(virtual), heard(virtual)] == ["off", "on"]
    virtual.unplug()
    with pytest.raises(Unavailable):
        scanner.read(PATIENCE_S)
    scanner.release()
    with pytest.raises(Unavailable):
        scanner.disarm()
    virtual.replug()
    scanner.claim()
    assert heard(virtual) == "off"


def test_it_works_over_tcp_too(vendor):
    with VirtualScanner(line=TcpLine(), vendor=vendor) as virtual:
        options = TcpOptions(address=virtual.port, vendor=vendor, trigger="wanted")
        scanner = TcpScanner(options)
        scanner.claim()
        scanner.arm()
        assert [heard(virtual), heard(virtual)] == ["off", "on"]
        assert virtual.type("3812")
        assert scanner.read(PATIENCE_S).text == "3812"
        scanner.release()


def test_a_scanner_that_always_reads_is_told_nothing(tmp_path):
    with VirtualScanner(link=str(tmp_path / "s"), vendor="honeywell") as virtual:
        scanner = SerialScanner(SerialOptions(port=virtual.port, vendor="honeywell"))
        scanner.claim()
        scanner.arm()
        scanner.disarm()
        with pytest.raises(queue.Empty):
            virtual.heard.get(timeout=SHORT_S)
        scanner.release()


def test_a_cordless_scanner_that_waits_for_the_host_is_answered_each_time(tmp_path):
    link = str(tmp_path / "scanner")
    with VirtualScanner(link=link, vendor="honeywell-cordless") as virtual:
        options = SerialOptions(port=link, vendor="honeywell", host_ack=True)
        scanner = SerialScanner(options)
        scanner.claim()
        for code in ("3812", "3812", "4711"):
            assert virtual.type(code)
            assert not virtual.type(code)
            scanner.read(SHORT_S)
            assert heard(virtual) == "taken"
        assert scanner.repeats_dropped == 1
        scanner.release()


def test_a_device_that_takes_no_commands_is_given_up_in_time(tmp_path):
    with VirtualScanner(link=str(tmp_path / "deaf")) as virtual:
        scanner = SerialScanner(
            SerialOptions(port=virtual.port, vendor="datalogic", trigger="wanted")
        )
        scanner.claim()
        with pytest.raises(
            Unavailable, match="takes no commands: check its cable and flow_control"
        ):
            for _ in range(100):  # nobody reads: the line's buffer fills
                scanner._source.send(b"E" * 4096, 0.05)
        scanner.release()


@pytest.mark.parametrize("vendor", [name for name in VENDORS if name not in SWITCHED])
@pytest.mark.parametrize("options", [SerialOptions, TcpOptions])
def test_a_vendor_without_a_documented_command_is_refused_with_those_that_have_one(vendor, options):
    place = {"port": "/dev/x"} if options is SerialOptions else {"address": "192.0.2.5:1"}
    with pytest.raises(
        BadOption, match=f"vendor '{vendor}' is documented.*honeywell, newland"
    ) as bad:
        options(**place, vendor=vendor, trigger="wanted")
    assert bad.value.key == "trigger"


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"vendor": "acme"}, "vendor"),
        ({"trigger": "sometimes"}, "trigger"),
        ({"host_ack": True}, "host_ack"),
        ({"vendor": "zebra", "host_ack": True}, "host_ack"),
        ({"vendor": "datalogic", "trigger": "wanted", "suffix": "etx"}, "suffix"),
    ],
)
def test_what_does_not_fit_together_names_its_key(options, key):
    with pytest.raises(BadOption) as bad:
        SerialOptions(port="/dev/x", **options)
    assert bad.value.key == key


def test_one_that_switches_itself_off_is_told_again_before_it_does():
    vendor = TABLE["honeywell"]
    state = TriggerState(vendor)
    assert state.left_ns(0) is None
    assert state.arm(0) == vendor.activate
    assert state.due(round(vendor.lapses_after_s * SECOND) - 1) == b""
    assert state.due(round(vendor.lapses_after_s * SECOND)) == vendor.activate
    state.scanned(20 * SECOND)
    assert state.left_ns(20 * SECOND) == AFTER_A_SCAN_NS
    assert state.disarm() == vendor.deactivate
    state.scanned(21 * SECOND)
    assert state.due(3600 * SECOND) == b""


def test_one_that_stays_on_is_told_once():
    state = TriggerState(TABLE["datalogic"])
    assert state.arm(0) == b"E"
    state.scanned(SECOND)
    assert state.left_ns(3600 * SECOND) is None
