"""Who knows the token: two nonces and a keyed hash, so that the token never travels.

The one rule: a message counts only in its own session, direction and place. What it says is not
hidden from who listens on the network.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat

SEAL_BYTES = 32
NONCE_BYTES = 16
MAX_TOKEN_BYTES = 1024
OWNER, USER = b"owner", b"user"


def nonce() -> str:
    """A random number that no session had before, in hexadecimal."""
    return secrets.token_hex(NONCE_BYTES)


def session_key(token: str, owner_nonce: str, user_nonce: str) -> bytes:
    """The key of one session."""
    text = f"posd printer-share 1 {owner_nonce} {user_nonce}"
    return hmac.digest(token.encode(), text.encode(), hashlib.sha256)


def seal(key: bytes, side: bytes, number: int, body: bytes) -> bytes:
    """The seal of the message `number` (from 0) that `side` sends."""
    return hmac.digest(key, b"%b %d " % (side, number) + body, hashlib.sha256)


def same(one: bytes, other: bytes) -> bool:
    """Whether two seals are equal, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one, other)


def read_token(path: str) -> str:
    """The token in `path`; raises OSError, also where everybody may read it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode) or mode & 0o007:
            raise PermissionError(f"{path} must be a file of mode 0600 or 0640")
        token = os.read(descriptor, MAX_TOKEN_BYTES).decode("latin-1").strip()
    finally:
        os.close(descriptor)
    if not token:
        raise OSError(f"{path} is empty; copy the owner's token file")
    return token
