"""A receipt document -> the bytes of one print job, written with python-escpos.

The one rule: a job is one buffer that starts with ESC @ and ends with the cut and `GS r 1`, so
that it is sent whole and its answer proves the whole. Text is printable ASCII, or in a code page
that the printer's profile has; everything else is dots (GS v 0, which every printer has).

No byte of foreign text acts on the printer: text comes cleaned from `typeset`, codes go into
commands only where they are printable, and dots act nowhere (`rasters.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from devices.printers.escpos_library import plain_writer
from devices.printers.native_codes import native_code
from devices.printers.options import EscposOptions
from devices.printers.profiles import DEFAULT, CodePage, profile_of
from devices.printers.rasters import longest_band
from devices.printers.status import PROOF_REQUEST
from devices.printers.typeset import Line, RasterLine, TextLine, typeset
from devices.values import Align, Barcode, QrCode, ReceiptDocument

# GS ( D: whether DLE DC4 kicks the drawer
_NO_KICK_AT_ONCE = bytes((0x1D, 0x28, 0x44, 3, 0, 20, 1, 0))
_KICK_AT_ONCE = bytes((0x1D, 0x28, 0x44, 3, 0, 20, 1, 1))
# FS .: a model for East Asia takes two bytes above 0x7f for one character until it is told not to
_ONE_BYTE_LETTERS = b"\x1c."


class Encoder:
    """Writes jobs for one printer; one thread uses it. Raises BadOption for fonts."""

    def __init__(self, options: EscposOptions) -> None:
        self._options = options
        self._profile = profile_of(options.profile)
        self._writer = plain_writer(options.profile)
        self._page: CodePage | None = None
        self._style = (False, False)

    def job(self, document: ReceiptDocument) -> bytes:
        """Every byte of one print job, from ESC @ to `GS r 1`."""
        options = self._options
        lines = typeset(document, dots=options.dots, fonts=options.fonts, sets=self._profile.sets)
        self._writer.clear()
        self._writer.hw("INIT")
        self._style, self._page = (False, False), None
        self._write(lines)
        self._writer.cut()
        self._bytes(PROOF_REQUEST)
        return bytes(self._writer.output)

    def end_of_torn_job(self) -> bytes:
        """What goes before a job when the last one broke off, perhaps inside a band of dots.

        Zeros end that band, and print nothing where none was open; what there is of the torn
        receipt is cut off.
        """
        self._writer.clear()
        self._bytes(bytes(longest_band(self._options.dots)) + b"\n")
        self._writer.cut()
        return bytes(self._writer.output)

    def _write(self, lines: Iterable[Line]) -> None:
        # the shorter it is off, the likelier a drawer still opens when the paper ends in between
        for dots, run in groupby(lines, self._as_dots):
            if dots:
                self._bytes(_NO_KICK_AT_ONCE)
            for line in run:
                self._line(line)
            if dots:
                self._bytes(_KICK_AT_ONCE)

    def _as_dots(self, line: Line) -> bool:
        return isinstance(line, RasterLine) and self._native(line) is None

    def _line(self, line: Line) -> None:
        # aligned by the printer: blank columns at the left would double the bytes of a QR code
        if line.align is not Align.LEFT:
            self._writer.set(align=line.align.value)
        if isinstance(line, TextLine):
            self._text(line)
        else:
            self._bytes(self._native(line) or b"".join(band.command for band in line.bands))
        if line.align is not Align.LEFT:
            self._writer.set(align="left")

    def _text(self, line: TextLine) -> None:
        style = (line.bold, line.double)
        if style != self._style and line.text:
            self._style = style
            self._writer.set(normal_textsize=True)
            self._writer.set(bold=line.bold)
            if line.double:
                self._writer.set(double_width=True, double_height=True, bold=line.bold)
        if line.text.isascii():
            self._writer.text(line.text + "\n")
        else:
            self._in_page(line.text)

    def _in_page(self, text: str) -> None:
        page = self._profile.page_for(text)
        if page is None:
            raise ValueError(f"typeset gave {text!r}, which no code page of the printer has")
        if page != self._page:
            self._page = page
            self._bytes(_ONE_BYTE_LETTERS + bytes((0x1B, 0x74, page.slot)))  # ESC t
        self._bytes(text.encode(page.codec) + b"\n")

    def _native(self, line: RasterLine) -> bytes | None:
        """The commands by which the printer draws a code itself; None where dots are sent."""
        if line.code is None or not self._draws(line.code):
            return None
        return native_code(line.code, line.module_dots)

    def _draws(self, code: QrCode | Barcode) -> bool:
        """Whether the printer can: by its profile, or by its owner's word where it has none."""
        codes, profile = self._options.codes, self._options.profile
        stated = codes == "native" and profile == DEFAULT
        return stated or (codes != "bitmap" and type(code) in self._profile.draws)

    def _bytes(self, data: bytes) -> None:
        self._writer._raw(data)  # noqa: SLF001 - python-escpos has no public way to add bytes
