"""When a scanner is switched on and off over its line. Pure: it gives bytes, others send them.

The one rule: what was last asked for holds, also for a scanner that was unplugged meanwhile and for
one that switches itself off after a code or a while.
"""

from __future__ import annotations

from devices.scanners.vendors import Vendor

# Long enough that a scan which is accepted is followed by disarm() before its light is back.
AFTER_A_SCAN_NS = 500_000_000


class TriggerState:
    """What one scanner was told and when it must be told again; times are those of the caller."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._lapse_ns = round(vendor.lapses_after_s * 1e9)
        self._wanted = False
        self._again_ns: int | None = None

    def arm(self, now_ns: int) -> bytes:
        """It shall read: what to send for that."""
        self._wanted = True
        return self.restore(now_ns)

    def disarm(self) -> bytes:
        """It shall rest: what to send for that."""
        self._wanted = False
        self._again_ns = None
        return self._vendor.deactivate

    def restore(self, now_ns: int) -> bytes:
        """What a scanner must be told that may not know what is wanted of it."""
        if not self._wanted:
            return self.disarm()
        self._again_ns = now_ns + self._lapse_ns if self._lapse_ns else None
        return self._vendor.activate

    def scanned(self, now_ns: int) -> None:
        """It has read a code, with which some switch themselves off."""
        if self._again_ns is not None:
            self._again_ns = now_ns + AFTER_A_SCAN_NS

    def due(self, now_ns: int) -> bytes:
        """What must be said again by now; b"" while nothing must."""
        left_ns = self.left_ns(now_ns)
        return self.restore(now_ns) if left_ns == 0 else b""

    def left_ns(self, now_ns: int) -> int | None:
        """How long until something must be said again; None when nothing must."""
        return None if self._again_ns is None else max(0, self._again_ns - now_ns)
