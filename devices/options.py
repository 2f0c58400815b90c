"""What is wrong with one option of a driver, and the checks that drivers share.

The one rule: an Options object that exists is usable; everything wrong is said when it is made.
"""

from __future__ import annotations

from collections.abc import Collection


class BadOption(ValueError):  # noqa: N818 - said of the owner's file, not of the program
    """The value of option `key` cannot be used; `message` says why and what would do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key
        self.message = message


def require_text(key: str, value: str, *, example: str) -> None:
    """Raise BadOption unless `value` says something; the message shows an `example`."""
    if not value.strip():
        raise BadOption(key, f"is empty; write something like {example}")


def require_one_of(key: str, value: object, allowed: Collection[object]) -> None:
    """Raise BadOption unless `value` is one of `allowed`."""
    if value not in allowed:
        names = ", ".join(str(item) for item in allowed)
        raise BadOption(key, f"{value!r} is not one of {names}")


def require_within(key: str, value: float, low: float, high: float) -> None:
    """Raise BadOption unless low <= value <= high."""
    if not low <= value <= high:
        raise BadOption(key, f"{value} is not within {low} to {high}")
