"""Scans from an open file descriptor: what the serial, tcp, line and hid scanners share.

The one rule: one selector watches the device and a bell, so that a scan, a pause that ends one and
a wake-up are each noticed at once, and nothing is ever waited for anywhere else.
"""

from __future__ import annotations

import os
import selectors
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol

from devices.errors import Unavailable
from devices.framing import Framer
from devices.scanners.habits import Habits
from devices.scanners.repeats import RepeatGuard
from devices.scanners.trigger import TriggerState
from devices.values import Scan

WRITE_S = 1.0


class Source(Protocol):
    """An open device. Built open, used by one thread; what it raises is Unavailable."""

    def fileno(self) -> int:
        """What to watch; the same until it is closed."""

    def receive(self) -> bytes:
        """What has come, without waiting; b"" when it was nothing. Unavailable: it is gone."""

    def send(self, data: bytes, timeout_s: float) -> None:
        """Hand all of `data` to the device; Unavailable when it is gone or takes nothing."""

    def close(self) -> None:
        """Close it; may raise OSError."""


class StreamScanner:
    """A scanner whose bytes come from a Source; keeps the promises of `Scanner` and `Trigger`.

    `open_source` opens the device for us alone, drops what it had buffered, and raises Unavailable
    with a sentence. A scanner that cannot be switched is not sent anything by arm() and disarm().
    """

    def __init__(self, name: str, open_source: Callable[[], Source], habits: Habits) -> None:
        self._name = name
        self._open = open_source
        self._framer = Framer(habits.framing)
        self._guard = RepeatGuard(habits.repeat_guard_s)
        self._trigger = TriggerState(habits.switched) if habits.switched else None
        self._after_a_scan = habits.after_a_scan
        self._ready: deque[Scan] = deque()
        self._source: Source | None = None
        self._selector: selectors.BaseSelector | None = None
        # lives as long as the object: wake() may come from another thread during release()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        weakref.finalize(self, os.close, self._bell)

    @property
    def repeats_dropped(self) -> int:
        """How many scans were none, being the one before read again."""
        return self._guard.dropped

    def claim(self) -> None:
        """Open the device for us alone and drop what it had buffered; raises Unavailable."""
        self.release()
        self._source = self._open()
        self._selector = selectors.PollSelector()  # unlike epoll it takes a plain file as stdin
        self._selector.register(self._source.fileno(), selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        if self._trigger is None:
            return
        try:
            self._send(self._trigger.restore(_now_ns()))
        except Unavailable:
            self.release()
            raise

    def read(self, timeout_s: float) -> Scan | None:
        """Wait up to `timeout_s` for one whole scan; raises Unavailable when the device is gone."""
        deadline_ns = _now_ns() + round(timeout_s * 1e9)
        # with scans in hand the bell is still asked, so that a wake() is never late
        while not self._rang(0.0 if self._ready else self._patience_s(deadline_ns)):
            if self._ready:
                return self._ready.popleft()
            if _now_ns() >= deadline_ns:
                return None
        return None

    def wake(self) -> None:
        """Make a running or the next `read` return None at once; any thread may call it."""
        os.eventfd_write(self._bell, 1)

    def arm(self) -> None:
        """Let it read, also after an unplug; raises Unavailable when the device is gone.

        What was read before is forgotten: a code that was held there too early counts again.
        """
        self._guard.begin(_now_ns())
        if self._trigger is not None:
            self._send(self._trigger.arm(_now_ns()))

    def disarm(self) -> None:
        """Let it rest, also after an unplug; raises Unavailable when the device is gone."""
        if self._trigger is not None:
            self._send(self._trigger.disarm())

    def release(self) -> None:
        """Close the device and forget what was half read; never raises, may be called twice."""
        source, self._source = self._source, None
        selector, self._selector = self._selector, None
        self._framer.reset()
        self._ready.clear()
        for thing in (selector, source):
            with suppress(OSError):
                if thing is not None:
                    thing.close()

    def _patience_s(self, deadline_ns: int) -> float:
        """How long to wait for bytes: to the deadline, or to what must be done before it."""
        now_ns = _now_ns()
        waits = [max(0, deadline_ns - now_ns), self._framer.idle_left_ns(now_ns)]
        if self._trigger is not None:
            waits.append(self._trigger.left_ns(now_ns))
        return min(wait for wait in waits if wait is not None) / 1e9

    def _rang(self, timeout_s: float) -> bool:
        """Wait for bytes or a pause, and take them in; whether the bell rang meanwhile."""
        if self._selector is None or self._source is None:
            raise Unavailable(f"scanner {self._name} is not claimed; claim it first")
        events = {key.fd for key, _ in self._selector.select(timeout_s)}
        if self._bell in events:
            os.eventfd_read(self._bell)
            return True
        if events:
            self._take(self._framer.feed(self._source.receive(), _now_ns()))
        else:
            self._take(self._framer.idle(_now_ns()))
        # with a scan in hand it waits: a device that fails now must not take the scan with it
        if self._trigger is not None and not self._ready:
            self._send(self._trigger.due(_now_ns()))
        return False

    def _take(self, scans: Iterable[Scan]) -> None:
        for scan in scans:
            if not self._guard.is_repeat(scan):
                self._ready.append(scan)
            if self._trigger is not None:
                self._trigger.scanned(_now_ns())
            # repeats too, or the scanner would wait; one that is gone is noticed by the next read
            with suppress(Unavailable):
                self._send(self._after_a_scan)

    def _send(self, data: bytes) -> None:
        if self._source is None:
            raise Unavailable(f"scanner {self._name} is not claimed; claim it first")
        if data:
            self._source.send(data, WRITE_S)


def _now_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
