"""Disks that misbehave, as SQLite file systems: what the journal meets below its feet.

Each becomes the default for every connection opened while its `with` block lasts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import apsw

from posd.journal.errors import JournalError
from posd.journal.journal import Journal

NAME = "disk-of-the-test"


def end(journal: Journal) -> None:
    """Close on a bad disk: SQLite ignores that the last checkpoint fails, apsw hands it on."""
    with suppress(JournalError):
        journal.close()


class Disk(apsw.VFS):
    """A sound one; subclasses decide what happens before a write or a flush."""

    def __init__(self) -> None:
        self.real = apsw.vfs_names()[0]
        super().__init__(NAME, self.real, makedefault=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.unregister()

    def xOpen(self, name: apsw.URIFilename | str, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _File(self, name, flags)

    def before_write(self, path: Path, data: bytes, offset: int) -> None:
        """Raise to refuse the write."""

    def before_sync(self, path: Path) -> None:
        """Raise to refuse the flush."""


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: apsw.URIFilename | str, flags: list[int]) -> None:
        super().__init__(disk.real, name, flags)
        self._disk = disk
        self._path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.before_write(self._path, data, offset)
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.before_sync(self._path)
        super().xSync(flags)


class SmallDisk(Disk):
    """Holds `capacity` bytes in all files of one directory, the ballast among them."""

    def __init__(self, directory: Path, capacity: int) -> None:
        super().__init__()
        self.directory = directory
        self.capacity = capacity

    def before_write(self, path: Path, data: bytes, offset: int) -> None:
        grown = max(offset + len(data) - path.stat().st_size, 0)
        if grown and self.used() + grown > self.capacity:
            raise apsw.FullError("no space")

    def used(self) -> int:
        return sum(path.stat().st_size for path in self.directory.iterdir())


class FailingDisk(Disk):
    """Answers the n-th write or flush from now on, and all that follow, with an I/O error."""

    def __init__(self) -> None:
        super().__init__()
        self.left: dict[str, int | None] = {"write": None, "sync": None}

    def before_write(self, path: Path, data: bytes, offset: int) -> None:
        self._spend("write")

    def before_sync(self, path: Path) -> None:
        self._spend("sync")

    def _spend(self, what: str) -> None:
        left = self.left[what]
        if left is not None:
            self.left[what] = max(left - 1, 0)
            if left <= 1:
                raise apsw.IOError(f"broken {what}")


class UnpluggedDisk(Disk):
    """Keeps what was flushed; of the rest, after `cut`, an arbitrary part of the writes."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._flushed: dict[Path, bytes] = {}
        self._since: dict[Path, list[tuple[int, bytes]]] = {}
        self.when: Callable[[], bool] = lambda: False

    def before_write(self, path: Path, data: bytes, offset: int) -> None:
        self._strike()
        self._flushed.setdefault(path, path.read_bytes())
        self._since.setdefault(path, []).append((offset, bytes(data)))

    def before_sync(self, path: Path) -> None:
        self._strike()
        self._flushed[path] = path.read_bytes()
        self._since[path] = []

    def cut(self) -> None:
        """Leave on the real disk what a power cut would."""
        for path, content in self._flushed.items():
            image = bytearray(content)
            for offset, data in self._since.get(path, []):
                if self._chance.random() < 0.5:
                    image[len(image) : offset] = bytes(max(offset - len(image), 0))
                    image[offset : offset + len(data)] = data
            path.write_bytes(image)

    def _strike(self) -> None:
        if self.when():
            raise apsw.IOError("power cut")
