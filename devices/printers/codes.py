"""QR codes and CODE128 as pictures: the form that every ESC/POS printer prints the same.

The one rule: the picture encodes exactly the data it was given, or there is no picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from devices.printers.code128 import modules
from devices.printers.faces import INK

BAR_HEIGHT_DOTS = 64
_QR_QUIET_MODULES = 4
_BAR_QUIET_MODULES = 10
# At 8 dots a millimetre. Below 2 dots a bar is thinner than what a thermal head prints evenly.
_QR_MODULE_DOTS = (3, 6)
_BAR_MODULE_DOTS = (2, 3)


@dataclass(frozen=True, slots=True)
class Code:
    """A code in which ink is set, `module_dots` for its narrowest part; its quiet zone is paper."""

    image: Image.Image
    module_dots: int

    @property
    def quiet_dots(self) -> int:
        """How much paper above and below a QR code must stay blank."""
        return _QR_QUIET_MODULES * self.module_dots


@lru_cache(maxsize=16)
def qr_code(data: str, dots: int) -> Code | None:
    """The QR code of `data` in UTF-8, level M, up to 5/12 of `dots` wide; None if it cannot fit."""
    import qrcode  # noqa: PLC0415 - 30 ms that a receipt without a code need not pay
    from qrcode.exceptions import DataOverflowError  # noqa: PLC0415

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    try:
        code.add_data(data.encode("utf-8"))  # half a surrogate pair has no UTF-8: a ValueError
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return None
    rows = code.get_matrix()
    size = len(rows)
    least, most = _QR_MODULE_DOTS
    wanted = min(most, max(least, dots * 5 // 12 // size))
    module_dots = min(wanted, dots // (size + 2 * _QR_QUIET_MODULES))
    return Code(_scaled(rows, module_dots, module_dots), module_dots) if module_dots else None


@lru_cache(maxsize=16)
def barcode(data: str, dots: int) -> Code | None:
    """The CODE128 of printable ASCII `data`; None for other data or when it is too wide."""
    if not (data and data.isascii() and data.isprintable()):
        return None
    row = modules(data)
    least, most = _BAR_MODULE_DOTS
    module_dots = min(most, dots // (len(row) + 2 * _BAR_QUIET_MODULES))
    if module_dots < least:
        return None
    return Code(_scaled([row], module_dots, BAR_HEIGHT_DOTS), module_dots)


def _scaled(rows: list[list[bool]], width_dots: int, height_dots: int) -> Image.Image:
    size = (len(rows[0]), len(rows))
    image = Image.new("1", size)
    image.putdata([INK * bool(module) for row in rows for module in row])
    return image.resize((size[0] * width_dots, size[1] * height_dots), Image.Resampling.NEAREST)
