"""Waiting for what another process does: by its own events, or by looking, never for a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 20.0
LOOK_EVERY_S = 0.02

Found = TypeVar("Found")


def eventually(look: Callable[[], Found | None], *, within_s: float = PATIENCE_S) -> Found:
    """What `look` finds first that is true; fails with what it saw last."""
    until_s = time.monotonic() + within_s
    pause = threading.Event()
    while not (found := look()):
        if time.monotonic() > until_s:
            raise AssertionError(f"not within {within_s} s; seen last: {found!r}")
        pause.wait(LOOK_EVERY_S)
    return found
