"""What a virtual scanner is plugged into: a pty, a named pipe, a TCP port, or a call to one.

The one rule: a reader meets nothing but the wire; bytes written to a line that is unplugged, or
that nobody has opened where openers are known, go nowhere.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import tty
from contextlib import suppress
from pathlib import Path
from typing import Protocol

READ_BYTES = 4096
SEND_S = 5.0
DIAL_AGAIN_S = 0.02


class Line(Protocol):
    """One end of a cable; plugged in when it is made."""

    @property
    def port(self) -> str:
        """Where a reader finds it."""

    def write(self, data: bytes) -> None:
        """Put bytes on the line."""

    def hear(self, timeout_s: float) -> bytes:
        """What the reader sent, waiting up to `timeout_s`; b"" if nothing. Another thread's."""

    def unplug(self) -> None:
        """Pull the cable; may be called twice."""

    def plug(self) -> None:
        """Put the cable back."""


class PtyLine:
    """A pty; with a `link`, that is its stable name, like one in /dev/serial/by-id."""

    def __init__(self, link: str = "") -> None:
        self._link = link
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None
        self._pty = ""
        self.plug()

    @property
    def port(self) -> str:
        """The link if there is one, else the pty, which has another name after each plug()."""
        return self._link or self._pty

    def write(self, data: bytes) -> None:
        """Put bytes on the line."""
        with self._lock:
            if self._ends is not None:
                os.write(self._ends[0], data)

    def hear(self, timeout_s: float) -> bytes:
        """What the reader sent."""
        ends = self._ends
        if ends is None or not _is_readable(ends[0], timeout_s):
            return b""
        with self._lock, suppress(OSError):
            if self._ends is ends:
                return os.read(ends[0], READ_BYTES)
        return b""

    def unplug(self) -> None:
        """End the pty; its link goes with it."""
        with self._lock:
            ends, self._ends = self._ends, None
            for end in ends or ():
                os.close(end)
        if ends is not None and self._link:
            Path(self._link).unlink(missing_ok=True)

    def plug(self) -> None:
        """Make a new pty under the same link."""
        self.unplug()
        master, slave = os.openpty()
        tty.setraw(slave)
        self._pty = os.ttyname(slave)
        self._ends = (master, slave)  # the slave stays open, or the pty ends with its reader
        if self._link:
            with suppress(FileNotFoundError):
                os.unlink(self._link)
            os.symlink(self._pty, self._link)


class FifoLine:
    """A named pipe; unplugged, its name is gone."""

    def __init__(self, path: str) -> None:
        self.port = path
        self._fd: int | None = None
        self.plug()

    def write(self, data: bytes) -> None:
        """Put bytes into the pipe."""
        if self._fd is not None:
            os.write(self._fd, data)

    def hear(self, timeout_s: float) -> bytes:
        """A pipe carries nothing back."""
        return b""

    def unplug(self) -> None:
        """Remove the pipe."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)
            Path(self.port).unlink(missing_ok=True)

    def plug(self) -> None:
        """Make the pipe."""
        self.unplug()
        os.mkfifo(self.port)
        self._fd = os.open(self.port, os.O_RDWR)


class TcpLine:
    """A port that the reader connects to; the newest connection is the one that is written to."""

    def __init__(self, address: str = "127.0.0.1:0") -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._lock = threading.Lock()
        self._door: socket.socket | None = None
        self._reader: socket.socket | None = None
        self.plug()

    @property
    def port(self) -> str:
        """Host and port."""
        return f"{self._host}:{self._port}"

    def write(self, data: bytes) -> None:
        """Send bytes to the reader."""
        with self._lock:
            self._let_in()
            if self._reader is not None:
                with suppress(OSError):
                    self._reader.sendall(data)

    def hear(self, timeout_s: float) -> bytes:
        """What the reader sent."""
        with self._lock:
            self._let_in()
            watched = self._reader or self._door
            fd = watched.fileno() if watched else -1
        if fd < 0 or not _is_readable(fd, timeout_s):
            return b""
        with self._lock:
            return _heard(self._reader) if watched is self._reader else b""

    def unplug(self) -> None:
        """Hang up, and take no connection."""
        with self._lock:
            for end in (self._reader, self._door):
                if end is not None:
                    end.close()
            self._reader = self._door = None

    def plug(self) -> None:
        """Take connections on the same port."""
        self.unplug()
        self._door = socket.create_server((self._host, self._port))
        self._door.setblocking(False)
        self._port = self._door.getsockname()[1]

    def _let_in(self) -> None:
        while self._door is not None:
            try:
                caller, _ = self._door.accept()
            except BlockingIOError:
                return
            if self._reader is not None:
                self._reader.close()
            caller.settimeout(SEND_S)
            self._reader = caller


class DialLine:
    """A scanner that connects to its reader by itself, again and again until it is taken."""

    def __init__(self, address: str) -> None:
        self.port = address
        self._lock = threading.Condition()
        self._reader: socket.socket | None = None
        self._dialler: threading.Thread | None = None
        self._unplugged = threading.Event()
        self.plug()

    def write(self, data: bytes) -> None:
        """Send bytes, once the reader has been reached; for half a second that is waited for."""
        with self._lock:
            self._lock.wait_for(lambda: self._reader is not None, 0.5)
            if self._reader is not None:
                with suppress(OSError):
                    self._reader.sendall(data)

    def hear(self, timeout_s: float) -> bytes:
        """What the reader sent."""
        return b""

    def unplug(self) -> None:
        """Hang up and dial no more."""
        self._unplugged.set()
        with self._lock:
            if self._reader is not None:
                with suppress(OSError):  # the other side may have hung up first
                    self._reader.shutdown(socket.SHUT_RDWR)
        if self._dialler is not None:
            self._dialler.join()
            self._dialler = None

    def plug(self) -> None:
        """Begin to dial."""
        self.unplug()
        self._unplugged.clear()
        self._dialler = threading.Thread(target=self._dial, daemon=True)
        self._dialler.start()

    def _dial(self) -> None:
        host, _, port = self.port.rpartition(":")
        while not self._unplugged.wait(DIAL_AGAIN_S):
            with suppress(OSError), socket.create_connection((host, int(port)), SEND_S) as reader:
                with self._lock:
                    self._reader = reader
                    self._lock.notify_all()
                self._wait_for_the_end(reader)

    def _wait_for_the_end(self, reader: socket.socket) -> None:
        reader.settimeout(None)
        try:
            while not self._unplugged.is_set() and reader.recv(READ_BYTES):
                pass
        finally:
            with self._lock:
                self._reader = None


def _is_readable(fd: int, timeout_s: float) -> bool:
    waiting = select.poll()
    waiting.register(fd, select.POLLIN)
    return any(event & select.POLLIN for _, event in waiting.poll(timeout_s * 1000))


def _heard(reader: socket.socket | None) -> bytes:
    if reader is None:
        return b""
    try:
        return reader.recv(READ_BYTES)
    except OSError:
        return b""
