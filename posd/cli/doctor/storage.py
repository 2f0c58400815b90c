"""The state folder: whose it is, what medium it lies on, how much room is left.

The one rule: only names, modes and sizes are read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from posd.cli.doctor.case import Case
from posd.cli.doctor.findings import Finding, broken, doubtful, fine
from posd.journal.space import FLOOR_BYTES, free_bytes

MIB: Final = 1024 * 1024
LOW_BYTES: Final = 8 * FLOOR_BYTES  # weeks of sales before the floor
FORGETFUL: Final = frozenset({"tmpfs", "ramfs", "overlay", "squashfs"})
FOREIGN: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "vfat", "exfat"})


def examine(case: Case) -> Iterator[Finding]:
    """The folder, its medium, its room."""
    folder = case.folder
    if not folder.is_dir():
        yield _missing(folder)
        return
    yield _owner(folder)
    yield _medium(folder, case.machine.proc)
    yield _room(folder)


def _missing(folder: Path) -> Finding:
    if folder.exists():
        return broken("state_dir", f"{folder} is not a folder", then="name a folder as `state_dir`")
    then = "start posd once as its own user: it makes the folder and the journal"
    return doubtful("state_dir", f"{folder} is not there yet", then=then)


def _owner(folder: Path) -> Finding:
    about = folder.stat()
    mode = stat.S_IMODE(about.st_mode)
    if mode & 0o022:
        words = f"{folder} has mode {mode:04o}: others may replace the journal"
        return broken("state_dir", words, then=f"chmod 0700 {folder}")
    if os.geteuid() not in (0, about.st_uid):
        words = f"{folder} belongs to uid {about.st_uid}, and this is uid {os.geteuid()}"
        return doubtful("state_dir", words, then="run posd doctor as root or as posd's own user")
    return fine("state_dir", f"{folder}, mode {mode:04o}, uid {about.st_uid}")


def _medium(folder: Path, proc: Path) -> Finding:
    kind = medium_of(folder, proc / "self" / "mounts")
    if kind in FORGETFUL:
        then = "put `state_dir` on a disk: a payment must outlive a power cut"
        return doubtful("medium", f"{folder} lies on {kind}, which may forget all", then=then)
    if kind in FOREIGN:
        then = "put `state_dir` on a local ext4, xfs or btrfs: SQLite's locks and flushes need it"
        return broken("medium", f"{folder} lies on {kind}", then=then)
    return fine("medium", kind or "unknown file system")


def medium_of(folder: Path, mounts: Path) -> str:
    """The file system that `folder` lies on, by a table as /proc/self/mounts; "" if not told."""
    place, found = folder.resolve(), ("", "")
    for line in mounts.read_text("utf-8", errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if place.is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1]


def _room(folder: Path) -> Finding:
    free = free_bytes(folder)
    words = f"{free // MIB} MiB free"
    if free < FLOOR_BYTES:
        floor = f"{words}; posd takes no sale below {FLOOR_BYTES // MIB} MiB"
        return broken("disk", floor, then=f"free some space on the disk of {folder}")
    if free < LOW_BYTES:
        return doubtful("disk", words, then=f"free some space on the disk of {folder} soon")
    return fine("disk", words)
