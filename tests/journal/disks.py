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
OPERATIONS = ("open", "write", "truncate", "sync", "delete")


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

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802, FBT001
        self.before_delete(Path(name))
        super().xDelete(name, sync)

    def before_open(self, path: Path) -> None:
        """Raise to refuse the opening."""

    def before_write(self, path: Path, data: bytes, offset: int) -> None:
        """Raise to refuse the write."""

    def before_truncate(self, path: Path, size: int) -> None:
        """Raise to refuse the cutting off."""

    def before_sync(self, path: Path) -> None:
        """Raise to refuse the flush."""

    def before_delete(self, path: Path) -> None:
        """Raise to refuse the removal."""


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: apsw.URIFilename | str, flags: list[int]) -> None:
        self._disk = disk
        self._path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        disk.before_open(self._path)
        super().__init__(disk.real, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.before_write(self._path, data, offset)
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.before_truncate(self._path, newsize)
        super().xTruncate(newsize)

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
    """Refuses the n-th of an operation from now on, and all that follow unless told `once`.

    The operations are open, write, truncate, sync and delete.
    """

    def __init__(self, error: Callable[[str], apsw.Error] = apsw.IOError) -> None:
        super().__init__()
        self._error = error
        self.left: dict[str, int | None] = dict.fromkeys(OPERATIONS)
        self.once = False
        self.struck = False

    def before_open(self, path: Path) -> None:
        self._spend("open")

    def before_write(self, path: Path, data: bytes, offset: int) -> None:
        self._spend("write")

    def before_truncate(self, path: Path, size: int) -> None:
        self._spend("truncate")

    def before_sync(self, path: Path) -> None:
        self._spend("sync")

    def before_delete(self, path: Path) -> None:
        self._spend("delete")

    def _spend(self, what: str) -> None:
        left = self.left[what]
        if left is None:
            return
        self.left[what] = max(left - 1, 0)
        if left <= 1:
            self.struck = True
            if self.once:
                self.left[what] = None
            raise self._error(f"broken {what}")


class UnpluggedDisk(Disk):
    """Keeps what was flushed; of the rest, after `cut`, an arbitrary part, in whole or torn.

    A name that was deleted without a flush of its directory may be there again.
    """

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self._flushed: dict[Path, bytes] = {}
        self._since: dict[Path, list[tuple[int, bytes | None]]] = {}
        self._ghosts: dict[Path, bytes] = {}
        self._full = 0
        self.when: Callable[[], bool] = lambda: False

    def run_full(self, writes: int) -> None:
        """Have no room for the next writes, as long as the ballast is there."""
        self._full = writes

    def strike(self) -> None:
        """One more moment at which the power may fail, and stay off."""
        if self.when():
            raise apsw.IOError("power cut")

    def before_write(self, path: Path, data: bytes, offset: int) -> None:
        self.strike()
        if self._full:
            self._full -= 1
            if path.with_name("journal.ballast").exists():
                raise apsw.FullError("no space")
        self._note(path, offset, bytes(data))

    def before_truncate(self, path: Path, size: int) -> None:
        self.strike()
        self._note(path, size, None)

    def before_sync(self, path: Path) -> None:
        self.strike()
        self._flushed[path] = path.read_bytes()
        self._since[path] = []
        self._ghosts.pop(path, None)

    def before_delete(self, path: Path) -> None:
        self.strike()
        if path.exists():
            self._ghosts[path] = path.read_bytes()
        self._flushed.pop(path, None)
        self._since.pop(path, None)

    def cut(self) -> None:
        """Leave on the real disk what a power cut would."""
        for path, content in self._flushed.items():
            if path.exists():
                path.write_bytes(self._torn(content, self._since.get(path, [])))
        for path, content in self._ghosts.items():
            if self.chance.random() < 0.5:
                path.write_bytes(content)

    def _note(self, path: Path, offset: int, data: bytes | None) -> None:
        self._flushed.setdefault(path, path.read_bytes())
        self._since.setdefault(path, []).append((offset, data))

    def _torn(self, content: bytes, changes: list[tuple[int, bytes | None]]) -> bytes:
        image = bytearray(content)
        for offset, data in changes:
            if self.chance.random() < 0.5:
                continue
            image[len(image) : offset] = bytes(max(offset - len(image), 0))
            if data is None:
                del image[offset:]
            else:
                part = self.chance.choice([len(data), self.chance.randrange(len(data) + 1)])
                image[offset : offset + part] = data[:part]
        return bytes(image)
