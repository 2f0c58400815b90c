"""How a request says who it is from: the secret in a header (v2, v2.4) or an HMAC (v4).

One rule: the bytes that are signed are the bytes that are sent, so both kinds take the finished
path and payload and give back headers. Neither shows its secret in a repr.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import Protocol
from uuid import uuid4


class Authentication(Protocol):
    """Headers that prove who asks, made anew for each request."""

    def headers(self, path: str, payload: bytes) -> dict[str, str]:
        """For `path` as in the request line, and the body (POST) or query without `?` (GET)."""


class ChannelSecretHeader:
    """v2 and v2.4: the channel secret in clear, over TLS (reference, section 2.1)."""

    def __init__(self, secret: str) -> None:
        self._headers = {"X-LINE-ChannelSecret": secret}

    def headers(self, path: str, payload: bytes) -> dict[str, str]:
        """The same header whatever is asked."""
        return self._headers


class Signature:
    """v4: HMAC-SHA256 over secret, path, payload and a nonce (reference, section 2.2)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def headers(self, path: str, payload: bytes) -> dict[str, str]:
        """A fresh nonce (a random UUID) and the code that covers it."""
        nonce = str(uuid4())
        return {
            "X-LINE-Authorization-Nonce": nonce,
            "X-LINE-Authorization": sign(self._secret, path, payload, nonce),
        }


def sign(secret: bytes, path: str, payload: bytes, nonce: str) -> str:
    """Base64 of the HMAC; `payload` is the body of a POST or the query of a GET without its `?`."""
    message = b"".join((secret, path.encode(), payload, nonce.encode()))
    return b64encode(hmac.digest(secret, message, "sha256")).decode()
