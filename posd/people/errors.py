"""What the desk says no with.

PeopleError
├── UnknownPerson  no such name
├── WrongPin       the name is known, the PIN is not its own
└── LockedOut      too many wrong PINs; `left_s` says for how long
"""

from __future__ import annotations


class PeopleError(Exception):
    """What all have in common; raised itself when the list cannot be read."""


class UnknownPerson(PeopleError):  # noqa: N818 - an answer, not a fault
    """There is nobody of this name."""


class WrongPin(PeopleError):  # noqa: N818
    """The PIN is not this person's."""


class LockedOut(PeopleError):  # noqa: N818
    """Nobody of this name is let in for another `left_s` seconds."""

    def __init__(self, message: str, left_s: float) -> None:
        super().__init__(message)
        self.left_s = left_s
