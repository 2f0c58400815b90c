"""A receipt document -> a PNG that looks like the paper, for screens and for `posd receipt png`.

The one rule: it draws the lines of `typeset`, as the encoder does; only the printer's own letters
are replaced by a font with the same 12 x 24 cells.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from devices.printers.drawing import BASELINE_DOTS, CELL_DOTS, LINE_DOTS
from devices.printers.faces import INK, SIZE_PX, as_ink, grid_font
from devices.printers.profiles import DEFAULT, USUAL_DOTS, profile_of
from devices.printers.typeset import Line, RasterLine, TextLine, typeset
from devices.values import Align, ReceiptDocument


def png(
    document: ReceiptDocument,
    *,
    dots: int = USUAL_DOTS,
    fonts: tuple[str, ...] = (),
    profile: str = DEFAULT,
) -> bytes:
    """The picture of `document` on paper `dots` wide: black on white, one bit a dot.

    `profile` says which letters are the printer's own. Raises BadOption for one that is not known
    and for a font that cannot be read.
    """
    picture = paper(document, dots=dots, fonts=fonts, profile=profile)
    stream = io.BytesIO()
    ImageChops.invert(picture).save(stream, "PNG")
    return stream.getvalue()


def paper(
    document: ReceiptDocument,
    *,
    dots: int = USUAL_DOTS,
    fonts: tuple[str, ...] = (),
    profile: str = DEFAULT,
) -> Image.Image:
    """The same as a mode "1" image in which ink is set."""
    lines = typeset(document, dots=dots, fonts=fonts, sets=profile_of(profile).sets)
    canvas = Image.new("1", (dots, max(1, sum(height_dots(line) for line in lines))))
    y = 0
    for line in lines:
        if isinstance(line, TextLine):
            _put_text(canvas, y, line)
        else:
            _put_dots(canvas, y, line)
        y += height_dots(line)
    return canvas


def height_dots(line: Line) -> int:
    """How far the paper moves for this line."""
    if isinstance(line, RasterLine):
        return line.height_dots
    # line spacing is 30 dots; letters of double height need, and take, 48
    return 2 * SIZE_PX if line.double and line.text else LINE_DOTS


def _put_dots(canvas: Image.Image, y: int, line: RasterLine) -> None:
    for band in line.bands:
        canvas.paste(band.image, (_left(line.align, canvas.width - band.width_bytes * 8), y))
        y += band.rows


def _put_text(canvas: Image.Image, y: int, line: TextLine) -> None:
    scale = 2 if line.double else 1
    row = Image.new("1", (CELL_DOTS * scale * len(line.text), SIZE_PX * scale))
    for place, char in enumerate(line.text):
        row.paste(_letter(char, scale), (place * CELL_DOTS * scale, 0))
    left = _left(line.align, canvas.width - row.width)
    canvas.paste(row, (left, y))
    if line.bold and line.text:
        canvas.paste(INK, (left + 1, y), row.crop((0, 0, row.width - 1, row.height)))


def _left(align: Align, room_dots: int) -> int:
    return {Align.LEFT: 0, Align.CENTER: room_dots // 2, Align.RIGHT: room_dots}[align]


@lru_cache(maxsize=512)
def _letter(char: str, scale: int) -> Image.Image:
    """One cell: a printer's letters never leave theirs, what would hang over is cut off."""
    cell = Image.new("L", (CELL_DOTS * scale, SIZE_PX * scale))
    pen = ImageDraw.Draw(cell)
    pen.text((0, BASELINE_DOTS * scale), char, INK, grid_font(SIZE_PX * scale), "ls")
    return as_ink(cell)
