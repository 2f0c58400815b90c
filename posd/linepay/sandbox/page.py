"""The web page of the stand-in: static files, and keys drawn as QR and CODE128.

The rule: it comes whole from here: no request to any other host, no inline script, no key in a
cache. Everything that it does, it does with the control calls.
"""

from __future__ import annotations

import re
from importlib.resources import files

import msgspec

from posd.linepay.sandbox.openapi import document
from posd.linepay.sandbox.reply import Reply, http_reply

_FILES = {
    "/control/": ("index.html", "text/html;charset=UTF-8"),
    "/control/icon.svg": ("icon.svg", "image/svg+xml"),
    "/control/page.css": ("page.css", "text/css;charset=UTF-8"),
    "/control/page.js": ("page.js", "text/javascript;charset=UTF-8"),
}
_SVG = re.compile(r"/control/codes/([0-9]{12,19})/(qr|code128)\.svg")
_HEADERS = (
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Cache-Control: no-store",
)


class NotShown(LookupError):  # noqa: N818
    """A page that does not exist; never raised for paths of control calls."""


def shown(path: str) -> Reply | None:
    """The page, a file of it, a code or the OpenAPI document; None if `path` is none of them."""
    if path in _FILES:
        name, content_type = _FILES[path]
        data = files("posd.linepay.sandbox").joinpath("web", name).read_bytes()
        return _reply(data, content_type)
    if path == "/control/openapi.json":
        return _reply(msgspec.json.encode(document()), "application/json")
    return _code(path) if path.startswith("/control/codes/") else None


def _code(path: str) -> Reply:
    match = _SVG.fullmatch(path)
    if match is None:
        raise NotShown("codes are /control/codes/KEY/qr.svg and .../code128.svg, KEY 12-19 digits")
    # Both libraries cost more than all the rest; a stand-in of a test never draws.
    from posd.linepay.sandbox.drawing import code128_svg, qr_svg  # noqa: PLC0415

    draw = qr_svg if match[2] == "qr" else code128_svg
    return _reply(draw(match[1]), "image/svg+xml")


def _reply(data: bytes, content_type: str) -> Reply:
    return http_reply(200, data, content_type=content_type, headers=_HEADERS)
