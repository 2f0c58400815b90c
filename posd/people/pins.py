"""PINs: which are good enough, and their argon2id hashes.

The parameters are OWASP's smallest for argon2id (19 MiB, two passes): a till has little memory,
and the lockout, not the hash, is what stops guessing at the counter.
"""

from __future__ import annotations

import re
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DIGITS: Final = re.compile(r"[0-9]{4,12}")
_RUNS: Final = ("01234567890123456789", "98765432109876543210")
_NOBODY: Final = "0"  # hashed once, compared with by who has no name here


class WeakPin(ValueError):  # noqa: N818
    """The PIN is not taken; the text says what would do."""


def check_strength(pin: str) -> None:
    """Raise WeakPin unless the PIN is 4 to 12 digits and none of the first that anybody tries."""
    if not _DIGITS.fullmatch(pin):
        raise WeakPin("a PIN is 4 to 12 digits")
    if len(set(pin)) == 1 or any(pin in run for run in _RUNS):
        raise WeakPin("this PIN is one of the first that anybody tries; take another")


def hashed(pin: str) -> str:
    """The argon2id hash, with its salt and parameters."""
    return _HASHER.hash(pin)


def matches(pin_hash: str, pin: str) -> bool:
    """Whether the hash is that of the PIN; a hash that cannot be read matches nothing."""
    try:
        return _HASHER.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def take_as_long(pin: str) -> None:
    """Compare with nobody's hash, so that a name that is not there takes as long."""
    global _nobodys_hash  # noqa: PLW0603 - made when it is first needed: it costs a hash
    if not _nobodys_hash:
        _nobodys_hash = hashed(_NOBODY)
    matches(_nobodys_hash, pin)


_nobodys_hash = ""
