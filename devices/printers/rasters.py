"""Dots as GS v 0, in bands that small printers can hold, without a byte that acts at once.

The one rule: many printers obey DLE EOT, DLE ENQ and DLE DC4 on reception, also inside dots, so
their first two bytes never stand side by side: one dot more beside a dot is not seen, an open
cash drawer is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image

BAND_ROWS = 24  # small printers choke on a raster larger than their buffer
_ACTS_AT_ONCE = re.compile(rb"\x10(?=[\x04\x05\x14])")


def bands(image: Image.Image) -> Iterator[bytes]:
    """`image`, mode "1" and a multiple of 8 wide, as commands of at most BAND_ROWS rows.

    Pillow keeps such an image packed as the printer wants it, most significant bit left.
    """
    for top in range(0, image.height, BAND_ROWS):
        bottom = min(image.height, top + BAND_ROWS)
        band = image.crop((0, top, image.width, bottom))
        size = (image.width // 8).to_bytes(2, "little") + band.height.to_bytes(2, "little")
        yield b"\x1dv0\0" + size + _ACTS_AT_ONCE.sub(b"\x18", band.tobytes())


def longest_band(dots: int) -> int:
    """The most bytes of dots in one band on paper `dots` wide."""
    return BAND_ROWS * dots // 8
