"""Small disks of a process's own, in a mount namespace that ends with it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_SCRIPT = 'mount -t tmpfs -o "$1" none "$2" && shift 2 && exec "$@"'


def on_tmpfs(directory: Path, options: str) -> list[str]:
    """What to put before a command that shall find a tmpfs at `directory`."""
    return ["unshare", "--mount", "sh", "-c", _SCRIPT, "sh", options, str(directory)]


def seen_by(pid: int, path: Path) -> Path:
    """The path as that process sees it."""
    return Path(f"/proc/{pid}/root{path}")


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = [*on_tmpfs(Path("/tmp"), "size=16k"), "true"]  # noqa: S108 - within the namespace
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not _can_mount(), reason="this user may not mount a tmpfs")


def read_only(directory: Path) -> list[str]:
    """What to put before a command that shall find `directory` as it is, and not write there."""
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, "sh", str(directory)]
