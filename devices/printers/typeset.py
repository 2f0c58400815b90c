"""A receipt document -> lines for the paper: ASCII as printer text, any other line as dots.

The one rule: the encoder and the preview both draw exactly these lines, so the picture is the
paper. Cells are those of a printer's font A: 12 dots wide; a line of text takes 30 dots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from devices.printers.codes import Code, barcode, qr_code
from devices.printers.drawing import CELL_DOTS, LINE_DOTS, Style, draw_line
from devices.printers.faces import SIZE_PX, Faces, faces
from devices.printers.rasters import Band, bands
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

__all__ = ["CELL_DOTS", "LINE_DOTS", "Line", "RasterLine", "TextLine", "missing_glyphs", "typeset"]

_BAR_ABOVE_DOTS = 8
_BAR_BELOW_DOTS = 4


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line in the printer's own letters, one cell each.

    It is padded to its place, but for one in the CENTER of the paper, which may be half a cell off.
    """

    text: str
    bold: bool = False
    double: bool = False
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class RasterLine:
    """A line of dots, all its bands at the edge of `align`.

    `code` is what they encode, `module_dots` how wide its narrowest part is; 0 without a code.
    """

    bands: tuple[Band, ...]
    align: Align = Align.LEFT
    code: QrCode | Barcode | None = None
    module_dots: int = 0

    @property
    def height_dots(self) -> int:
        """How far it moves the paper."""
        return sum(band.rows for band in self.bands)


Line = TextLine | RasterLine


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
                return self._text(clean(text), align, Style(bold, double))
            case Columns(left, right, bold, double):
                return self._columns(clean(left), clean(right), Style(bold, double))
            case Rule():
                return [TextLine("-" * Style().columns(self._dots))]
            case Blank():
                return [TextLine("")]
            case QrCode(data):
                return self._qr(element, data)
            case Barcode(data):
                return self._barcode(element, data)

    def _text(self, text: str, align: Align, style: Style) -> list[Line]:
        if len(text) <= style.columns(self._dots) and self._sets(text):
            return [self._line((text, ""), align, style)]
        limit, width_of = self._measure(text, style)
        return [self._line((row, ""), align, style) for row in wrap(text, limit, width_of)]

    def _columns(self, left: str, right: str, style: Style) -> list[Line]:
        limit, width_of = self._measure(left + right, style)
        rows = pair(left, right, limit=limit, gap=width_of(" "), width_of=width_of)
        return [self._line(row, Align.LEFT, style) for row in rows]

    def _measure(self, text: str, style: Style) -> tuple[int, Callable[[str], float]]:
        """How wide a line may be, and how wide text is: in cells or in dots."""
        if self._sets(text):
            return style.columns(self._dots), len
        width_px, size_px = self._faces.width_px, SIZE_PX * style.scale
        return style.width_dots(self._dots), lambda part: width_px(part, size_px)

    def _line(self, ends: tuple[str, str], align: Align, style: Style) -> Line:
        left, right = ends
        if right and not left:
            left, right, align = right, "", Align.RIGHT
        columns = style.columns(self._dots)
        if len(left + right) + bool(right) <= columns and self._sets(left + right):
            return _set(left, right, align, style, columns)
        drawn = draw_line(
            (left, right), align=align, style=style, chain=self._faces, dots=self._dots
        )
        return RasterLine(drawn, align) if drawn else TextLine("")

    def _qr(self, element: QrCode, data: str) -> list[Line]:
        code = qr_code(data, self._dots)
        if code is None:
            return self._text(clean(data), Align.LEFT, Style())
        return [self._code(element, code, above=code.quiet_dots, below=code.quiet_dots)]

    def _barcode(self, element: Barcode, data: str) -> list[Line]:
        caption = self._text(clean(data), Align.CENTER, Style())
        code = barcode(data, self._dots)
        if code is None:
            return caption
        return [
            self._code(element, code, above=_BAR_ABOVE_DOTS, below=_BAR_BELOW_DOTS),
            *caption,
        ]

    def _code(self, element: QrCode | Barcode, code: Code, *, above: int, below: int) -> Line:
        paper = Image.new("1", (self._dots, above + code.image.height + below))
        paper.paste(code.image, ((self._dots - code.image.width) // 2, above))
        return RasterLine(bands(paper, Align.CENTER), Align.CENTER, element, code.module_dots)


def _set(left: str, right: str, align: Align, style: Style, columns: int) -> TextLine:
    text = left + right.rjust(columns - len(left)) if right else left
    if align is Align.RIGHT:
        text = text.rjust(columns)
    kept = Align.CENTER if align is Align.CENTER and text else Align.LEFT
    return TextLine(text, style.bold, style.double, kept)


def _texts(element: Element) -> str:
    match element:
        case Text(text):
            return text
        case Columns(left, right):
            return left + right
        case _:
            return ""
