"""The scanner's cable: a pty whose other end the bench types into.

Rule: the time of a scan is read before its only write, so that what is measured is never less than
what a shop would see.
"""

from __future__ import annotations

import os
import secrets
import tty
from typing import Self

from bench.clocks import now_ns

KEY_DIGITS = 18  # a one-time key of Taiwan


class Wire:
    """One pty; `port` is what a program opens as its scanner. A context manager."""

    def __init__(self) -> None:
        self._hand, self._held = os.openpty()  # held open: a pty without any reader hangs up
        tty.setraw(self._held)
        self.port = os.ttyname(self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._hand)
        os.close(self._held)

    def scan(self) -> int:
        """Type a code that was never used and its CR; the time just before, on CLOCK_BOOTTIME."""
        code = "".join(secrets.choice("0123456789") for _ in range(KEY_DIGITS))
        typed = f"{code}\r".encode()
        at_ns = now_ns()
        os.write(self._hand, typed)
        return at_ns
