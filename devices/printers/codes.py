"""QR codes and CODE128 as pictures: the form that every ESC/POS printer prints the same.

The one rule: the picture encodes exactly the data it was given, or there is no picture.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from devices.printers.faces import INK

QUIET_MODULES = 4
_BAR_HEIGHT_DOTS = 64
_MAX_MODULE_DOTS = 8


@lru_cache(maxsize=16)
def qr_image(data: str, dots: int) -> Image.Image | None:
    """The QR code of `data` (UTF-8), level M, about 5/12 of `dots` wide; None if it does not fit.

    Ink is set. The quiet zone is left to the paper round it.
    """
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
    module_dots = min(_MAX_MODULE_DOTS, max(3, dots * 5 // 12 // size), dots // (size + 8))
    return _scaled(rows, module_dots, module_dots) if module_dots else None


@lru_cache(maxsize=16)
def barcode_image(data: str, dots: int) -> Image.Image | None:
    """The CODE128 of printable ASCII `data`; None for other data or when it is too wide."""
    if not (data and data.isascii() and data.isprintable()):
        return None
    from barcode.codex import Code128  # noqa: PLC0415 - see qr_image

    modules = [bit == "1" for bit in Code128(data).build()[0]]
    module_dots = min(3, dots // (len(modules) + 20))  # ten modules of quiet at each side
    return _scaled([modules], module_dots, _BAR_HEIGHT_DOTS) if module_dots else None


def _scaled(rows: list[list[bool]], width_dots: int, height_dots: int) -> Image.Image:
    size = (len(rows[0]), len(rows))
    image = Image.new("1", size)
    image.putdata([INK * bool(module) for row in rows for module in row])
    return image.resize((size[0] * width_dots, size[1] * height_dots), Image.Resampling.NEAREST)
