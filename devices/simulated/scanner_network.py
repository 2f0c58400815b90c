"""What a virtual scanner is plugged into on the network: a port, or a call to one.

The one rule: a reader meets nothing but the wire; bytes that nobody is connected to take go
nowhere.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

from devices.simulated.scanner_lines import READ_BYTES, is_readable

SEND_S = 5.0
DIAL_AGAIN_S = 0.02


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
        if not is_readable(fd, timeout_s):
            return b""
        with self._lock:
            if watched is not self._reader or self._reader is None:
                return b""
            heard = _heard(self._reader)
            if not heard:
                self._reader.close()
                self._reader = None
            return heard

    def unplug(self) -> None:
        """Hang up, and take no connection."""
        with self._lock:
            for end in (self._reader, self._door):
                if end is not None:
                    # a close alone waits for the thread that listens for commands
                    with suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
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
        """Nobody gives commands to the one who calls."""
        time.sleep(timeout_s)
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


def _heard(reader: socket.socket) -> bytes:
    try:
        return reader.recv(READ_BYTES)
    except OSError:
        return b""
