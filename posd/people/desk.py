"""Who a name and a PIN are; used by one asker at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from posd.core.people import Actor
from posd.people import lockouts, pins, store
from posd.people.errors import LockedOut, UnknownPerson, WrongPin
from posd.people.lockouts import Lockouts
from posd.people.store import PeopleStore


class PeopleDesk:
    """Looks people up in the list of the state directory."""

    def __init__(self, state_dir: Path, clock_s: Callable[[], float] = time.time) -> None:
        self._store = PeopleStore(state_dir / store.FILE_NAME)
        self._lockouts = Lockouts(state_dir / lockouts.FILE_NAME, clock_s)

    def identify(self, name: str, pin: str) -> Actor:
        """The person; raises UnknownPerson, WrongPin, LockedOut, or PeopleError for the list.

        A name that nobody has takes as long as a wrong PIN, and is locked out alike.
        """
        left_s = self._lockouts.left_s(name)
        if left_s:
            raise LockedOut(f"too many wrong PINs for {name}; wait {left_s:.0f} s", left_s)
        person = self._store.people().get(name)
        if person is None:
            pins.take_as_long(pin)
            self._lockouts.wrong(name)
            raise UnknownPerson(f"there is nobody called {name}, or the PIN is wrong")
        if not pins.matches(person.pin_hash, pin):
            left = self._lockouts.wrong(name)
            raise WrongPin(f"there is nobody called {name}, or the PIN is wrong; {left} tries left")
        self._lockouts.forget(name)
        return person.actor
