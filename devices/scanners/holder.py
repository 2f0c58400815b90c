"""Who holds a device file open, as far as /proc tells this user.

The one rule: it only helps a message; it never raises and never decides anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress


def holders(path: str) -> str:
    """A clause like "pid 812 (cat)" naming the processes with `path` open; "" if none is seen.

    Without root only processes of the same user can be seen.
    """
    wanted = os.path.realpath(path)
    pids = {pid for pid, target in _open_files() if target == wanted}
    return ", ".join(f"pid {pid} ({_name(pid)})" for pid in sorted(pids))


def _open_files() -> Iterator[tuple[int, str]]:
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        with suppress(OSError):
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                # a link is read, never followed: a file on a dead network mount would hang
                with suppress(OSError):
                    yield pid, os.readlink(f"/proc/{pid}/fd/{descriptor}")


def _name(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as comm:
            return comm.read().strip()
    except OSError:
        return "ended since"
