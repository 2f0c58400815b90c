"""Room on the disk: a floor below which no sale begins, and a ballast for those that have begun.

Rule: the outcome of a running payment can always be written. The ballast is a file of real blocks;
when the database reports a full disk, it is freed and the same transaction is written again.
"""

from __future__ import annotations

import os
from pathlib import Path

FLOOR_BYTES = 64 * 1024 * 1024
BALLAST_BYTES = 8 * 1024 * 1024


def free_bytes(directory: Path) -> int:
    """What this process may still write on the medium of `directory`; raises OSError."""
    medium = os.statvfs(directory)
    return medium.f_bavail * medium.f_frsize


class Ballast:
    """A file that only takes up space; it holds nothing, and is not there when the disk is full."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def held(self) -> bool:
        """True while there is something to release."""
        return self._path.exists()

    def fill(self) -> None:
        """Allocate the blocks, unless they are there or the disk will not give them."""
        try:
            if free_bytes(self._path.parent) > 2 * BALLAST_BYTES:
                self._allocate()
        except OSError:
            # Half a ballast would be taken for a whole one.
            self.release()

    def _allocate(self) -> None:
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, BALLAST_BYTES)
        finally:
            os.close(fd)

    def release(self) -> None:
        """Give the blocks back to the disk; nothing happens without them. Raises OSError."""
        self._path.unlink(missing_ok=True)
