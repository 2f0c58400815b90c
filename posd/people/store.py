"""The list of people in `people.json`: read again when it changes, replaced whole, never open.

Rule: a list that cannot be read lets nobody in. The file is 0600; a looser one is refused.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from posd.core.people import Actor, Role
from posd.people.errors import PeopleError

FILE_NAME: Final = "people.json"
MOST_PEOPLE: Final = 500
_LOOSE: Final = 0o077


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the list."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    role: Role
    pin_hash: str

    @property
    def actor(self) -> Actor:
        """The person without the hash."""
        return Actor(self.name, self.role)


_DECODER: Final = msgspec.json.Decoder(list[Person])


class PeopleStore:
    """The list at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._people: dict[str, Person] = {}

    def people(self) -> dict[str, Person]:
        """Everybody by name; empty where there is no file. Raises PeopleError."""
        try:
            state = self._path.stat()
        except FileNotFoundError:
            self._seen, self._people = None, {}
            return self._people
        except OSError as error:
            raise _unreadable(self._path, str(error.strerror)) from error
        if state.st_mode & _LOOSE:
            raise _unreadable(self._path, "others may read it; run `chmod 600` on it")
        mark = (state.st_mtime_ns, state.st_size, state.st_ino)
        if mark != self._seen:
            self._people = _read(self._path)
            self._seen = mark
        return self._people

    def put(self, person: Person) -> None:
        """Add the person, or replace who has the name; raises PeopleError."""
        people = {**self.people(), person.name: person}
        if len(people) > MOST_PEOPLE:
            raise PeopleError(f"{self._path} holds {MOST_PEOPLE} people; remove some first")
        _write(self._path, list(people.values()))

    def remove(self, name: str) -> bool:
        """Take the person off the list; False where nobody has the name. Raises PeopleError."""
        people = dict(self.people())
        if people.pop(name, None) is None:
            return False
        _write(self._path, list(people.values()))
        return True


def _read(path: Path) -> dict[str, Person]:
    try:
        people = _DECODER.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(path, str(error)) from error
    return {person.name: person for person in people}


def _write(path: Path, people: list[Person]) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # before posd ran first
        replace_file(path, msgspec.json.format(msgspec.json.encode(people)) + b"\n")
    except OSError as error:
        raise _unreadable(path, f"cannot be written: {error.strerror}") from error


def replace_file(path: Path, content: bytes) -> None:
    """Put the content in the place of the file, whole and flushed; raises OSError.

    Written by root, it belongs to the owner of the directory: the service must be able to read it.
    """
    draft = path.with_name(path.name + ".new")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            _give_to_owner(file.fileno(), path.parent)
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _give_to_owner(fd: int, directory: Path) -> None:
    owner = directory.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.fchown(fd, owner.st_uid, owner.st_gid)


def _unreadable(path: Path, what: str) -> PeopleError:
    return PeopleError(f"{path}: {what}; nobody is let in until it is mended (`posd people list`)")
