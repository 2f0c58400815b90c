"""Bytes from a scanner -> scans. Pure: no clock, no device; bounded memory.

The one rule: the same bytes give the same scans, however they were cut into reads. Frames look
like `[STX] [prefix] [AIM id] DATA [suffix] [ETX]`; everything but DATA is optional. Most scanners
end a scan with CR, LF, CRLF or TAB; some with ETX, some with nothing, and then only a pause tells.

Under "auto" whatever looks like an ending is one, always: two scans are never joined because a
scanner had another habit before. What is learned is only how much a pause means. Until three scans
in a row ended alike, a short pause ends a scan, for the scanner may send no suffix. After that a
hiccup of the line must not cut a scan in two, so only `PATIENT_GAP_NS` of silence ends one without
its suffix; that happens once, and then the scanner has to be learned anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from devices.values import Scan

MAX_FRAME_BYTES = 4096  # a version-40 QR code holds 2,953
PATIENT_GAP_NS = 1_000_000_000
LEARNED_SCANS = 3
ENDINGS = {
    "auto": b"\r\n\t\x03",
    "cr": b"\r",
    "lf": b"\n",
    "crlf": b"\r\n",
    "tab": b"\t",
    "etx": b"\x03",
    "none": b"",
}
_AIM_ID = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
_LEADING = b"\x00\x03\r\n"  # what the frame before left: its LF, its ETX, a line's NULs
_TRAILING = b"\x03\r\n"
_STX, _ETX = b"\x02", b"\x03"
_SEVEN_BITS = bytes(byte & 0x7F for byte in range(256))


@dataclass(frozen=True, slots=True)
class Framing:
    """How one scanner frames: what ends a scan, what stands before its data.

    `suffix` is a key of ENDINGS. Under "auto" CR, LF and TAB end a scan, ETX ends one that began
    with STX, and so does a pause of `idle_gap_ns`; under "none" only the pause; under the others
    only that suffix. With `data_bits` 7 the eighth bit of each byte is a parity and is dropped.
    `answers` is a pattern of what the scanner says to commands: removed where it stands before or
    behind a scan, so that none becomes one. Nothing that it matches is the beginning of another
    match, or begins with what is dropped before a scan anyway.
    """

    suffix: str = "auto"
    prefix: bytes = b""
    aim_id: bool = False
    idle_gap_ns: int = 50_000_000
    data_bits: int = 8
    answers: bytes = b""

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
        answers = framing.answers or b"(?!)"
        self._before = re.compile(b"(?:[" + _LEADING + b"]|" + answers + b")+", re.DOTALL)
        self._behind = re.compile(b"(?:" + answers + rb")\Z", re.DOTALL)
        self.reset()

    def reset(self) -> None:
        """Forget an unfinished frame and what was learned: another scanner may be plugged in."""
        self._learned = b""
        self._alike = 0
        self._begin()

    @property
    def held_bytes(self) -> int:
        """How many bytes of an unfinished frame are kept; at most MAX_FRAME_BYTES."""
        return len(self._frame)

    def feed(self, data: bytes, at_ns: int) -> list[Scan]:
        """Take bytes read at `at_ns`; the scans that they finish, in order."""
        if self._framing.data_bits == 7:
            data = data.translate(_SEVEN_BITS)
        scans = []
        done = 0
        for mark in self._ending.finditer(data):
            self._take(data[done : mark.start()], at_ns)
            done = mark.end()
            if not self._is_end(mark[0]):
                self._take(mark[0], at_ns)
                continue
            # the suffix is the last byte of its frame, also when it came in a read of its own
            self._last_ns = at_ns
            scans += self._finish(mark[0])
        self._take(data[done:], at_ns)
        return scans

    def idle(self, now_ns: int) -> list[Scan]:
        """Nothing more was waiting at `now_ns`: the scan that the pause finishes, if it does.

        Call it only after the device had nothing to read, so that a late reader cuts no scan.
        """
        gap_ns = self.idle_left_ns(now_ns)
        return self._finish(b"") if gap_ns == 0 else []

    def idle_left_ns(self, now_ns: int) -> int | None:
        """How long a pause must still last to finish the frame; None when no pause would."""
        if not self._framing.ends_by_pause or not (self._frame or self._overflow):
            return None
        gap_ns = self._framing.idle_gap_ns
        if self._alike >= LEARNED_SCANS:
            gap_ns = max(gap_ns, PATIENT_GAP_NS)
        return max(0, self._last_ns + gap_ns - now_ns)

    def _begin(self) -> None:
        self._frame = bytearray()
        self._overflow = False
        self._has_stx = False
        self._first_ns = 0
        self._last_ns = 0

    def _is_end(self, mark: bytes) -> bool:
        return mark != _ETX or self._has_stx or self._framing.suffix == "etx"

    def _take(self, piece: bytes, at_ns: int) -> None:
        if not piece:
            return
        was_held = len(self._frame)
        self._frame += piece
        self._last_ns = at_ns
        self._clear_the_way()
        if not was_held or len(self._frame) < was_held + len(piece):
            self._first_ns = at_ns  # what is left is of this piece
        if self._overflow or len(self._frame) > MAX_FRAME_BYTES:
            self._overflow = True
            self._frame.clear()

    def _clear_the_way(self) -> None:
        """Drop what stands before a scan: leftovers of the frame before, answers to commands."""
        if self._overflow:
            return
        if waste := self._before.match(self._frame):
            del self._frame[: waste.end()]
        self._has_stx = self._frame.startswith(_STX)

    def _finish(self, mark: bytes) -> list[Scan]:
        data = b"" if self._overflow else self._strip(bytes(self._frame))
        first_ns, last_ns = self._first_ns, self._last_ns
        self._begin()
        aim = _AIM_ID.match(data) if self._framing.aim_id else None
        aim_id = aim[0].decode("ascii") if aim else ""
        text = _decode(data[len(aim_id) :])
        if not text:
            return []
        self._learn(mark)
        return [Scan(text, aim_id, first_ns, last_ns)]

    def _learn(self, mark: bytes) -> None:
        """Count scans that ended alike; one that only a pause ended begins the count anew."""
        self._alike = self._alike + 1 if mark and mark == self._learned else int(bool(mark))
        self._learned = mark

    def _strip(self, frame: bytes) -> bytes:
        data = self._behind.sub(b"", frame.rstrip(_TRAILING))
        data = data.rstrip(_TRAILING).removeprefix(_STX)
        return data.lstrip(_LEADING).removeprefix(self._framing.prefix)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
