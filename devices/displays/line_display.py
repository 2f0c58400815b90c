"""A customer display of two lines of twenty characters; keeps `devices.interfaces.CustomerDisplay`.

The one rule: every show is one write of everything that stands there, within its timeout. After a
failure the line is closed and the next show opens it again.
"""

from __future__ import annotations

import time
from contextlib import suppress

from devices.displays.charset import cells, has_glyphs
from devices.displays.commands import CLEAR, Cd5220, CommandSet, EscPos
from devices.displays.options import LineDisplayOptions
from devices.displays.wire import Wire, open_wire
from devices.errors import Unavailable

FAREWELL_S = 0.2  # how long blanking it may take at the end


class LineDisplay:
    """Shows two lines on one display; also says which characters it has (`GlyphSet`)."""

    Options = LineDisplayOptions

    def __init__(self, options: LineDisplayOptions) -> None:
        self._options = options
        self._commands = _command_set(options)
        self._wire: Wire | None = None

    def has_glyphs(self, text: str) -> bool:
        """Whether every character of `text` can be shown as it is."""
        return has_glyphs(text, self._options.charset)

    def show(self, lines: tuple[str, str], timeout_s: float) -> None:
        """Put two lines in place of what stands there; raises Unavailable within `timeout_s`."""
        until_s = time.monotonic() + timeout_s
        upper, lower = (cells(line, self._options.charset) for line in lines)
        shown = self._commands.show(upper, lower)
        try:
            if self._wire is None:
                self._wire = open_wire(self._options, until_s)
                shown = self._commands.begin() + shown
            self._wire.write(shown, until_s)
        except OSError as error:
            self._hang_up()
            raise Unavailable(self._why(error)) from error

    def release(self) -> None:
        """Blank it and close the line; never raises, may be called twice."""
        if self._wire is not None:
            with suppress(OSError):  # if it is gone, so is what stood there
                self._wire.write(CLEAR, time.monotonic() + FAREWELL_S)
        self._hang_up()

    def _hang_up(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _why(self, error: OSError) -> str:
        reason = error.strerror or str(error)
        return (
            f"display {self._options.place} cannot be used ({reason}): check that it is on, its "
            "cable, and display in the configuration"
        )


def _command_set(options: LineDisplayOptions) -> CommandSet:
    return Cd5220() if options.commands == "cd5220" else EscPos(options.code_table)
