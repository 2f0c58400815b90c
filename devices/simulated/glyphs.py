"""The letters in the virtual printer's ROM: font A, 12 x 24 dots, from the font shipped with us.

The one rule: one cell for one byte of text, whatever the letter.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

CELL = (12, 24)
_ROM = files("devices.printers") / "fonts" / "NotoSansMonoCJKtc-subset.otf"
_BASELINE = 19
_INK_FROM = 112  # of 255 that a dot is covered


def draw_cells(text: str, *, width: int, height: int, bold: bool) -> Image.Image:
    """`text` in cells of CELL times `width` and `height`, in mode "1" with ink set."""
    letter = (CELL[0] * width, CELL[1] * height)
    image = Image.new("1", (letter[0] * len(text), letter[1]))
    for place, char in enumerate(text):
        image.paste(255, (place * letter[0], 0), _letter(char, width, height))
    if bold:
        image.paste(255, (1, 0), image.crop((0, 0, image.width - 1, image.height)))
    return image


@lru_cache(maxsize=512)
def _letter(char: str, width: int, height: int) -> Image.Image:
    scale = max(width, height)
    font = ImageFont.truetype(str(_ROM), CELL[1] * scale)
    cell = Image.new("L", (CELL[0] * scale, CELL[1] * scale))
    ImageDraw.Draw(cell).text((0, _BASELINE * scale), char, fill=255, font=font, anchor="ls")
    inked = cell.point([0] * _INK_FROM + [255] * (256 - _INK_FROM), "1")
    return inked.resize((CELL[0] * width, CELL[1] * height), Image.Resampling.NEAREST)
