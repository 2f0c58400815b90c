"""A receipt document -> a PNG that looks like the paper, for screens and for `posd receipt png`.

The one rule: it draws the lines of `typeset`, as the encoder does; only the printer's own letters
are replaced by a font with the same 12 x 24 cells.
"""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageDraw, ImageFont

from devices.printers.faces import INK, SIZE_PX, faces
from devices.printers.typeset import LINE_DOTS, Line, RasterLine, TextLine, typeset
from devices.values import Align, ReceiptDocument

_BASELINE_DOTS = 19  # of a 24-dot cell


def png(document: ReceiptDocument, *, dots: int = 576, fonts: tuple[str, ...] = ()) -> bytes:
    """The picture of `document` on paper `dots` wide: black on white, one bit a dot.

    Raises BadOption for a font that cannot be read.
    """
    stream = io.BytesIO()
    ImageChops.invert(paper(document, dots=dots, fonts=fonts)).save(stream, "PNG")
    return stream.getvalue()


def paper(
    document: ReceiptDocument, *, dots: int = 576, fonts: tuple[str, ...] = ()
) -> Image.Image:
    """The same as a mode "1" image in which ink is set."""
    lines = typeset(document, dots=dots, fonts=fonts)
    canvas = Image.new("1", (dots, max(1, sum(height_dots(line) for line in lines))))
    y = 0
    for line in lines:
        if isinstance(line, TextLine):
            _put_text(canvas, y, line)
        else:
            canvas.paste(line.image, (_left_dots(line, dots), y + line.above_dots))
        y += height_dots(line)
    return canvas


def height_dots(line: Line) -> int:
    """How far the paper moves for this line."""
    if isinstance(line, RasterLine):
        return line.above_dots + line.image.height + line.below_dots
    # line spacing is 30 dots; letters of double height need, and take, 48
    return 2 * SIZE_PX if line.double and line.text else LINE_DOTS


def _left_dots(line: RasterLine, dots: int) -> int:
    room = dots - line.image.width
    return {Align.LEFT: 0, Align.CENTER: room // 2, Align.RIGHT: room}[line.align]


def _put_text(canvas: Image.Image, y: int, line: TextLine) -> None:
    scale = 2 if line.double else 1
    path, index = faces((), "en").grid_font
    font = ImageFont.truetype(path, SIZE_PX * scale, index=index)
    # a printer's letters never leave their cells: what would hang over is cut off
    row = Image.new("1", (canvas.width, SIZE_PX * scale))
    for shift in range(2 if line.bold else 1):
        ImageDraw.Draw(row).text((shift, _BASELINE_DOTS * scale), line.text, INK, font, "ls")
    canvas.paste(row, (0, y))
