"""A display shows two lines whole, in both command sets, and never holds its user up."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.displays import charset, commands
from devices.displays.charset import CHARSETS, COLUMNS, cells
from devices.displays.glyphs import can_show
from devices.displays.line_display import LineDisplay
from devices.displays.options import LineDisplayOptions
from devices.errors import Unavailable
from devices.options import BadOption
from devices.registry import build_display, drivers, options_type
from devices.simulated.display import VirtualDisplay
from devices.simulated.display_decoder import DisplayDecoder

PATIENCE_S = 20.0
SHORT_S = 0.2
SALE = ("TWD 120", "Show LINE Pay code")


class Rig:
    """A display and the twin that it is plugged into."""

    def __init__(self, twin: VirtualDisplay, **options) -> None:
        self.twin = twin
        self.display = LineDisplay(LineDisplayOptions(port=twin.port, **options))

    def next_shown(self) -> tuple[str, str]:
        return self.twin.shown.get(timeout=PATIENCE_S)


class DisplayContract:
    """What every CustomerDisplay must keep; subclass with a fixture `rig`."""

    def test_two_lines_stand_where_they_belong(self, rig):
        rig.display.show(SALE, PATIENCE_S)
        assert rig.next_shown() == SALE

    def test_the_next_lines_replace_longer_ones_whole(self, rig):
        rig.display.show(("x" * COLUMNS, "y" * COLUMNS), PATIENCE_S)
        rig.next_shown()
        rig.display.show(("a", ""), PATIENCE_S)
        assert rig.next_shown() == ("a", "")

    def test_what_does_not_fit_is_cut(self, rig):
        rig.display.show(("0123456789" * 3, "b"), PATIENCE_S)
        assert rig.next_shown() == ("01234567890123456789", "b")

    def test_control_characters_command_nothing(self, rig):
        rig.display.show(("a\x1b@\x0cb\r\nc\x1f$", "\x00\x7f\x9bz"), PATIENCE_S)
        assert rig.next_shown() == ("a@bc$", "z")

    def test_a_display_that_is_pulled_is_unavailable_and_works_when_it_is_back(self, rig):
        rig.display.show(SALE, PATIENCE_S)
        rig.next_shown()
        rig.twin.unplug()
        for _ in range(2):
            with pytest.raises(Unavailable, match="check that it is on"):
                rig.display.show(("b", "b"), PATIENCE_S)
        rig.twin.replug()
        rig.display.show(("c", "c"), PATIENCE_S)
        assert rig.next_shown() == ("c", "c")

    def test_a_display_that_takes_nothing_is_unavailable_in_time(self, rig):
        rig.display.show(SALE, PATIENCE_S)
        rig.next_shown()
        rig.twin.command("hang on")
        with pytest.raises(Unavailable, match="takes no more bytes"):
            rig.display.show(("b", "b"), SHORT_S)
        rig.twin.command("hang off")
        rig.display.show(("c", "c"), PATIENCE_S)
        assert rig.next_shown() == ("c", "c")

    def test_release_blanks_it_and_may_be_called_twice(self, rig):
        rig.display.show(SALE, PATIENCE_S)
        rig.next_shown()
        rig.display.release()
        rig.display.release()
        assert rig.next_shown() == ("", "")
        rig.display.show(("again", ""), PATIENCE_S)
        assert rig.next_shown() == ("again", "")

    def test_release_of_a_display_that_is_gone_never_raises(self, rig):
        rig.display.show(SALE, PATIENCE_S)
        rig.twin.unplug()
        rig.display.release()


@pytest.fixture
def twin(tmp_path):
    with VirtualDisplay(link=str(tmp_path / "display")) as twin:
        yield twin


class TestEscpos(DisplayContract):
    @pytest.fixture
    def rig(self, twin):
        rig = Rig(twin)
        yield rig
        rig.display.release()


class TestCd5220(DisplayContract):
    @pytest.fixture
    def rig(self, twin):
        rig = Rig(twin, commands="cd5220")
        yield rig
        rig.display.release()


# ---- over a network bridge ---------------------------------------------------------------------


class Bridge:
    """A bridge between the network and a display: what comes is decoded here."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE_S)
        host, port = self.listener.getsockname()
        self.address = f"{host}:{port}"

    def __enter__(self) -> Bridge:
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()


def test_a_display_behind_a_bridge_is_shown_and_missed_like_any_other():
    with Bridge() as bridge:
        options = LineDisplayOptions(transport="network", address=bridge.address)
        display = LineDisplay(options)
        display.show(SALE, PATIENCE_S)
        connection, _ = bridge.listener.accept()
        decoder = DisplayDecoder()
        decoder.feed(connection.recv(4096))
        assert decoder.lines == SALE
        connection.close()
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1.*it is gone"):
            display.show(SALE, PATIENCE_S)
    with pytest.raises(Unavailable, match="Connection refused"):
        display.show(SALE, PATIENCE_S)
    display.release()


def test_each_show_is_one_write(twin):
    """A display that is read by pieces never shows half of two contents for long."""
    with Bridge() as bridge:
        options = LineDisplayOptions(transport="network", address=bridge.address)
        display = LineDisplay(options)
        accepted: list[socket.socket] = []
        thread = threading.Thread(target=lambda: accepted.append(bridge.listener.accept()[0]))
        thread.start()
        display.show(SALE, PATIENCE_S)
        thread.join(PATIENCE_S)
        first = accepted[0].recv(4096)
        display.show(SALE, PATIENCE_S)
        second = accepted[0].recv(4096)
        assert first.endswith(second)
        assert first.count(b"\x0c") == len(first) - len(second)
        assert b"\x0c" not in second
        display.release()
        accepted[0].close()


# ---- bytes -------------------------------------------------------------------------------------

UPPER, LOWER = b"TWD 120".ljust(COLUMNS), b"Show code".ljust(COLUMNS)


def test_the_bytes_are_those_of_the_epson_manual():
    shown = commands.EscPos(code_table=26).show(UPPER, LOWER)
    assert shown == (b"\x1f\x01\x1f\x43\x00\x1b\x74\x1a\x0b" + UPPER + b"\x1f\x24\x01\x02" + LOWER)


def test_the_bytes_are_those_of_the_cd5220_manual():
    shown = commands.Cd5220().show(UPPER, LOWER)
    assert shown == b"\x1b\x51\x41" + UPPER + b"\x0d\x1b\x51\x42" + LOWER + b"\x0d"


@pytest.mark.parametrize(
    "command_set", [commands.EscPos(26), commands.EscPos(-1), commands.Cd5220()]
)
def test_brightness_and_power_on_settings_are_left_alone(command_set):
    sent = command_set.begin() + command_set.show(UPPER, LOWER)
    for forbidden in (b"\x1b@", b"\x1fX", b"\x1b*", b"\x1fE"):
        assert forbidden not in sent


@pytest.mark.parametrize("command_set", [commands.EscPos(26), commands.Cd5220()])
def test_after_a_write_that_broke_off_anywhere_the_next_lines_stand_right(command_set):
    whole = command_set.show(UPPER, LOWER)
    for cut in range(len(whole)):
        decoder = DisplayDecoder()
        decoder.feed(whole[:cut])
        decoder.feed(command_set.begin())
        assert decoder.lines == ("", ""), cut
        decoder.feed(whole)
        assert decoder.lines == ("TWD 120", "Show code"), cut


# ---- characters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("ascii", "Café 茶", b"Cafe "),
        ("cp437", "Café", b"Caf\x82"),
        ("big5", "請出示", "請出示".encode("big5")),
        ("tis620", "ชำระเงิน", "ชำระเงิน".encode("tis_620")),
        ("cp932", "ﾊﾞｰｺｰﾄﾞ", b"\xca\xde\xb0\xba\xb0\xc4\xde"),
        ("big5", "ไทย", b""),
    ],
)
def test_what_the_set_lacks_is_left_out_and_nothing_else(name, text, shown):
    assert cells(text, name) == shown.ljust(COLUMNS)


@given(st.text(max_size=60), st.sampled_from(CHARSETS))
def test_any_text_is_twenty_bytes_and_none_of_them_is_a_command(text, name):
    line = cells(text, name)
    assert len(line) == COLUMNS
    assert all(byte >= 0x20 and byte != 0x7F for byte in line)


@given(st.text(max_size=COLUMNS // 2), st.sampled_from(CHARSETS))
def test_a_text_with_all_its_glyphs_is_shown_as_it_is(text, name):
    if charset.has_glyphs(text, name):
        codec = "tis_620" if name == "tis620" else name
        assert cells(text, name).decode(codec).rstrip(" ") == text.rstrip(" ")


def test_no_half_of_a_full_width_character_stands_at_the_end():
    assert cells("x" + "茶" * 20, "big5") == b"x" + "茶".encode("big5") * 9 + b" "


def test_a_display_that_does_not_say_what_it_has_is_given_ascii():
    class Foreign:
        def show(self, lines, timeout_s):
            raise NotImplementedError

        def release(self):
            raise NotImplementedError

    assert can_show(Foreign(), "PAID")
    assert not can_show(Foreign(), "Café")
    own = LineDisplay(LineDisplayOptions(port="/dev/x", charset="cp437"))
    assert can_show(own, "Café")
    assert not can_show(own, "茶")
    assert not can_show(own, "a\n")


# ---- options and the twin as a process ---------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({}, "port"),
        ({"port": "/dev/x", "transport": "usb"}, "transport"),
        ({"transport": "network"}, "address"),
        ({"transport": "network", "address": "bridge.local:9100"}, "address"),
        ({"transport": "network", "address": "192.0.2.8:0"}, "address"),
        ({"transport": "network", "address": "192.0.2.8:١"}, "address"),
        ({"port": "/dev/x", "baud": 1}, "baud"),
        ({"port": "/dev/x", "parity": "mark"}, "parity"),
        ({"port": "/dev/x", "flow_control": "dtr"}, "flow_control"),
        ({"port": "/dev/x", "commands": "vt100"}, "commands"),
        ({"port": "/dev/x", "charset": "utf-8"}, "charset"),
        ({"port": "/dev/x", "code_table": 256}, "code_table"),
        ({"port": "/dev/x", "commands": "cd5220", "code_table": 1}, "code_table"),
    ],
)
def test_a_bad_value_names_its_key(options, key):
    with pytest.raises(BadOption) as bad:
        LineDisplayOptions(**options)
    assert bad.value.key == key


def test_an_address_may_be_ipv6():
    assert LineDisplayOptions(transport="network", address="[2001:db8::8]:9100").place


def test_it_is_a_driver_that_loads_no_hardware_library_until_it_is_built():
    assert "line_display" in drivers("display")
    program = (
        "import sys; from devices.registry import options_type;"
        "options_type('display', 'line_display'); print('serial' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
    options = options_type("display", "line_display")(port="/dev/not-there")
    display = build_display("line_display", options)
    with pytest.raises(Unavailable, match="No such file"):
        display.show(SALE, PATIENCE_S)


def test_the_twin_as_a_process_tells_its_lines_and_obeys(tmp_path):
    link = str(tmp_path / "display")
    command = [sys.executable, "-m", "devices.simulated", "display", "--link", link]
    with subprocess.Popen(
        [*command, "--charset", "big5"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as twin:
        display = LineDisplay(LineDisplayOptions(port=link, charset="big5"))

        def obey(line: str) -> object:
            twin.stdin.write(line + "\n")
            twin.stdin.flush()
            return json.loads(twin.stdout.readline())

        assert json.loads(twin.stdout.readline()) == {"port": link}
        display.show(("茶 120", "x"), PATIENCE_S)
        assert json.loads(twin.stdout.readline()) == {"event": "shown", "lines": ["茶 120", "x"]}
        assert obey("unplug") == {"port": link}
        assert not os.path.exists(link)
        with pytest.raises(Unavailable):
            display.show(SALE, PATIENCE_S)
        assert obey("replug") == {"port": link}
        display.show(("again", ""), PATIENCE_S)
        assert json.loads(twin.stdout.readline()) == {"event": "shown", "lines": ["again", ""]}
        twin.stdin.close()
        display.release()


def test_an_unknown_command_of_the_twin_lists_those_there_are(twin):
    with pytest.raises(ValueError, match="hang off"):
        twin.command("explode")
