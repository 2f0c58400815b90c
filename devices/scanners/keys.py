"""Keys of a keyboard-wedge scanner -> the bytes it meant. Pure: events in, bytes out.

The one rule: a key that is not understood is never left out; U+FFFD stands in its place, so that a
code with a missing character can pass for no other. The layout is US, as the scanner's own country
setting must be. Key codes: linux/input-event-codes.h; events: struct input_event.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

EVENT = struct.Struct("llHHi")  # time in two parts, type, code, value
EV_SYN, EV_KEY = 0, 1
SYN_DROPPED = 3  # the kernel's buffer ran over: keys are missing
UP, DOWN = 0, 1
UNKNOWN = "\ufffd"

_SHIFT, _CONTROL, _ALT = {42, 54}, {29, 97}, {56, 100}
_SILENT = {58, 69, 70, 125, 126}  # caps, num and scroll lock, the two logo keys
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
_KEYPAD = dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True))
_OTHERS = {
    15: "\t",
    28: "\r",
    57: " ",
    86: "\\",
    96: "\r",
    55: "*",
    74: "-",
    78: "+",
    83: ".",
    98: "/",
    117: "=",
}
PLAIN: dict[int, str] = _KEYPAD | _OTHERS
SHIFTED: dict[int, str] = _KEYPAD | _OTHERS | {86: "|"}
for _first, _low, _high in _ROWS:
    PLAIN |= dict(enumerate(_low, _first))
    SHIFTED |= dict(enumerate(_high, _first))


class KeyDecoder:
    """Follows the keys of one scanner: which are held, and what those pressed say."""

    def __init__(self) -> None:
        self._cut = b""
        self._held: set[int] = set()
        self._alt_digits = ""

    def feed(self, data: bytes) -> bytes:
        """Take bytes of input events, cut anywhere; the UTF-8 text that they type."""
        data = self._cut + data
        whole = len(data) - len(data) % EVENT.size
        self._cut = data[whole:]
        return "".join(self._typed(data[:whole])).encode()

    def _typed(self, data: bytes) -> Iterator[str]:
        for _, _, kind, code, value in EVENT.iter_unpack(data):
            if kind == EV_SYN and code == SYN_DROPPED:
                self._held.clear()
                yield UNKNOWN
            elif kind == EV_KEY and value == UP:
                yield self._released(code)
            elif kind == EV_KEY and value == DOWN:
                yield self._pressed(code)

    def _pressed(self, code: int) -> str:
        if code in _SHIFT | _CONTROL | _ALT:
            self._held.add(code)
            return ""
        if self._held & _ALT:
            self._alt_digits += _KEYPAD.get(code, "?")
            return ""
        character = (SHIFTED if self._held & _SHIFT else PLAIN).get(code)
        if character is None:
            return "" if code in _SILENT else UNKNOWN
        return _controlled(character) if self._held & _CONTROL else character

    def _released(self, code: int) -> str:
        self._held.discard(code)
        if code not in _ALT or not self._alt_digits:
            return ""
        digits, self._alt_digits = self._alt_digits, ""
        return _alt_code(digits)


def _controlled(character: str) -> str:
    """Control and a key: GS is Control-], as scanners type it."""
    code = ord(character.upper())
    return chr(code & 0x1F) if 0x40 <= code <= 0x5F else UNKNOWN


def _alt_code(digits: str) -> str:
    """Alt and digits of the keypad; from 128 to 255 the code page is anybody's guess."""
    code = int(digits) if digits.isdecimal() else -1
    known = 0 <= code < 128 or 255 < code < 0xD800
    return chr(code) if known else UNKNOWN
