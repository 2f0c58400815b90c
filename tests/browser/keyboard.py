"""Keys of a real keyboard, each with its own time: the pace tells a hand from a scanner."""

from __future__ import annotations

import time
from collections.abc import Sequence

from playwright.sync_api import Page

HAND_S = 0.15
SCANNER_S = 0.004
NAMED = {"Enter": (13, "\r"), "Escape": (27, ""), "Tab": (9, ""), "Backspace": (8, "")}


class Keyboard:
    """The times are told to the browser with each key, so a busy machine changes no pace."""

    def __init__(self, page: Page) -> None:
        self._cdp = page.context.new_cdp_session(page)
        self._at_s = 0.0

    def by_hand(self, *keys: str) -> None:
        """`by_hand("1", "2", "Enter")`."""
        self._type(keys, HAND_S)

    def by_scanner(self, code: str) -> None:
        """The code and Enter, as a keyboard-wedge scanner types it."""
        self._pause()
        self._type((*code, "Enter"), SCANNER_S)

    def _pause(self) -> None:
        self._at_s += HAND_S

    def _type(self, keys: Sequence[str], apart_s: float) -> None:
        for key in keys:
            self._at_s = max(self._at_s + apart_s, time.time() if apart_s == HAND_S else 0)
            self._press(key)

    def _press(self, key: str) -> None:
        number, text = NAMED.get(key, (ord(key[0]), key))
        event = {
            "key": key,
            "code": key if key in NAMED else f"Digit{key}",
            "windowsVirtualKeyCode": number,
            "timestamp": self._at_s,
        }
        down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        self._cdp.send("Input.dispatchKeyEvent", {**event, **down})
        self._cdp.send("Input.dispatchKeyEvent", {**event, "type": "keyUp"})
