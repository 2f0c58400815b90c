"""Who is asking: the token of TCP clients, and the page's cookie that is derived from it.

The one rule: the token itself is compared in constant time and never leaves this process; the
page holds an HMAC of it, in a cookie that no script and no other site can use.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

COOKIE_LIFE_S: Final = 180 * 24 * 3600
OPEN_PATHS: Final = frozenset({"/", "/healthz", "/readyz", "/openapi.json", "/login"})
OPEN_PREFIX: Final = "/static/"


class Access:
    """Checks requests against one token."""

    def __init__(self, token: str | None) -> None:
        self._token = None if token is None else token.encode()

    def allows(self, path: str, headers: Mapping[bytes, bytes]) -> bool:
        """Whether a request with these headers (lower-case names) may reach `path`."""
        if self._token is None or path in OPEN_PATHS or path.startswith(OPEN_PREFIX):
            return True
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() == b"bearer":
            return hmac.compare_digest(given.strip(), self._token)
        return self._has_cookie(headers.get(b"cookie", b""))

    def is_token(self, text: str) -> bool:
        """Whether `text` is the token; never so where there is none."""
        return self._token is not None and hmac.compare_digest(text.encode(), self._token)

    def cookie(self) -> str | None:
        """The Set-Cookie value that lets a page in; None where no token is asked for."""
        if self._token is None:
            return None
        attributes = f"Path=/; Max-Age={COOKIE_LIFE_S}; HttpOnly; SameSite=Strict"
        return f"{self._name()}={self._derived('value')}; {attributes}"

    def _has_cookie(self, header: bytes) -> bool:
        try:
            cookies = SimpleCookie(header.decode("latin-1"))
        except CookieError:
            return False
        morsel = cookies.get(self._name())
        given = morsel.value.encode() if morsel else b""
        return hmac.compare_digest(given, self._derived("value").encode())

    def _name(self) -> str:
        # Cookies do not know ports: two lanes on one machine need two names.
        return f"posd-{self._derived('name')[:8]}"

    def _derived(self, purpose: str) -> str:
        assert self._token is not None
        return hmac.new(self._token, f"posd page {purpose} 1".encode(), hashlib.sha256).hexdigest()
