"""Which characters a font file draws: its `cmap` table (OpenType 1.9), formats 4 and 12.

The one rule: it reads that table and no more, since a font for Han characters has 20 MB.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO, Protocol

# platform and encoding of a subtable: all of Unicode first, then its first 65,536 characters
_WANTED = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (3, 0))


class Charmap(Protocol):
    """The characters of one font."""

    def __contains__(self, char: str) -> bool:
        """Whether the font has a glyph for this one character."""


@lru_cache(maxsize=32)
def charmap(path: str, index: int) -> Charmap:
    """The characters of face `index` of a TrueType or OpenType file; raises OSError."""
    with open(path, "rb") as file:
        try:
            return _subtable(_cmap(file, index))
        except (struct.error, IndexError, ValueError) as error:
            raise OSError(f"its table of characters cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class _Groups:
    """Format 12: runs of characters, each with the glyph of its first."""

    starts: array[int]
    ends: array[int]
    glyphs: array[int]

    def __contains__(self, char: str) -> bool:
        code = ord(char)
        group = bisect_right(self.starts, code) - 1
        if group < 0 or code > self.ends[group]:
            return False
        return self.glyphs[group] + code - self.starts[group] != 0


@dataclass(frozen=True, slots=True)
class _Segments:
    """Format 4: the same in 16 bits, with a shift or a list of glyphs for each run.

    `offsets` goes on behind its last segment with the lists, counted from its own entry.
    """

    ends: array[int]
    starts: array[int]
    shifts: array[int]
    offsets: array[int]

    def __contains__(self, char: str) -> bool:
        code = ord(char)
        run = bisect_left(self.ends, code)
        if run == len(self.ends) or code < self.starts[run]:
            return False
        if self.offsets[run] == 0:
            return (code + self.shifts[run]) & 0xFFFF != 0
        place = run + self.offsets[run] // 2 + code - self.starts[run]
        return place < len(self.offsets) and self.offsets[place] != 0


def _cmap(file: BinaryIO, index: int) -> bytes:
    head = file.read(12)
    start = 0
    if head[:4] == b"ttcf":
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
        file.seek(start)
        head = file.read(12)
    (count,) = struct.unpack(">H", head[4:6])
    for _ in range(count):
        tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(length)
    raise ValueError("there is none")


def _subtable(cmap: bytes) -> Charmap:
    (count,) = struct.unpack_from(">H", cmap, 2)
    records = (struct.unpack_from(">HHI", cmap, 4 + 8 * place) for place in range(count))
    offsets = {(platform, encoding): offset for platform, encoding, offset in records}
    for wanted in _WANTED:
        if wanted in offsets:
            return _read(cmap, offsets[wanted])
    raise ValueError("it has none for Unicode")


def _read(cmap: bytes, at: int) -> Charmap:
    (form,) = struct.unpack_from(">H", cmap, at)
    if form == 12:
        (count,) = struct.unpack_from(">I", cmap, at + 12)
        groups = _numbers("I", cmap[at + 16 : at + 16 + 12 * count])
        return _Groups(groups[0::3], groups[1::3], groups[2::3])
    if form == 4:
        length, _, twice = struct.unpack_from(">HHH", cmap, at + 2)
        count = twice // 2
        words = _numbers("H", cmap[at + 14 : at + length])
        start = count + 1  # one word is left free between ends and starts
        return _Segments(
            words[:count],
            words[start : start + count],
            words[start + count : start + 2 * count],
            words[start + 2 * count :],
        )
    raise ValueError(f"it has format {form}")


def _numbers(code: str, data: bytes) -> array[int]:
    numbers = array(code, data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
