"""The second memory of payments sent: a small file that may lie on another medium.

Rule: a line is on its medium before the request leaves. If the journal is lost, the orders named
here are asked about at LINE Pay. Two generations of bounded size; the one-time key is not in it.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from posd.core.instant import Instant
from posd.core.records import PaySent
from posd.journal.database import sync_directory
from posd.journal.errors import SentLogFailed

LIMIT_BYTES = 1024 * 1024  # of one generation: some 3,200 payments


@dataclass(frozen=True, slots=True)
class SentLine:
    """A payment request that was about to leave; `wall_ms` is UTC, a label only."""

    order_id: str
    fingerprint: str
    host: str
    channel_id: str
    dialect: str
    currency: str
    wall_ms: int
    receipt_number: str = ""  # lines of older releases have neither this
    amount_minor: int = 0  # nor this, which only LINE Pay can tell then
    capture: bool = True


_DECODER = msgspec.json.Decoder(SentLine)


class SentLog:
    """Appends to `path`; the generation before it is `path` with `.1` added.

    It keeps no file open, so that a medium that was pulled and put back serves again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._older = path.with_name(path.name + ".1")

    def append(self, sent: PaySent, at: Instant) -> None:
        """Write and flush one line; raises SentLogFailed, after which the journal still holds."""
        line = msgspec.json.encode(_line(sent, at))
        try:
            self._rotate()
            _write(self._path, line)
        except OSError as error:
            raise SentLogFailed(
                f"{self._path} did not take order {sent.order_id}: {error.strerror};"
                " check the medium (the journal has the payment)"
            ) from error

    def lines(self) -> list[SentLine]:
        """Every whole line of both generations, oldest first; torn ones are passed over.

        Raises SentLogFailed where there is a log that cannot be read.
        """
        try:
            return [line for path in (self._older, self._path) for line in _read(path)]
        except OSError as error:
            raise SentLogFailed(
                f"{self._path} cannot be read: {error.strerror}; check the medium"
            ) from error

    def _rotate(self) -> None:
        if self._path.exists() and self._path.stat().st_size >= LIMIT_BYTES:
            self._path.replace(self._older)
            sync_directory(self._path.parent)


def _line(sent: PaySent, at: Instant) -> SentLine:
    return SentLine(
        order_id=sent.order_id,
        fingerprint=sent.fingerprint,
        host=sent.host,
        channel_id=sent.channel_id,
        dialect=sent.dialect,
        currency=sent.currency,
        wall_ms=at.wall_ms,
        receipt_number=sent.receipt_number,
        amount_minor=sent.amount_minor,
        capture=sent.capture,
    )


def _write(path: Path, line: bytes) -> None:
    fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        size_bytes = os.fstat(fd).st_size
        # A line torn by a crash must not swallow this one.
        start = b"\n" if size_bytes and os.pread(fd, 1, size_bytes - 1) != b"\n" else b""
        whole = start + line + b"\n"
        if os.write(fd, whole) != len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fdatasync(fd)  # also the size, which the data could not be read without
    finally:
        os.close(fd)
    if not size_bytes:
        sync_directory(path.parent)


def _read(path: Path) -> list[SentLine]:
    if not path.is_file():  # reading anything else might never end
        return []
    found = []
    for line in path.read_bytes().splitlines():
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            found.append(_DECODER.decode(line))
    return found
