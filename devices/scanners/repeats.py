"""The same code read twice while it is held before the scanner: one scan.

The one rule: only a scan that says the same as the one before, soon after it, is a repeat; time is
that of the scans themselves, so that a busy reader counts no two scans as one.
"""

from __future__ import annotations

from devices.values import Scan

# A sale that has just opened refuses what came too early; it must be heard when it comes again.
FRESH_NS = 250_000_000


class RepeatGuard:
    """Tells repeats within `window_s` of the last reading; 0 tells none.

    The window slides: a code that stays in view is one scan for as long as it is read again and
    again. Presentation scanners read the same symbol anew after 0.5 s (Zebra DS4308 p. 4-28).
    """

    def __init__(self, window_s: float) -> None:
        self._window_ns = round(window_s * 1e9)
        self._last: Scan | None = None
        self._fresh_until_ns = 0
        self.dropped = 0

    def begin(self, now_ns: int) -> None:
        """From now on a code is wanted: one that has been in view since before is a scan anew."""
        self._last = None
        self._fresh_until_ns = now_ns + FRESH_NS

    def is_repeat(self, scan: Scan) -> bool:
        """Whether `scan` says again what was said just before; it is counted if so."""
        last, self._last = self._last, scan
        if scan.first_byte_ns < self._fresh_until_ns:
            self._last = None
            return False
        if last is None or (last.text, last.aim_id) != (scan.text, scan.aim_id):
            return False
        if scan.first_byte_ns - last.last_byte_ns >= self._window_ns:
            return False
        self.dropped += 1
        return True
