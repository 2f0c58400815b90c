"""Scans from stdin or a named pipe: for tests by hand, other programs, and odd hardware.

The one rule: what another program writes is framed as a scanner's bytes are. A pipe is opened for
reading and writing, so that its writers come and go; it is gone when its name is.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import stat
from contextlib import suppress

from devices.errors import Unavailable
from devices.scanners.habits import framing_habits
from devices.scanners.holder import holders
from devices.scanners.options import STDIN, LineOptions
from devices.scanners.reading import StreamScanner
from devices.values import Scan

READ_BYTES = 4096


class LineScanner(StreamScanner):
    """Reads what is written to stdin or a named pipe."""

    Options = LineOptions

    def __init__(self, options: LineOptions) -> None:
        self._path = options.path
        self._opened: PathSource | None = None
        super().__init__(options.path, self._open_path, framing_habits(options))

    def read(self, timeout_s: float) -> Scan | None:
        """Wait for a scan; Unavailable too when the pipe's name is gone, as is looked up here."""
        if self._opened is not None:
            self._opened.check_name()
        return super().read(timeout_s)

    def release(self) -> None:
        """Close it; stdin itself stays open."""
        self._opened = None
        super().release()

    def _open_path(self) -> PathSource:
        self._opened = PathSource(self._path)
        return self._opened


class PathSource:
    """An open stdin or pipe, emptied of what was written before; raises Unavailable.

    Nothing is set to non-blocking, for stdin is shared with whoever started us: it is read only
    when the kernel has something to read.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._fd = os.dup(0) if path == STDIN else _open_pipe(path)
        self._has_more = select.poll()
        self._has_more.register(self._fd, select.POLLIN)
        try:
            while self._has_more.poll(0):
                self.receive()
        except Unavailable:
            self.close()
            raise

    def fileno(self) -> int:
        """That of the pipe, or a copy of stdin's."""
        return self._fd

    def receive(self) -> bytes:
        """What was written; raises Unavailable when stdin has ended."""
        if not self._has_more.poll(0):
            return b""
        try:
            data = os.read(self._fd, READ_BYTES)
        except OSError as error:
            raise Unavailable(f"scanner {self._path} cannot be read ({error})") from error
        if not data:
            raise Unavailable(
                "stdin has ended, so no more scans come: start posd again with something that"
                " writes them, or name another scanner in the configuration"
            )
        return data

    def send(self, data: bytes, timeout_s: float) -> None:
        """Nobody is there to take a command."""

    def close(self) -> None:
        """Close our descriptor of it."""
        os.close(self._fd)

    def check_name(self) -> None:
        """Raise Unavailable when the pipe that we read is not what its name leads to."""
        if self._path == STDIN:
            return
        with suppress(OSError):
            if os.path.samestat(os.stat(self._path), os.fstat(self._fd)):
                return
        raise Unavailable(f"scanner {self._path} is gone: make the pipe anew with mkfifo")


def _open_pipe(path: str) -> int:
    try:
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unavailable(_why_closed(path, error)) from error
    try:
        if not stat.S_ISFIFO(os.fstat(fd).st_mode):
            raise Unavailable(f"scanner {path} is no pipe: make one with mkfifo {path}")
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise Unavailable(_why_closed(path, error)) from error
    except Unavailable:
        os.close(fd)
        raise
    return fd


def _why_closed(path: str, error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return f"scanner {path} is not there: make the pipe with mkfifo {path}"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"scanner {path} may not be opened by this user: correct its owner or mode"
    if error.errno == errno.EAGAIN:
        who = holders(path) or "a process that this user cannot see"
        return f"scanner {path} is read by {who} already: stop it, then it is claimed again"
    return f"scanner {path} did not open ({error}): name a pipe made with mkfifo"
