"""Text as the input events of a US keyboard, and a keyboard made of a pipe."""

from __future__ import annotations

import errno
import os

from devices.scanners.keys import EVENT

DOWN, UP, REPEAT = 1, 0, 2
ENTER, TAB, KEYPAD_ENTER, LEFT_SHIFT, LEFT_CONTROL, LEFT_ALT = 28, 15, 96, 42, 29, 56
# linux/input-event-codes.h, written out once more: a table is no proof of itself
KEYS = {
    "1": 2, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "8": 9, "9": 10, "0": 11,
    "q": 16, "w": 17, "e": 18, "r": 19, "t": 20, "y": 21, "u": 22, "i": 23, "o": 24, "p": 25,
    "a": 30, "s": 31, "d": 32, "f": 33, "g": 34, "h": 35, "j": 36, "k": 37, "l": 38,
    "z": 44, "x": 45, "c": 46, "v": 47, "b": 48, "n": 49, "m": 50,
    "-": 12, "=": 13, "[": 26, "]": 27, ";": 39, "'": 40, "`": 41, "\\": 43,
    ",": 51, ".": 52, "/": 53, " ": 57, "\r": ENTER, "\t": TAB,
}  # fmt: skip
SHIFTED = {
    "!": "1", "@": "2", "#": "3", "$": "4", "%": "5", "^": "6", "&": "7", "*": "8", "(": "9",
    ")": "0", "_": "-", "+": "=", "{": "[", "}": "]", ":": ";", '"': "'", "~": "`", "|": "\\",
    "<": ",", ">": ".", "?": "/",
}  # fmt: skip


def event(code, value, kind=1):
    return EVENT.pack(0, 0, kind, code, value)


def press(code):
    """One key down and up, each with its EV_MSC and EV_SYN, as a real keyboard reports it."""
    syn = event(0, 0, kind=0)
    return event(4, code, kind=4) + event(code, DOWN) + syn + event(code, UP) + syn


def typed(text):
    keys = b""
    for character in text:
        plain = SHIFTED.get(character, character.lower())
        key = press(KEYS[plain])
        is_shifted = plain != character
        keys += event(LEFT_SHIFT, DOWN) + key + event(LEFT_SHIFT, UP) if is_shifted else key
    return keys


class PipeKeyboard:
    """A keyboard whose events come through a pipe; `open` is for the adapter."""

    def __init__(self) -> None:
        self.grabbed = False
        self.taken = False
        self.replug()

    def replug(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        self.plugged = True

    def unplug(self) -> None:
        if self.plugged:
            os.close(self._writer)
            os.close(self._reader)
        self.plugged = False

    def raw(self, data: bytes) -> None:
        self.send_events(typed(data.decode()))

    def send_events(self, events: bytes) -> None:
        os.write(self._writer, events)

    def open(self, path: str) -> OpenKeyboard:
        if not self.plugged:
            raise OSError(errno.ENOENT, "no such device", path)
        return OpenKeyboard(self, os.dup(self._reader))


class OpenKeyboard:
    """What evdev gives of it."""

    def __init__(self, keyboard: PipeKeyboard, fd: int) -> None:
        self._keyboard = keyboard
        self._fd = fd

    def fileno(self) -> int:
        return self._fd

    def grab(self) -> None:
        if self._keyboard.taken:
            raise OSError(errno.EBUSY, "Device or resource busy")
        self._keyboard.grabbed = True

    def close(self) -> None:
        self._keyboard.grabbed = False
        os.close(self._fd)
