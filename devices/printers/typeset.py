"""A receipt document -> lines for the paper: ASCII as printer text, any other line as dots.

The one rule: the encoder and the preview both draw exactly these lines, so the picture is the
paper. Cells are those of a printer's font A: 12 dots wide; a line of text takes 30 dots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from devices.printers.codes import QUIET_MODULES, barcode_image, qr_image
from devices.printers.faces import INK, SIZE_PX, Faces, faces
from devices.printers.text import clean, pair, wrap
from devices.values import (
    Align,
    Barcode,
    Blank,
    Columns,
    Element,
    QrCode,
    ReceiptDocument,
    Rule,
    Text,
)

CELL_DOTS = 12
LINE_DOTS = 30
_ABOVE_DOTS = 6  # room above the line box for stacked Thai marks
_BELOW_DOTS = 10
_BASELINE_DOTS = 24


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line in the printer's own letters, one cell each, already padded to its place."""

    text: str
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class RasterLine:
    """A line of dots: `image` is mode "1" with ink set, its width a multiple of 8.

    `above_dots` and `below_dots` are the blank rows round the ink; `code` is what it encodes.
    """

    image: Image.Image
    align: Align = Align.LEFT
    above_dots: int = 0
    below_dots: int = 0
    code: QrCode | Barcode | None = None


Line = TextLine | RasterLine


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool
    double: bool

    @property
    def scale(self) -> int:
        return 2 if self.double else 1


def typeset(
    document: ReceiptDocument,
    *,
    dots: int,
    fonts: tuple[str, ...] = (),
    sets: Callable[[str], bool] = str.isascii,
) -> tuple[Line, ...]:
    """The lines of `document` on paper `dots` wide; raises BadOption for an unreadable font.

    `sets` tells which clean texts the printer has letters for, one cell each.
    """
    setter = _Typesetter(dots, faces(fonts, document.language), sets)
    return tuple(line for element in document.elements for line in setter.lines(element))


def missing_glyphs(document: ReceiptDocument, *, fonts: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The characters of `document` that no font has, each once; they print as boxes."""
    chain = faces(fonts, document.language)
    texts = "".join(_texts(element) for element in document.elements)
    unusual = {char for char in clean(texts) if not char.isascii()}
    return tuple(sorted(char for char in unusual if chain.lacks(char)))


class _Typesetter:
    """Typesets the elements of one document, one after the other."""

    def __init__(self, dots: int, chain: Faces, sets: Callable[[str], bool]) -> None:
        self._dots = dots
        self._faces = chain
        self._sets = sets

    def lines(self, element: Element) -> list[Line]:
        match element:
            case Text(text, align, bold, double):
                return self._text(clean(text), align, _Style(bold, double))
            case Columns(left, right, bold, double):
                return self._columns(clean(left), clean(right), _Style(bold, double))
            case Rule():
                return [TextLine("-" * (self._dots // CELL_DOTS))]
            case Blank():
                return [TextLine("")]
            case QrCode(data):
                return self._qr(element, data)
            case Barcode(data):
                return self._barcode(element, data)

    def _text(self, text: str, align: Align, style: _Style) -> list[Line]:
        if self._sets(text):
            columns = self._columns_of(style)
            rows = [text] if len(text) <= columns else wrap(text, columns, len)
            return [
                TextLine(_padded(row, align, columns), style.bold, style.double) for row in rows
            ]
        rows = wrap(text, self._dots, lambda part: self._width(part, style))
        return [_draw(self._faces, (row, ""), align, style, self._dots) for row in rows]

    def _columns(self, left: str, right: str, style: _Style) -> list[Line]:
        if self._sets(left + right):
            columns = self._columns_of(style)
            rows = pair(left, right, limit=columns, gap=1, width_of=len)
            return [
                TextLine(a + b.rjust(columns - len(a)) if b else a, style.bold, style.double)
                for a, b in rows
            ]
        rows = pair(
            left,
            right,
            limit=self._dots,
            gap=CELL_DOTS * style.scale,
            width_of=lambda part: self._width(part, style),
        )
        return [_draw(self._faces, row, Align.LEFT, style, self._dots) for row in rows]

    def _qr(self, element: QrCode, data: str) -> list[Line]:
        image = qr_image(data, self._dots)
        if image is None:
            return self._text(clean(data), Align.LEFT, _Style(bold=False, double=False))
        quiet_dots = QUIET_MODULES * 4
        return [RasterLine(_byte_wide(image), Align.CENTER, quiet_dots, quiet_dots, element)]

    def _barcode(self, element: Barcode, data: str) -> list[Line]:
        caption = self._text(clean(data), Align.CENTER, _Style(bold=False, double=False))
        image = barcode_image(data, self._dots)
        if image is None:
            return caption
        return [RasterLine(_byte_wide(image), Align.CENTER, 8, 4, element), *caption]

    def _columns_of(self, style: _Style) -> int:
        return self._dots // (CELL_DOTS * style.scale)

    def _width(self, text: str, style: _Style) -> int:
        return self._faces.width_px(text, SIZE_PX * style.scale)


@lru_cache(maxsize=256)
def _draw(chain: Faces, ends: tuple[str, str], align: Align, style: _Style, dots: int) -> Line:
    """One line of dots, `ends` at the left and right edge of the paper; cropped to its ink."""
    size_px, bolder = SIZE_PX * style.scale, int(style.bold)
    left_px, right_px = (chain.width_px(end, size_px) + bolder for end in ends)
    width = dots if ends[1] else min(dots, _whole_bytes(left_px))
    left_x = max(0, width - left_px) if align is Align.RIGHT else 0
    top, box = _ABOVE_DOTS * style.scale, LINE_DOTS * style.scale
    canvas = Image.new("1", (max(1, width), top + box + _BELOW_DOTS * style.scale))
    for end, x in zip(ends, (left_x, width - right_px), strict=True):
        for shift in range(bolder + 1):
            _draw_runs(canvas, x + shift, chain, end, style)
    ink = canvas.getbbox()
    if ink is None:
        return TextLine("", double=style.double)
    image = canvas.crop((0, ink[1], _whole_bytes(ink[2]), ink[3]))
    above, below = max(0, ink[1] - top), max(0, top + box - ink[3])
    return RasterLine(image, align, above, below)


def _draw_runs(canvas: Image.Image, x: int, chain: Faces, text: str, style: _Style) -> None:
    pen = ImageDraw.Draw(canvas)
    baseline = (_ABOVE_DOTS + _BASELINE_DOTS) * style.scale
    for run in chain.runs(text, SIZE_PX * style.scale):
        pen.text((x, baseline), run.text, INK, run.font, "ls", language=chain.language)
        x += run.width_px


def _byte_wide(image: Image.Image) -> Image.Image:
    return image.crop((0, 0, _whole_bytes(image.width), image.height))


def _whole_bytes(width_dots: int) -> int:
    return -(-width_dots // 8) * 8


def _padded(text: str, align: Align, columns: int) -> str:
    if align is Align.LEFT:
        return text
    blank = columns - len(text)
    return " " * (blank if align is Align.RIGHT else blank // 2) + text


def _texts(element: Element) -> str:
    match element:
        case Text(text):
            return text
        case Columns(left, right):
            return left + right
        case _:
            return ""
