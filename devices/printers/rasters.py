"""Dots as GS v 0: bands of their ink alone, that small printers can hold, and that act on nothing.

The rules: many printers obey DLE EOT, DLE ENQ and DLE DC4 on reception, also inside dots, so
their first two bytes never stand side by side: one dot more beside a dot is not seen, an open
cash drawer is. And only dots move the paper between dots: ESC J counts in units that are half a
dot on some printers (GS P: 1/360 inch on a TM-T88), so blank rows are bands one byte wide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from devices.values import Align

BAND_ROWS = 24  # small printers choke on a raster larger than their buffer
_COMMAND_BYTES = 16  # what one command more costs: its head of 8, and a pause of the printer
_ACTS_AT_ONCE = re.compile(rb"\x10(?=[\x04\x05\x14])")


@dataclass(frozen=True, slots=True)
class Band:
    """At most BAND_ROWS rows of dots, `width_bytes` each, most significant bit left."""

    width_bytes: int
    data: bytes

    @property
    def rows(self) -> int:
        """How far it moves the paper, in dots."""
        return len(self.data) // self.width_bytes

    @property
    def image(self) -> Image.Image:
        """The same as a mode "1" image in which ink is set."""
        return Image.frombytes("1", (self.width_bytes * 8, self.rows), self.data)

    @property
    def command(self) -> bytes:
        """GS v 0 with the dots; where they stand (ESC a) is the caller's affair."""
        size = self.width_bytes.to_bytes(2, "little") + self.rows.to_bytes(2, "little")
        return b"\x1dv0\0" + size + self.data


def bands(image: Image.Image, align: Align = Align.LEFT) -> tuple[Band, ...]:
    """All rows of `image`, without the columns that are blank away from the edge of `align`.

    `image` is mode "1" and as wide as the paper, a multiple of 8. Its bands stand at the edge of
    `align` one and all, so that a printer wider than it was said to be does not tear the letters.
    """
    width = image.width // 8
    data = image.tobytes()  # Pillow keeps such an image packed as the printer wants it
    rows = [data[at : at + width] for at in range(0, len(data), width)]
    made, top = [], 0
    for bottom, span in _cuts([_span(row, align) for row in rows]):
        start = {Align.LEFT: 0, Align.CENTER: (width - span) // 2, Align.RIGHT: width - span}[align]
        ink = b"".join(row[start : start + span] for row in rows[top:bottom])
        made.append(Band(span, _ACTS_AT_ONCE.sub(b"\x18", ink)))
        top = bottom
    return tuple(made)


def acts_at_once(data: bytes) -> bool:
    """Whether a printer that looks at bytes on reception would obey some of `data`."""
    return _ACTS_AT_ONCE.search(data) is not None


def longest_band(dots: int) -> int:
    """The most bytes of dots in one band on paper `dots` wide."""
    return BAND_ROWS * dots // 8


def _span(row: bytes, align: Align) -> int:
    """How many bytes of `row` must be sent; at least one, as many less at both sides if centred."""
    if align is Align.LEFT:
        return len(row.rstrip(b"\0")) or 1
    if align is Align.RIGHT:
        return len(row.lstrip(b"\0")) or 1
    width = len(row)
    left, right = width - len(row.lstrip(b"\0")), width - len(row.rstrip(b"\0"))
    return width - 2 * min(left, right, (width - 1) // 2)


def _cuts(spans: list[int]) -> Iterator[tuple[int, int]]:
    """Where each band ends, and its span: a new one where that saves more than its command."""
    top, held = 0, spans[0]
    for y, span in enumerate(spans[1:], 1):
        wasted = (max(held, span) - held) * (y - top) + max(held, span) - span
        if y - top == BAND_ROWS or wasted > _COMMAND_BYTES:
            yield y, held
            top, held = y, span
        held = max(held, span)
    yield len(spans), held
