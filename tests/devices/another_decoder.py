"""A second reader of ESC/POS, by bytes alone: where each command puts its dots.

Written from Epson's ESC/POS command reference for a printer at its defaults (30 dots a line, font
A of 12 x 24 dots), and from nothing else: it shares no line with posd or its simulated printer.
Paper is a set of (x, y). Text of
one line is drawn by `letters`, each of a cell, which every printer does its own way.
"""

from __future__ import annotations

from collections.abc import Callable

LINE = 30
CELL = (12, 24)
Dots = set[tuple[int, int]]
Letters = Callable[[str, int, bool], Dots]


def read(job: bytes, *, dots: int, letters: Letters) -> tuple[Dots, int]:
    """The dots of `job` down to its cut, and how far the paper moved until then."""
    reader = _Reader(job, dots, letters)
    while not reader.cut:
        reader.step()
    return reader.paper, reader.y


class _Reader:
    def __init__(self, job: bytes, dots: int, letters: Letters) -> None:
        self.job, self.at = job, 0
        self.width, self.letters = dots, letters
        self.paper: Dots = set()
        self.y, self.cut = 0, False
        self.line: list[str] = []
        self.bold, self.size, self.justified = False, 1, 0

    def step(self) -> None:
        first = self.take(1)[0]
        if first == 0x1B:
            self.escape(self.take(1))
        elif first == 0x1D:
            self.group(self.take(1))
        elif first == 0x0A:
            self.end_line()
        else:
            assert 0x20 <= first < 0x7F, f"{first:02x} at {self.at}"
            self.line.append(chr(first))

    def take(self, count: int) -> bytes:
        taken = self.job[self.at : self.at + count]
        assert len(taken) == count, "the job ends within a command"
        self.at += count
        return taken

    def escape(self, name: bytes) -> None:
        if name == b"@":
            self.bold, self.size, self.justified, self.line = False, 1, 0, []
        elif name == b"E":
            self.bold = bool(self.take(1)[0] & 1)
        elif name == b"!":
            mode = self.take(1)[0]
            assert mode & 0x30 in (0, 0x30), "one direction alone is never used"
            self.size, self.bold = 2 if mode & 0x30 else 1, bool(mode & 8)
        elif name == b"a":
            assert not self.line, "ESC a counts at the beginning of a line alone"
            self.justified = self.take(1)[0] % 48
        elif name == b"d":
            self.y += LINE * self.take(1)[0]
        else:
            raise AssertionError(f"ESC {name!r} at {self.at}")

    def group(self, name: bytes) -> None:
        if name == b"v":
            self.raster(self.take(6))
        elif name == b"!":
            size = self.take(1)[0]
            assert size in (0x00, 0x11)
            self.size = (size & 7) + 1
        elif name == b"(":
            function, low, high = self.take(3)
            assert function == ord("D")
            self.take(low + 256 * high)
        elif name == b"V":
            assert self.take(1)[0] in (0, 1, 48, 49)
            self.cut = True
        else:
            raise AssertionError(f"GS {name!r} at {self.at}")

    def raster(self, head: bytes) -> None:
        assert head[:2] == b"0\x00", "normal size"
        assert not self.line, "GS v 0 counts at the beginning of a line alone"
        columns = 8 * (head[2] + 256 * head[3])
        rows = head[4] + 256 * head[5]
        left = self.left(columns)
        for y in range(rows):
            row = int.from_bytes(self.take(columns // 8), "big")
            for x in range(columns):
                if row >> (columns - 1 - x) & 1:
                    self.paper.add((left + x, self.y + y))
        self.y += rows

    def end_line(self) -> None:
        left = self.left(CELL[0] * self.size * len(self.line))
        dots = self.letters("".join(self.line), self.size, self.bold)
        self.paper |= {(left + x, self.y + y) for x, y in dots}
        self.y += max(LINE, CELL[1] * self.size) if self.line else LINE
        self.line = []

    def left(self, columns: int) -> int:
        room = self.width - columns
        assert room >= 0, f"{columns} dots on {self.width}"
        return (0, room // 2, room)[self.justified]
