"""Scanners that are keyboards: what their keys mean, and that nobody else gets them."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest
from contracts import PATIENCE_S, SHORT_S, ScannerContract
from hypothesis import given, settings
from hypothesis import strategies as st
from rigs import ScannerRig
from typing_keys import (
    DOWN,
    KEYPAD_ENTER,
    KEYS,
    LEFT_ALT,
    LEFT_CONTROL,
    LEFT_SHIFT,
    REPEAT,
    SHIFTED,
    UP,
    PipeKeyboard,
    event,
    press,
    typed,
)

from devices.errors import Unavailable
from devices.options import BadOption
from devices.scanners.hid import HidScanner
from devices.scanners.keys import KeyDecoder
from devices.scanners.options import HidOptions

PORT = "/dev/input/by-id/usb-Scanner-event-kbd"
KEYPAD = {"0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73}


def said(events):
    return KeyDecoder().feed(events).decode()


@pytest.mark.parametrize("character", [*KEYS, *SHIFTED, *"QWERTYUIOPASDFGHJKLZXCVBNM"])
def test_every_key_of_the_us_layout_says_its_character(character):
    assert said(typed(character)) == character


@pytest.mark.parametrize(("digit", "code"), KEYPAD.items())
def test_the_keypad_types_digits_also_with_shift(digit, code):
    assert said(press(code)) == digit
    assert said(event(LEFT_SHIFT, DOWN) + press(code) + event(LEFT_SHIFT, UP)) == digit


@pytest.mark.parametrize(
    ("code", "meant"),
    [(KEYPAD_ENTER, "\r"), (55, "*"), (74, "-"), (78, "+"), (83, "."), (98, "/"), (86, "\\")],
)
def test_the_other_keys_of_the_keypad_say_what_stands_on_them(code, meant):
    assert said(press(code)) == meant


@pytest.mark.parametrize("code", [1, 14, 59, 88, 102, 111, 183, 240, 511])
def test_a_key_without_a_character_leaves_a_mark_and_is_never_left_out(code):
    assert said(typed("38") + press(code) + typed("12")) == "38\ufffd12"


@pytest.mark.parametrize("code", [58, 69, 70])
def test_lock_keys_say_nothing(code):
    assert said(typed("38") + press(code) + typed("12")) == "3812"


def test_a_key_that_is_held_down_is_one_character():
    assert said(event(KEYS["7"], DOWN) + event(KEYS["7"], REPEAT) * 3 + event(KEYS["7"], UP)) == "7"


def test_shift_counts_until_it_is_released_whichever_of_the_two_it_is():
    for shift in (LEFT_SHIFT, 54):
        assert said(event(shift, DOWN) + press(30) + press(31) + event(shift, UP) + press(32)) == (
            "ASd"
        )


def test_control_and_a_bracket_is_the_separator_of_gs1_codes():
    held = event(LEFT_CONTROL, DOWN) + press(KEYS["]"]) + event(LEFT_CONTROL, UP)
    assert said(typed("01") + held + typed("21")) == "01\x1d21"
    assert said(event(LEFT_CONTROL, DOWN) + press(KEYS["1"])) == "\ufffd"


@pytest.mark.parametrize(
    ("digits", "meant"),
    [("65", "A"), ("065", "A"), ("3594", "ช"), ("33590", "茶"), ("233", "\ufffd"), ("", "")],
)
def test_alt_and_digits_of_the_keypad_are_a_character_where_it_is_sure_which(digits, meant):
    keys = b"".join(press(KEYPAD[digit]) for digit in digits)
    assert said(event(LEFT_ALT, DOWN) + keys + event(LEFT_ALT, UP)) == meant


def test_alt_and_anything_else_leaves_a_mark():
    assert said(event(LEFT_ALT, DOWN) + press(KEYS["a"]) + event(LEFT_ALT, UP)) == "\ufffd"


def test_keys_that_the_kernel_dropped_leave_a_mark():
    assert said(typed("38") + event(3, 0, kind=0) + typed("12")) == "38\ufffd12"


@settings(deadline=None)
@given(st.text(st.sampled_from([*KEYS, *SHIFTED]), max_size=30), st.lists(st.integers(0, 4000)))
def test_however_the_events_are_cut_the_text_is_the_same(text, cuts):
    events = typed(text)
    decoder = KeyDecoder()
    places = [0, *sorted(min(cut, len(events)) for cut in cuts), len(events)]
    parts = [decoder.feed(events[a:b]) for a, b in zip(places, places[1:], strict=False)]
    assert b"".join(parts).decode() == text


@pytest.fixture
def keyboard():
    keyboard = PipeKeyboard()
    yield keyboard
    keyboard.unplug()


@pytest.fixture
def scanner(keyboard):
    scanner = HidScanner(HidOptions(port=PORT, suffix="cr"), keyboard.open)
    yield scanner
    scanner.release()


class TestHidScanner(ScannerContract):
    @pytest.fixture
    def rig(self, keyboard, scanner):
        return ScannerRig(keyboard, scanner)


def test_the_keys_are_ours_alone_while_the_scanner_is_claimed(keyboard, scanner):
    assert not keyboard.grabbed
    scanner.claim()
    assert keyboard.grabbed
    scanner.release()
    assert not keyboard.grabbed


def test_a_scanner_that_another_program_has_grabbed_is_said_so(keyboard, scanner):
    keyboard.taken = True
    with pytest.raises(Unavailable, match="is grabbed by another program: stop that"):
        scanner.claim()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOENT, "is not there: plug it in"),
        (errno.EACCES, "may not be opened by this user: add it to the group input"),
        (errno.ENOTTY, "is no input device: name one of /dev/input/by-id"),
        (errno.EIO, "did not open .*: check the port"),
    ],
)
def test_a_device_that_does_not_open_is_named_with_what_to_do(number, sentence):
    def opens(path):
        raise OSError(number, "no")

    with pytest.raises(Unavailable, match=f"{PORT} {sentence}"):
        HidScanner(HidOptions(port=PORT), opens).claim()


def test_enter_and_tab_end_a_scan(keyboard):
    scanner = HidScanner(HidOptions(port=PORT), keyboard.open)
    scanner.claim()
    keyboard.send_events(typed("38") + press(KEYPAD_ENTER) + typed("12\t") + typed("4711\r"))
    assert [scanner.read(PATIENCE_S).text for _ in range(3)] == ["38", "12", "4711"]
    assert scanner.read(SHORT_S) is None
    scanner.release()


def test_without_the_extra_it_says_what_to_install():
    program = (
        "import sys; sys.modules['evdev'] = None\n"
        "from devices.registry import build_scanner, options_type\n"
        "scanner = build_scanner('hid', options_type('scanner', 'hid')(port='/dev/input/event0'))\n"
        "from devices.errors import Unavailable\n"
        "try:\n    scanner.claim()\nexcept Unavailable as error:\n    print(error)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout == (
        "scanner /dev/input/event0 needs the package evdev: pip install posd[hid]\n"
    )


def test_a_port_must_be_said():
    with pytest.raises(BadOption) as bad:
        HidOptions(port="")
    assert bad.value.key == "port"
