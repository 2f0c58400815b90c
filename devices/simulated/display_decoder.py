"""What stands on a display of two lines after the bytes it was sent, in either command set.

The one rule: it knows only what the manuals say, nothing of how our adapter writes it. Sources:
POS-X, XP8200 manual, 4.1.2 (Epson mode) and 4.1.8 (CD5220 mode).
"""

from __future__ import annotations

COLUMNS = 20
_CELLS = 2 * COLUMNS
_ESC, _US = 0x1B, 0x1F
# How many bytes follow the two of a command; a command that is not listed has none.
_ESC_PARAMETERS = {0x74: 1, 0x52: 1, 0x5F: 1, 0x66: 1, 0x63: 1, 0x2A: 1, 0x3D: 1, 0x6C: 2}
_US_PARAMETERS = {0x24: 2, 0x43: 1, 0x58: 1, 0x45: 1, 0x72: 1, 0x23: 2}


class DisplayDecoder:
    """Feed it bytes; `lines` is what a customer sees, `settings` what was last set."""

    def __init__(self, charset: str = "ascii") -> None:
        self._charset = charset
        self._cells = bytearray(b" " * _CELLS)
        self._at = 0
        self._command = b""
        self.settings: dict[str, int] = {}

    @property
    def lines(self) -> tuple[str, str]:
        """Both lines, without the blanks at their ends."""
        upper, lower = self._cells[:COLUMNS], self._cells[COLUMNS:]
        return self._text(upper), self._text(lower)

    def feed(self, data: bytes) -> None:
        """Take bytes in, however they are cut."""
        for byte in data:
            if self._command:
                self._continue(byte)
            elif byte in (_ESC, _US):
                self._command = bytes((byte,))
            elif byte < 0x20:
                self._move(byte)
            else:
                self._put(byte)

    def _text(self, cells: bytearray) -> str:
        return bytes(cells).decode(self._charset, "replace").rstrip()

    def _put(self, byte: int) -> None:
        self._cells[self._at] = byte
        self._at = (self._at + 1) % _CELLS

    def _move(self, byte: int) -> None:
        line = self._at - self._at % COLUMNS
        match byte:
            case 0x0C:
                self._clear(0, _CELLS)
            case 0x18:
                self._clear(line, COLUMNS)
            case 0x0B:
                self._at = 0
            case 0x0D:
                self._at = line
            case 0x0A:
                self._at = (self._at + COLUMNS) % _CELLS
            case 0x08 | 0x09:
                self._at = (self._at + (1 if byte == 0x09 else -1)) % _CELLS

    def _clear(self, start: int, count: int) -> None:
        self._cells[start : start + count] = b" " * count
        self._at = start

    def _continue(self, byte: int) -> None:
        if self._command.startswith(b"\x1bQ"):
            self._string(byte)
            return
        self._command += bytes((byte,))
        lead, name = self._command[:2] if len(self._command) > 1 else (0, 0)
        if (lead, name) == (_ESC, 0x51):
            return
        counts = _ESC_PARAMETERS if lead == _ESC else _US_PARAMETERS
        if len(self._command) == 2 + counts.get(name, 0):
            done, self._command = self._command, b""
            self._execute(done)

    def _string(self, byte: int) -> None:
        """ESC Q A text CR and ESC Q B text CR; CLR ends them without effect on the line."""
        if byte == 0x0C:
            self._command = b""
            self._clear(0, _CELLS)
        elif byte != 0x0D:
            self._command += bytes((byte,))
        else:
            line, text = self._command[2:3], self._command[3:]
            self._command = b""
            self._at = COLUMNS if line == b"B" else 0
            for cell in text.ljust(COLUMNS)[:COLUMNS]:
                self._put(cell)

    def _execute(self, command: bytes) -> None:
        lead, name, *values = command
        if (lead, name) in ((_US, 0x24), (_ESC, 0x6C)):
            column, row = values
            if 1 <= column <= COLUMNS and 1 <= row <= 2:
                self._at = (row - 1) * COLUMNS + column - 1
        elif (lead, name) == (_ESC, 0x40):
            self._clear(0, _CELLS)
            self.settings = {}
        else:
            self.settings[f"{'ESC' if lead == _ESC else 'US'} {chr(name)}"] = (values or [1])[0]
