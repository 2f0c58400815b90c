"""Commands for a virtual device over TCP: one a line, each answered "ok" or with what is wrong.

The one rule: it is for loopback, and carries nothing but the commands that stdin takes.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable


class _Server(socketserver.ThreadingTCPServer):
    """A connection that its client forgot must not keep the device from ending."""

    daemon_threads = True
    block_on_close = False


class ControlServer:
    """Listens on `address` ("127.0.0.1:0" for any port) and hands each line to `obey`."""

    def __init__(self, address: str, obey: Callable[[str], None]) -> None:
        class Handler(socketserver.StreamRequestHandler):
            """One connection: lines in, answers out."""

            def handle(self) -> None:
                """Obey each line until the other side hangs up."""
                for line in self.rfile:
                    self.wfile.write(_obeyed(obey, line) + b"\n")

        host, _, port = address.rpartition(":")
        self._server = _Server((host, int(port)), Handler)
        self.address = "{}:{}".format(*self._server.server_address)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def _obeyed(obey: Callable[[str], None], line: bytes) -> bytes:
    text = line.decode("utf-8", "replace").strip()
    if text == "quit":
        return b"only its own stdin ends it"
    try:
        obey(text)
    except ValueError as error:
        return str(error).encode()
    return b"ok"
