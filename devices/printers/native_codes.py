"""QR codes and CODE128 as commands by which the printer draws them itself (GS ( k, GS k).

The one rule: it draws what `codes.py` would: the same symbol, as wide; where its bytes could act
on the printer there are no commands, and dots are sent.
"""

from __future__ import annotations

from devices.printers.code128 import escpos_data
from devices.printers.codes import BAR_HEIGHT_DOTS
from devices.printers.rasters import acts_at_once
from devices.values import Barcode, QrCode

_LEVEL_M = 49
_MODEL_2 = 50
_CODE128 = 73
_MAX_BARCODE_BYTES = 255


def native_code(code: QrCode | Barcode, module_dots: int) -> bytes | None:
    """The commands for `code`, `module_dots` for its narrowest part; None: draw it as dots."""
    if not code.data.isprintable():
        return None
    commands = _qr(code.data, module_dots) if isinstance(code, QrCode) else _bars(code, module_dots)
    return None if commands is None or acts_at_once(commands) else commands


def _qr(data: str, module_dots: int) -> bytes:
    stored = data.encode()
    commands = (
        bytes((65, _MODEL_2, 0)),
        bytes((67, module_dots)),
        bytes((69, _LEVEL_M)),
        b"P0" + stored,
        b"Q0",
    )
    drawn = b"".join(
        b"\x1d(k" + (len(command) + 1).to_bytes(2, "little") + b"1" + command
        for command in commands
    )
    return b"\n" + drawn + b"\n"  # the printer leaves no quiet zone


def _bars(code: Barcode, module_dots: int) -> bytes | None:
    data = escpos_data(code.data)
    if len(data) > _MAX_BARCODE_BYTES:
        return None
    # GS h, GS w, and GS H: the text below is a line of its own
    look = bytes((0x1D, 0x68, BAR_HEIGHT_DOTS, 0x1D, 0x77, module_dots, 0x1D, 0x48, 0))
    return look + bytes((0x1D, 0x6B, _CODE128, len(data))) + data
