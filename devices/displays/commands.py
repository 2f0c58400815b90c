"""The bytes of two command sets for displays of two lines of twenty characters.

The one rule: what is shown is a function of two lines alone. Settings are sent with every show,
since a display may have been switched off meanwhile, and nothing is cleared before it is
overwritten, so that an unchanged line does not flicker. Brightness is left as it is: `ESC @`,
which would reset it, is never sent.

Sources: Epson, DM Application Programming Guide 1.0 (HOM, CLR, US MD1, US C n, US $ x y, ESC t n);
Partner Tech, CD5220 user's manual, 6.1 (CLR, ESC _ n, ESC Q A, ESC Q B), and POS-X, XP8200 manual,
4.1.2 and 4.1.8, which lists both sets for one display.
"""

from __future__ import annotations

from typing import Protocol

CLEAR = b"\x0c"  # CLR, in both sets; in cd5220 it also ends a string command


class CommandSet(Protocol):
    """The bytes that one kind of display understands; `upper` and `lower` are 20 bytes each."""

    def begin(self) -> bytes:
        """To be sent once after the line was opened, and in the same write as the first show."""

    def show(self, upper: bytes, lower: bytes) -> bytes:
        """Put two lines in place of what stands there."""


# An interrupted write may have left a command that takes the next two bytes for its own.
_RESYNC = CLEAR * 3


class EscPos:
    """Epson DM-D and the many displays with an "Epson mode"."""

    def __init__(self, code_table: int) -> None:
        """`code_table` is the n of ESC t n, negative to leave it as it is."""
        overwrite, no_cursor = b"\x1f\x01", b"\x1f\x43\x00"
        table = bytes((0x1B, 0x74, code_table)) if code_table >= 0 else b""
        self._settings = overwrite + no_cursor + table

    def begin(self) -> bytes:
        """Clear whatever an earlier user left."""
        return _RESYNC

    def show(self, upper: bytes, lower: bytes) -> bytes:
        """Home, upper line, first place of the second line, lower line."""
        return self._settings + b"\x0b" + upper + b"\x1f\x24\x01\x02" + lower


class Cd5220:
    """CD5220 and its many clones, by their string commands."""

    def begin(self) -> bytes:
        """Clear, and switch the cursor off: between string commands that cannot be done."""
        return _RESYNC + b"\x1b\x5f\x00"

    def show(self, upper: bytes, lower: bytes) -> bytes:
        """One string for each line; CR ends it."""
        return b"\x1bQA" + upper + b"\r\x1bQB" + lower + b"\r"
