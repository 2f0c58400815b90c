"""The newest snapshot for all who wait: event streams, long polls, the page.

The one rule: a snapshot is serialised once, however many read it, and only the newest is sent.
Everything here but `_from_engine` runs on the API's own event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Final

from posd.api.problems import Problem, encode
from posd.door import Door
from posd.snapshot import LaneView

KEEP_ALIVE_S: Final = 15.0
MAX_STREAMS: Final = 256


def _resumed(after: int, seq: int) -> bytes:
    # Without an id: if the stream breaks here, the next one resumes from the same place.
    return b"event: resumed\ndata: %b\n\n" % encode({"after": after, "seq": seq})


class News:
    """Wakes waiters at each change. `changed` is replaced at each: take it before you look."""

    def __init__(self, door: Door) -> None:
        self.changed = asyncio.Event()
        self.ended = False
        self._door = door
        self._view: LaneView | None = None
        self._json = b""
        self._frame = b""
        self._streams = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Listen to the door, also once more after an end; on the event loop."""
        self._unsubscribe()
        self.changed, self.ended, self._streams = asyncio.Event(), False, 0
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = self._door.subscribe(self._from_engine)

    def end(self) -> None:
        """Let every waiter go; a second call does nothing."""
        self.ended = True
        self._unsubscribe()
        self._unsubscribe = lambda: None
        self._wake()

    def lane_json(self) -> bytes:
        """The newest snapshot as JSON."""
        self._look()
        return self._json

    def frame(self) -> bytes:
        """The newest snapshot as one server-sent event; the same object while it is the newest."""
        self._look()
        return self._frame

    async def change(self, changed: asyncio.Event, timeout_s: float) -> bool:
        """Wait for the `changed` that was taken before looking; False after `timeout_s`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), timeout_s)
        return changed.is_set()

    def take_seat(self) -> None:
        """One more stream; raises Problem where there are too many. `leave_seat` ends it."""
        if self._streams >= MAX_STREAMS:
            raise Problem(503, "too_many_streams", f"at most {MAX_STREAMS}; close a page")
        self._streams += 1

    def leave_seat(self) -> None:
        """The stream is over."""
        self._streams -= 1

    async def frames(self, last_seen: int | None = None) -> AsyncIterator[bytes]:
        """Server-sent events: the snapshot at once, then the newest at each change.

        Before all others, to a reader that had the event `last_seen`, what to ask for.
        """
        sent = b""
        if last_seen is not None:
            yield _resumed(last_seen, self._door.lane().seq)
        while not self.ended:
            changed = self.changed
            frame = self.frame()
            if frame is not sent:
                yield frame
                sent = frame
            if not await self.change(changed, KEEP_ALIVE_S):
                yield b": still here\n\n"

    def _look(self) -> None:
        view = self._door.lane()
        if view is self._view:
            return
        self._view = view
        self._json = encode(view)
        self._frame = b"event: lane\nid: %d\ndata: %b\n\n" % (view.seq, self._json)

    def _from_engine(self) -> None:
        assert self._loop is not None
        # The loop may have closed a moment ago; then nobody is left to be woken.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self.changed.set()
        if not self.ended:
            self.changed = asyncio.Event()
