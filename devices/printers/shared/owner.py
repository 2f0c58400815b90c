"""The owner's door: other lanes connect, and each is served by a thread of its own.

The one rule: nobody is served who does not know the token, and whatever a connection does, it
ends by itself and takes nothing with it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing

from devices.printers.shared.channel import meet
from devices.printers.shared.jobs import Jobs
from devices.printers.shared.lent import Lent
from devices.printers.shared.options import listen_address
from devices.printers.shared.seal import OWNER
from devices.printers.shared.session import Session

MAX_CONNECTIONS = 32
GREETING_S = 5.0
_REST_S = 0.1

Report = Callable[[str, str], None]


class PrinterShare:
    """Shares a printer on an address. `report` is told who failed, and why; never a secret."""

    def __init__(self, lent: Lent, *, listen: str, token: str, report: Report) -> None:
        self._lent = lent
        self._listen = listen
        self._token = token
        self._report = report
        self._jobs = Jobs()
        self._seats = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._stopping = threading.Event()
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Listen, and give the address; raises OSError where it is taken."""
        host, port = listen_address(self._listen)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family)
        self._thread = threading.Thread(
            target=self._accept, args=(self._listener,), name="printer-share", daemon=True
        )
        self._thread.start()
        bound = self._listener.getsockname()
        return f"[{bound[0]}]:{bound[1]}" if ":" in bound[0] else f"{bound[0]}:{bound[1]}"

    def stop(self) -> None:
        """Take no more connections; those that are being served end by themselves."""
        self._stopping.set()
        listener, self._listener = self._listener, None
        if listener is None or self._thread is None:
            return
        listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._thread.join()
        listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                connection, peer = listener.accept()
            except OSError as error:  # of one connection, or too many files for the moment
                if not self._stopping.wait(_REST_S):
                    self._report("", str(error))
                continue
            if self._seats.acquire(blocking=False):
                server = threading.Thread(target=self._serve, args=(connection, str(peer[0])))
                server.daemon = True
                server.start()
            else:
                connection.close()

    def _serve(self, connection: socket.socket, peer: str) -> None:
        try:
            with closing(connection):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                channel = meet(connection, self._token, OWNER, time.monotonic() + GREETING_S)
                Session(channel, self._lent, self._jobs).serve()
        except OSError as error:
            self._report(peer, str(error))
        except Exception as error:  # a driver's bug must not end its printer for all lanes
            self._report(peer, f"{type(error).__name__}: {error}")
        finally:
            self._seats.release()
