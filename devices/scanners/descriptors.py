"""Writing to a file descriptor that may take nothing: a cable that is out, a peer that hangs.

The one rule: it ends by its timeout, whatever the other side does.
"""

from __future__ import annotations

import os
import select
import time


def write_all(fd: int, data: bytes, timeout_s: float) -> None:
    """Write all of `data` to the non-blocking `fd`; raises OSError, TimeoutError among them."""
    until_s = time.monotonic() + timeout_s
    waiting = select.poll()
    waiting.register(fd, select.POLLOUT)
    while data:
        left_ms = max(0.0, until_s - time.monotonic()) * 1000
        if not waiting.poll(left_ms):
            raise TimeoutError(f"it took nothing for {timeout_s:g} s")
        data = data[_write(fd, data) :]


def _write(fd: int, data: bytes) -> int:
    try:
        return os.write(fd, data)
    except BlockingIOError:
        return 0
