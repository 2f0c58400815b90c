"""Scanners on the network, whichever side connects."""

from __future__ import annotations

import socket

import pytest
from contracts import PATIENCE_S, SHORT_S, ScannerContract
from rigs import ScannerRig

from devices.errors import Unavailable
from devices.options import BadOption
from devices.scanners.options import TcpOptions
from devices.scanners.tcp import TcpScanner
from devices.simulated.scanner import VirtualScanner
from devices.simulated.scanner_network import DialLine, TcpLine

CONNECT_S = 1.0


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def served():
    """A virtual scanner to connect to, and its reader."""
    with VirtualScanner(line=TcpLine()) as virtual:
        scanner = TcpScanner(TcpOptions(address=virtual.port, suffix="cr"))
        yield virtual, scanner
        scanner.release()


@pytest.fixture
def listening():
    scanner = TcpScanner(
        TcpOptions(listen=free_address(), suffix="cr", connect_timeout_s=PATIENCE_S)
    )
    yield scanner
    scanner.release()


def address_of(scanner):
    return scanner._name


class TestTcpScanner(ScannerContract):
    @pytest.fixture
    def rig(self, served):
        return ScannerRig(*served)


class TestScannerThatConnectsToUs(ScannerContract):
    @pytest.fixture
    def rig(self):
        address = free_address()
        with VirtualScanner(line=DialLine(address)) as virtual:
            options = TcpOptions(listen=address, suffix="cr", connect_timeout_s=CONNECT_S)
            scanner = TcpScanner(options)
            yield ScannerRig(virtual, scanner)
            scanner.release()


def test_building_a_scanner_opens_no_connection():
    TcpScanner(TcpOptions(address="192.0.2.5:4001")).release()


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({}, "address"),
        ({"address": "192.0.2.5"}, "address"),
        ({"address": "192.0.2.5:70000"}, "address"),
        ({"listen": "4001"}, "listen"),
        ({"address": "192.0.2.5:1", "listen": "0.0.0.0:1"}, "listen"),
        ({"address": "192.0.2.5:1", "connect_timeout_s": 0.0}, "connect_timeout_s"),
        ({"address": "192.0.2.5:1", "suffix": "enter"}, "suffix"),
    ],
)
def test_a_bad_value_names_its_key(options, key):
    with pytest.raises(BadOption) as bad:
        TcpOptions(**options)
    assert bad.value.key == key


def test_a_scanner_that_is_switched_off_is_named_with_what_to_do():
    address = free_address()
    with pytest.raises(Unavailable, match=f"{address} takes no connection .*: switch it on"):
        TcpScanner(TcpOptions(address=address)).claim()


def test_a_dead_peer_is_asked_for_signs_of_life(served):
    _, scanner = served
    scanner.claim()
    with socket.socket(fileno=socket.dup(scanner._source.fileno())) as line:
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 10


def test_a_port_that_is_taken_cannot_be_listened_on():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(Unavailable, match="cannot be listened on .*scanner.listen"):
            TcpScanner(TcpOptions(listen=address)).claim()


def test_a_scanner_that_never_connects_is_said_so():
    scanner = TcpScanner(TcpOptions(listen=free_address(), connect_timeout_s=0.1))
    with pytest.raises(Unavailable, match="no scanner has connected to 127.0.0.1:"):
        scanner.claim()


def test_a_scanner_that_connects_again_takes_the_place_of_its_old_connection(listening):
    with VirtualScanner(line=DialLine(address_of(listening))) as virtual:
        listening.claim()
        virtual.raw(b"half")
        assert listening.read(SHORT_S) is None
        host, port = address_of(listening).split(":")
        again = socket.create_connection((host, int(port)), PATIENCE_S)
        with again, pytest.raises(Unavailable, match="connects anew"):
            listening.read(PATIENCE_S)
        listening.claim()
        virtual.raw(b"whole\r")
        assert listening.read(PATIENCE_S).text == "whole"


def test_a_stranger_gets_no_word_in_while_a_scanner_is_connected(listening):
    with VirtualScanner(line=DialLine(address_of(listening))) as virtual:
        listening.claim()
        _, port = address_of(listening).split(":")
        stranger = socket.create_connection(
            ("127.0.0.1", int(port)), PATIENCE_S, source_address=("127.0.0.2", 0)
        )
        with stranger:
            stranger.sendall(b"stolen\r")
            virtual.raw(b"38")
            assert listening.read(SHORT_S) is None
            virtual.raw(b"12\r")
            assert listening.read(PATIENCE_S).text == "3812"


def test_a_device_server_that_passes_the_parity_on_is_read_with_seven_bits(served):
    virtual, _ = served
    scanner = TcpScanner(TcpOptions(address=virtual.port, suffix="cr", data_bits=7))
    scanner.claim()
    virtual.raw(bytes(byte | (byte.bit_count() % 2) << 7 for byte in b"3812345\r"))
    assert scanner.read(PATIENCE_S).text == "3812345"
    scanner.release()
