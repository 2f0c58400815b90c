"""The one slot in which a customer's one-time key lives, from its scan to its one request.

Rule: a key is taken out once. Events, records and commands carry only its fingerprint.
"""

from __future__ import annotations

from collections import deque


class Vault:
    """Put by the engine, taken by the pay worker; a deque's append and pop are atomic."""

    def __init__(self) -> None:
        self._slot: deque[tuple[str, str]] = deque(maxlen=1)

    def __repr__(self) -> str:
        return f"Vault({len(self._slot)} key)"

    def put(self, fingerprint: str, key: str) -> None:
        """Keep this key; one that was never taken is forgotten."""
        self._slot.append((fingerprint, key))

    def take(self, fingerprint: str) -> str | None:
        """The key of this fingerprint, once; None where the slot holds another or none."""
        try:
            held, key = self._slot.pop()
        except IndexError:
            return None
        return key if held == fingerprint else None
