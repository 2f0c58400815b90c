"""One line of text -> dots on paper, on the grid of the printer's own letters.

The one rule: the baseline stands where the printer's own letters have it, 19 dots below the top
of their line and 11 above the next line; a line is higher only where its ink is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from devices.printers.faces import INK, SIZE_PX, Faces, Glyph
from devices.printers.rasters import Band, bands
from devices.values import Align

CELL_DOTS = 12
LINE_DOTS = 30
BASELINE_DOTS = 19
_APART_DOTS = 3  # of the ink of two lines, at least
_ROOM_DOTS = 36  # above and below a line: marks stacked on a Thai letter, a tail


@dataclass(frozen=True, slots=True)
class Style:
    """How a line of text looks."""

    bold: bool = False
    double: bool = False

    @property
    def scale(self) -> int:
        """How many times wider and higher than font A."""
        return 2 if self.double else 1

    def columns(self, dots: int) -> int:
        """How many cells stand side by side on paper `dots` wide."""
        return dots // (CELL_DOTS * self.scale)

    def width_dots(self, dots: int) -> int:
        """How much of that paper they take: where lines end at the right."""
        return self.columns(dots) * CELL_DOTS * self.scale


@lru_cache(maxsize=256)
def draw_line(
    ends: tuple[str, str], *, align: Align, style: Style, chain: Faces, dots: int
) -> tuple[Band, ...]:
    """The bands of one line on paper `dots` wide: `ends` at its edges, or the first at `align`.

    () where there is no ink.
    """
    baseline = (_ROOM_DOTS + BASELINE_DOTS) * style.scale
    canvas = Image.new("1", (dots, baseline + (LINE_DOTS + _ROOM_DOTS) * style.scale))
    for text, edge in ((ends[0], align), (ends[1], Align.RIGHT)):
        glyphs = chain.glyphs(text, SIZE_PX * style.scale)
        blank = style.width_dots(dots) - sum(glyph.width_px for glyph in glyphs)
        x = {Align.LEFT: 0, Align.CENTER: blank // 2, Align.RIGHT: blank}[edge]
        _draw(canvas, (x, baseline), glyphs)
    if style.bold:
        canvas.paste(INK, (1, 0), canvas.copy())
    ink = canvas.getbbox()
    if ink is None:
        return ()
    top = min(ink[1], baseline - BASELINE_DOTS * style.scale)
    bottom = max(ink[3] + _APART_DOTS, baseline + (LINE_DOTS - BASELINE_DOTS) * style.scale)
    return bands(canvas.crop((0, top, dots, bottom)), align)


def _draw(canvas: Image.Image, start: tuple[int, int], glyphs: tuple[Glyph, ...]) -> None:
    x, y = start
    for glyph in glyphs:
        if glyph.ink is not None:
            canvas.paste(INK, (x + glyph.left_px, y + glyph.top_px), glyph.ink)
        x += glyph.width_px
