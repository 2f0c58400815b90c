"""A one-time key as a QR code and as a CODE128 barcode, in SVG.

The rule: black on white with the quiet zone that scanners ask for, whatever page shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import qrcode
from barcode.codex import Code128

_QR_QUIET = 4
_BAR_QUIET = 10
_BAR_HEIGHT = 40


def qr_svg(text: str) -> bytes:
    """A QR code, one unit a module."""
    code = qrcode.QRCode(border=_QR_QUIET)
    code.add_data(text)
    rows: list[list[bool]] = code.get_matrix()
    return _svg(len(rows), len(rows), (_run(row, y, 1) for y, row in enumerate(rows)))


def code128_svg(text: str) -> bytes:
    """A barcode, one unit the narrowest bar."""
    (modules,) = Code128(text).build()
    bits = [False] * _BAR_QUIET + [bit == "1" for bit in modules] + [False] * _BAR_QUIET
    return _svg(len(bits), _BAR_HEIGHT, [_run(bits, 0, _BAR_HEIGHT)])


def _run(bits: Sequence[bool], y: int, height: int) -> str:
    return "".join(f"M{x} {y}h1v{height}h-1z" for x, bit in enumerate(bits) if bit)


def _svg(width: int, height: int, runs: Iterator[str] | Sequence[str]) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        f'<path d="{"".join(runs)}"/></svg>'
    ).encode()
