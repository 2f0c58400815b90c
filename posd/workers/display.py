"""The customer display's worker: shows the newest scene, and comes back after every unplug.

Rule: the newest wins. Lines that were overtaken are never shown, so a display that is slow or
hangs holds up nobody and never lags behind.
"""

from __future__ import annotations

import time

from devices.displays.glyphs import can_show
from devices.errors import DeviceError
from devices.interfaces import CustomerDisplay
from posd.display_lines import PASSING, Lines, Scene, Sight, display_lines, plain, scene, sight
from posd.inbox import DeviceSeen, Inbox
from posd.snapshot import DeviceView, LaneView
from posd.words import catalogue
from posd.workers.worker import Worker

SHOW_S = 0.5
REFRESH_S = 5.0  # a display that was switched off and on shows its lines again
HOLD_S = 15.0  # how long the end of a sale stands there
RETRY_S = (0.25, 0.5, 1.0, 2.0)


class DisplayWorker(Worker[LaneView]):
    """One thread, one display; `give` takes the newest view of the lane."""

    def __init__(
        self, inbox: Inbox, display: CustomerDisplay, driver: str, *, hold_s: float = HOLD_S
    ) -> None:
        super().__init__("display", inbox)
        self._display = display
        self._driver = driver
        self._hold_s = hold_s
        self._seen: Sight | None = None  # written by `give` alone
        self._scene = Scene()
        self._changed_s = 0.0
        self._over = ""  # the sale that has been told long enough
        self._failures = 0
        self._said: DeviceView | None = None

    def give(self, command: LaneView) -> bool:
        """Take the newest view in place of the one before; called by the engine's thread."""
        self._seen = sight(self._seen, command)
        if self._commands.empty():
            self.give_up_waiting()
        return True

    def work(self) -> None:
        """Wait for a newer view or for the next refresh, then show what there is."""
        self.next_command(self._patience_s())
        seen = self._seen
        if seen is None or self.stopping:
            return
        self._look(seen)
        try:
            self._display.show(self._lines(seen.lane), SHOW_S)
        except DeviceError as failure:
            self._lose(failure)
        else:
            self._failures = 0
            self._say("connected", "")

    def close(self) -> None:
        """Blank it and let it go."""
        self._display.release()

    def mourn(self, reason: str) -> None:
        """A display whose driver fails is a lost display."""
        self._say("lost", reason)

    def _look(self, seen: Sight) -> None:
        now = scene(seen)
        if _told(now) != _told(self._scene):
            self._changed_s = time.monotonic()
        self._scene = now
        if now.sale is not None and now.sale.verdict in PASSING and self._held_long_enough():
            self._over = now.sale.id

    def _held_long_enough(self) -> bool:
        return time.monotonic() - self._changed_s >= self._hold_s

    def _lines(self, lane: LaneView) -> Lines:
        shown = self._scene
        if shown.sale is not None and shown.sale.id == self._over:
            shown = Scene()
        own = display_lines(lane, shown, catalogue(lane.language))
        if can_show(self._display, "".join(own)):
            return own
        return display_lines(plain(lane), shown, catalogue("en"))

    def _lose(self, failure: DeviceError) -> None:
        self._say("lost", str(failure))
        self._failures += 1

    def _patience_s(self) -> float:
        """How long what stands there may stand, or how long to wait for a lost display."""
        if not self._failures:
            return REFRESH_S
        return RETRY_S[min(self._failures, len(RETRY_S)) - 1]

    def _say(self, condition: str, detail: str) -> None:
        seen = DeviceView("display", self._driver, condition, detail, condition == "connected")
        if seen != self._said:
            self._said = seen
            self.inbox.put(DeviceSeen(seen))


def _told(shown: Scene) -> tuple[str, str]:
    return (shown.sale.id, shown.sale.verdict) if shown.sale else ("", "")
