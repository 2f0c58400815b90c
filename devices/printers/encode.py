"""A receipt document -> the bytes of one print job, written with python-escpos.

The one rule: a job is one buffer that starts with ESC @ and ends with the cut and `GS r 1`, so
that it is sent whole and its answer proves the whole. The code page is never touched: text is
printable ASCII, everything else is dots (GS v 0, which every printer has).
"""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image

from devices.options import BadOption
from devices.printers.escpos_library import plain_writer
from devices.printers.options import EscposOptions
from devices.printers.status import PROOF_REQUEST
from devices.printers.typeset import Line, RasterLine, TextLine, typeset
from devices.values import Align, QrCode, ReceiptDocument

BAND_ROWS = 24  # small printers choke on a raster larger than their buffer
# GS ( D: no pulse by DLE DC4, or dots that look like it would open the cash drawer
_NO_REALTIME_PULSE = bytes((0x1D, 0x28, 0x44, 3, 0, 20, 1, 0))
_MAX_FEED_DOTS = 255


class Encoder:
    """Writes jobs for one printer; one thread uses it. Raises BadOption for fonts and profile."""

    def __init__(self, options: EscposOptions) -> None:
        self._options = options
        try:
            self._writer = plain_writer(options.profile)
        except KeyError as error:
            name = f"python-escpos has no profile {options.profile!r}; leave it out if unsure"
            raise BadOption("profile", name) from error
        self._style = (False, False)

    def job(self, document: ReceiptDocument) -> bytes:
        """Every byte of one print job, from ESC @ to `GS r 1`."""
        lines = typeset(document, dots=self._options.dots, fonts=self._options.fonts)
        self._writer.clear()
        self._writer.hw("INIT")
        self._style = (False, False)
        if any(isinstance(line, RasterLine) for line in lines):
            self._bytes(_NO_REALTIME_PULSE)
        self._write(lines)
        self._writer.cut()
        self._bytes(PROOF_REQUEST)
        return bytes(self._writer.output)

    def _write(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if isinstance(line, TextLine):
                self._text(line)
            elif line.code is not None and self._options.codes == "native":
                self._native(line)
            else:
                self._raster(line)

    def _text(self, line: TextLine) -> None:
        style = (line.bold, line.double)
        if style != self._style and line.text:
            self._style = style
            self._writer.set(normal_textsize=True)
            self._writer.set(bold=line.bold)
            if line.double:
                self._writer.set(double_width=True, double_height=True, bold=line.bold)
        self._writer.text(line.text + "\n")

    def _native(self, line: RasterLine) -> None:
        self._writer.set(align="center")
        if isinstance(line.code, QrCode):
            self._writer.qr(line.code.data, native=True, size=6)
        elif line.code is not None:
            self._writer.barcode(
                "{B" + line.code.data, "CODE128", height=64, width=2, pos="OFF", function_type="B"
            )
        self._writer.set(align="left")

    def _raster(self, line: RasterLine) -> None:
        self._feed(line.above_dots)
        # centred by the printer: blank columns at the left would double the bytes of a QR code
        if line.align is not Align.LEFT:
            self._writer.set(align=line.align.value)
        for top in range(0, line.image.height, BAND_ROWS):
            bottom = min(line.image.height, top + BAND_ROWS)
            self._bytes(_band(line.image.crop((0, top, line.image.width, bottom))))
        if line.align is not Align.LEFT:
            self._writer.set(align="left")
        self._feed(line.below_dots)

    def _feed(self, rows: int) -> None:
        if rows:
            self._bytes(bytes((0x1B, 0x4A, min(rows, _MAX_FEED_DOTS))))  # ESC J

    def _bytes(self, data: bytes) -> None:
        self._writer._raw(data)  # noqa: SLF001 - python-escpos has no public way to add bytes


def _band(image: Image.Image) -> bytes:
    """GS v 0: Pillow keeps mode "1" packed as the printer wants it, most significant bit left."""
    columns = image.width // 8
    header = b"\x1dv0\0" + columns.to_bytes(2, "little") + image.height.to_bytes(2, "little")
    return header + image.tobytes()
