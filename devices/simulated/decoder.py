"""What a printer makes of its bytes: ESC/POS -> paper, as text and as dots.

The one rule: it is written from Epson's ESC/POS reference and knows nothing of our own renderer,
so that the two can be held against each other. What it does not understand it lists in `faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PIL import Image

from devices.simulated.glyphs import CELL, draw_cells

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D
LINE_SPACING = 30
_CODE128 = 73
INK = 255


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper as it was cut: `image` is mode "1" with ink set.

    `first_byte_ns` is when its first byte came, on CLOCK_BOOTTIME; 0 where nobody looked.
    """

    text: tuple[str, ...]
    image: Image.Image
    byte_count: int
    first_byte_ns: int = 0


@dataclass(frozen=True, slots=True)
class Transmit:
    """The printer is asked for a status in the order of its buffer: GS r n, GS a n, GS I n."""

    command: str
    n: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """The drawer is kicked through this pin of its connector: 2 or 5."""

    pin: int


Result = Paper | Transmit | Pulse


@dataclass
class _Style:
    bold: bool = False
    width: int = 1
    height: int = 1
    align: int = 0
    spacing: int = LINE_SPACING
    start: int = 0
    margin: int = 0
    page: str = "cp437"


@dataclass
class _Roll:
    """The paper since the last cut."""

    y: int = 0
    text: list[str] = field(default_factory=list)
    marks: list[tuple[int, int, Image.Image]] = field(default_factory=list)
    byte_count: int = 0


class Decoder:
    """Takes the bytes of a printer's buffer in any pieces, gives papers and questions."""

    def __init__(self, dots: int = 576) -> None:
        self._dots = dots
        self._buffer = bytearray()
        self._line = ""
        self._style = _Style()
        self._roll = _Roll()
        self._raster_end: int | None = None
        self._qr = b""
        self._actions = self._actions_by_name()
        self.faults: list[str] = []
        self.pulses_at_once = True  # whether DLE DC4 may kick the drawer: GS ( D

    def clear(self) -> None:
        """Forget what was not printed yet, also half a command; the paper stays as it is."""
        self._buffer.clear()
        self._initialize(b"")

    def feed(self, data: bytes) -> Iterator[Result]:
        """Process `data`; papers at their cut, questions where they stand among the rest."""
        self._buffer += data
        while self._buffer:
            used = self._length(bytes(self._buffer[:8]))
            if not 0 < used <= len(self._buffer):
                return
            result = self._execute(bytes(self._buffer[:used]))
            del self._buffer[:used]
            self._roll.byte_count += used
            if result is not None:
                yield result

    def _actions_by_name(self) -> dict[bytes, Callable[[bytes], Result | None]]:
        return {
            b"\x1b@": self._initialize,
            b"\x1b!": self._print_mode,
            b"\x1bE": self._bold,
            b"\x1bG": self._bold,
            b"\x1ba": self._align,
            b"\x1bd": self._feed_lines,
            b"\x1bJ": self._feed_dots,
            b"\x1b2": self._spacing,
            b"\x1b3": self._spacing,
            b"\x1b$": self._position,
            b"\x1dL": self._margin,
            b"\x1d!": self._size,
            b"\x1dv": self._raster,
            b"\x1d(": self._function,
            b"\x1dk": self._barcode,
            b"\x1dV": self._cut,
            b"\x1dr": self._transmit,
            b"\x1da": self._transmit,
            b"\x1dI": self._transmit,
            b"\x1bp": self._pulse,
            b"\x1bt": self._code_page,
        }

    def _length(self, head: bytes) -> int:
        """How many bytes the command at the head takes; 0 when more must be read to tell."""
        if head[0] not in (DLE, ESC, FS, GS):
            return 1
        if len(head) < 2:
            return 0
        return _FIXED.get(head[:2]) or self._variable(head)

    def _variable(self, head: bytes) -> int:
        match head[:2]:
            case b"\x1d(" | b"\x1c(":
                return 5 + int.from_bytes(head[3:5], "little") if len(head) >= 5 else 0
            case b"\x1dv":
                if len(head) < 8:
                    return 0
                columns, rows = _raster_size(head)
                return 8 + columns * rows
            case b"\x1dV":
                return 0 if len(head) < 3 else 4 if head[2] in (65, 66, 97, 98, 103, 104) else 3
            case b"\x1dk":
                return self._barcode_length(head)
        return 2

    def _barcode_length(self, head: bytes) -> int:
        if len(head) < 4:
            return 0
        if head[2] >= 65:
            return 4 + head[3]
        end = self._buffer.find(b"\0", 3)
        return end + 1 if end >= 0 else 0

    def _execute(self, command: bytes) -> Result | None:
        if len(command) == 1:
            self._letter(command[0])
            return None
        action = self._actions.get(command[:2])
        if action is not None:
            return action(command)
        if command[:2] not in _FIXED:
            self.faults.append(f"unknown command {command[:8].hex(' ')}")
        return None

    def _letter(self, byte: int) -> None:
        if byte == 0x0A:
            self._print_line()
        elif byte >= 0x20:
            self._line += bytes((byte,)).decode(self._style.page, "replace")
        elif byte not in (0x00, 0x0D):
            self.faults.append(f"control byte {byte:02x} in text")

    def _print_line(self) -> None:
        style = self._style
        rows = max(style.spacing, CELL[1] * style.height) if self._line else style.spacing
        if self._line:
            image = draw_cells(self._line, width=style.width, height=style.height, bold=style.bold)
            self._mark(image)
        self._roll.text.append(self._line)
        self._line, self._style.start = "", 0
        self._roll.y += rows

    def _mark(self, image: Image.Image) -> None:
        style = self._style
        area = self._dots - style.margin
        shift = {0: style.start, 1: (area - image.width) // 2, 2: area - image.width}
        x = style.margin + shift[style.align]
        if x + image.width > self._dots or x < 0:
            self.faults.append(f"{image.width} dots at {x} are wider than the paper")
        self._roll.marks.append((x, self._roll.y, image))

    def _initialize(self, command: bytes) -> None:
        del command
        self._style, self._line = _Style(), ""
        self.pulses_at_once = True

    def _print_mode(self, command: bytes) -> None:
        n = command[2]
        self._style.bold = bool(n & 0x08)
        self._style.height = 2 if n & 0x10 else 1
        self._style.width = 2 if n & 0x20 else 1

    def _bold(self, command: bytes) -> None:
        self._style.bold = bool(command[2] & 1)

    def _size(self, command: bytes) -> None:
        self._style.width = (command[2] >> 4) + 1
        self._style.height = (command[2] & 0x07) + 1

    def _align(self, command: bytes) -> None:
        self._style.align = command[2] % 48

    def _spacing(self, command: bytes) -> None:
        self._style.spacing = LINE_SPACING if command[1:2] == b"2" else command[2]

    def _position(self, command: bytes) -> None:
        self._style.start = int.from_bytes(command[2:4], "little")

    def _margin(self, command: bytes) -> None:
        self._style.margin = int.from_bytes(command[2:4], "little")

    def _feed_lines(self, command: bytes) -> None:
        if self._line:
            self._print_line()
            self._roll.y -= self._style.spacing
        self._roll.y += command[2] * self._style.spacing

    def _feed_dots(self, command: bytes) -> None:
        if self._line:
            self._print_line()
            self._roll.y -= self._style.spacing
        self._roll.y += command[2]

    def _raster(self, command: bytes) -> None:
        if self._line:
            self.faults.append("GS v 0 while text waits in the line: it has no effect there")
        columns, rows = _raster_size(command)
        image = Image.frombytes("1", (columns * 8, rows), command[8:])
        self._mark(image)
        if self._raster_end != self._roll.y or not self._roll.text:
            self._roll.text.append("[dots]")
        self._roll.y += rows
        self._raster_end = self._roll.y
        self._style.start = 0

    def _function(self, command: bytes) -> None:
        """Of all GS ( only a QR code leaves a trace, and what DLE DC4 may do is remembered."""
        if command[2:3] == b"D":
            switches = dict(zip(command[6::2], command[7::2], strict=False))
            self.pulses_at_once = bool(switches.get(1, self.pulses_at_once) & 1)
        elif command[2:3] == b"k" and command[5:7] == b"1P":
            self._qr = command[8:]
        elif command[2:3] == b"k" and command[5:7] == b"1Q":
            self._roll.text.append(f"[qr {self._qr.decode('utf-8', 'replace')}]")
            self._roll.y += 200

    def _barcode(self, command: bytes) -> None:
        data = command[4:] if command[2] >= 65 else command[3:-1]
        text = _code128_text(data) if command[2] == _CODE128 else data.decode("latin-1")
        self._roll.text.append(f"[barcode {text}]")
        self._roll.y += 64

    def _cut(self, command: bytes) -> Paper:
        if self._line:
            self._print_line()
        feed = command[3] if len(command) == 4 else 0
        roll, self._roll = self._roll, _Roll()
        self._raster_end = None
        image = Image.new("1", (self._dots, max(1, roll.y + feed)))
        for x, y, mark in roll.marks:
            image.paste(INK, (x, y), mark)
        return Paper(tuple(roll.text), image, roll.byte_count + len(command))

    def _pulse(self, command: bytes) -> Pulse:
        return Pulse(5 if command[2] & 1 else 2)

    def _code_page(self, command: bytes) -> None:
        if command[2] not in _PAGES:
            self.faults.append(f"code page {command[2]} is not there")
        self._style.page = _PAGES.get(command[2], self._style.page)

    def _transmit(self, command: bytes) -> Transmit:
        return Transmit(f"GS {chr(command[1])}", command[2])


def _code128_text(data: bytes) -> str:
    """What a CODE128 of GS k says: `{A`, `{B` and `{C` choose the set, `{{` is a brace."""
    text, chosen, place = "", b"B", 0
    while place < len(data):
        if data[place] == ord("{"):
            place += 1
            following = data[place : place + 1]
            chosen = following if following != b"{" else chosen
            text += "{" if following == b"{" else ""
        else:
            text += f"{data[place]:02d}" if chosen == b"C" else chr(data[place])
        place += 1
    return text


def _raster_size(head: bytes) -> tuple[int, int]:
    return int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")


# the pages of an Epson TM for Europe by the number of ESC t
_PAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 16: "cp1252", 18: "cp852", 19: "cp858",
    39: "iso8859_2", 40: "iso8859_15", 45: "cp1250",
}  # fmt: skip
# commands of a fixed length, in bytes; those without an action change nothing that shows here
_FIXED = {
    b"\x10\x04": 3, b"\x10\x05": 3, b"\x10\x14": 5,
    b"\x1b@": 2, b"\x1b!": 3, b"\x1bE": 3, b"\x1bG": 3, b"\x1ba": 3, b"\x1bd": 3, b"\x1bJ": 3,
    b"\x1b2": 2, b"\x1b3": 3, b"\x1bt": 3, b"\x1bR": 3, b"\x1bM": 3, b"\x1b-": 3, b"\x1b{": 3,
    b"\x1b$": 4, b"\x1bp": 5, b"\x1b ": 3, b"\x1bV": 3,
    b"\x1d!": 3, b"\x1dr": 3, b"\x1da": 3, b"\x1dI": 3, b"\x1dL": 4, b"\x1dW": 4, b"\x1dP": 4,
    b"\x1dB": 3, b"\x1db": 3, b"\x1dh": 3, b"\x1dw": 3, b"\x1dH": 3, b"\x1df": 3,
    b"\x1c&": 2, b"\x1c.": 2,
}  # fmt: skip
