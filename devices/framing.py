"""Bytes from a scanner -> scans. Pure: no clock, no device; bounded memory.

The one rule: the same bytes give the same scans, however they were cut into reads. Frames look
like `[STX] [prefix] [AIM id] DATA [suffix] [ETX]`; everything but DATA is optional. Most scanners
end a scan with CR, LF, CRLF or TAB; some with nothing, and then only a pause tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from devices.values import Scan

MAX_FRAME_BYTES = 4096  # a version-40 QR code holds 2,953
ENDINGS = {"auto": b"\r\n\t", "cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "tab": b"\t", "none": b""}
_AIM_ID = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
_LEADING = b"\x00\x03\r\n"  # what the frame before left: its LF, its ETX, a line's NULs
_TRAILING = b"\x03\r\n"


@dataclass(frozen=True, slots=True)
class Framing:
    """How one scanner frames: what ends a scan, what stands before its data.

    `suffix` is a key of ENDINGS. Under "auto" any of CR, LF and TAB ends a scan and so does a
    pause of `idle_gap_ns`; under "none" only the pause; under the others only that suffix.
    """

    suffix: str = "auto"
    prefix: bytes = b""
    aim_id: bool = False
    idle_gap_ns: int = 50_000_000

    @property
    def ends_by_pause(self) -> bool:
        """Whether a pause ends a scan."""
        return self.suffix in ("auto", "none")


class Framer:
    """Collects the bytes of one scanner and cuts them into scans.

    Times are CLOCK_BOOTTIME nanoseconds given by the caller, who owns the clock.
    """

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        ending = ENDINGS[framing.suffix]
        self._ending = re.compile(b"[" + ending + b"]" if ending else b"(?!)")
        self.reset()

    def reset(self) -> None:
        """Forget an unfinished frame: after an unplug its other half will never come."""
        self._frame = bytearray()
        self._overflow = False
        self._first_ns = 0
        self._last_ns = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes of an unfinished frame are kept; at most MAX_FRAME_BYTES."""
        return len(self._frame)

    def feed(self, data: bytes, at_ns: int) -> list[Scan]:
        """Take bytes read at `at_ns`; the scans that they finish, in order."""
        scans = []
        *finished, rest = self._ending.split(data)
        for piece in finished:
            self._take(piece, at_ns)
            # the suffix is the last byte of its frame, also when it came in a read of its own
            self._last_ns = at_ns
            scans.extend(self._finish())
        self._take(rest, at_ns)
        return scans

    def idle(self, now_ns: int) -> list[Scan]:
        """Nothing more was waiting at `now_ns`: the scan that the pause finishes, if it does.

        Call it only after the device had nothing to read, so that a late reader cuts no scan.
        """
        gap_ns = self.idle_left_ns(now_ns)
        return self._finish() if gap_ns == 0 else []

    def idle_left_ns(self, now_ns: int) -> int | None:
        """How long a pause must still last to finish the frame; None when no pause would."""
        if not self._framing.ends_by_pause or not (self._frame or self._overflow):
            return None
        return max(0, self._last_ns + self._framing.idle_gap_ns - now_ns)

    def _take(self, piece: bytes, at_ns: int) -> None:
        if not self._frame:
            piece = piece.lstrip(_LEADING)
            self._first_ns = at_ns
        if not piece:
            return
        self._last_ns = at_ns
        if self._overflow or len(self._frame) + len(piece) > MAX_FRAME_BYTES:
            self._overflow = True
            self._frame.clear()
            return
        self._frame += piece

    def _finish(self) -> list[Scan]:
        data = b"" if self._overflow else self._strip(bytes(self._frame))
        first_ns, last_ns = self._first_ns, self._last_ns
        self.reset()
        aim = _AIM_ID.match(data) if self._framing.aim_id else None
        aim_id = aim[0].decode("ascii") if aim else ""
        text = _decode(data[len(aim_id) :])
        return [Scan(text, aim_id, first_ns, last_ns)] if text else []

    def _strip(self, frame: bytes) -> bytes:
        data = frame.rstrip(_TRAILING).removeprefix(b"\x02")
        return data.lstrip(_LEADING).removeprefix(self._framing.prefix)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
