"""uvicorn in one thread of ours, on a socket that we bound ourselves.

The one rule: the API never ends the process. It has no signal handlers, its streams end before
the stop, and a port that is taken is said in words before any thread exists.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import stat
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette

from posd.api.connection import BoundedConnection

MAX_CONNECTIONS: Final = 512
SEND_BUFFER_BYTES: Final = 64 * 1024  # what a stalled reader may hold in the kernel
SOCKET_MODE: Final = 0o660
START_TIMEOUT_S: Final = 10.0
REVIVE_AFTER_S: Final = 5.0

_log: Final = logging.getLogger("posd.api")


class ApiUnavailable(Exception):  # noqa: N818
    """The API cannot listen; str() says where, why and what to do."""


class ApiServer:
    """Serves one application on one address; started once, stopped once, revived in between."""

    def __init__(self, app: Starlette, *, listen: str) -> None:
        self._app = app
        self._listen = listen
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None
        self._socket_file: Path | None = None
        self._stopped = False
        self._launched_at = 0.0

    def start(self) -> str:
        """Bind and serve; gives the bound address (`127.0.0.1:8377`, `unix:/path`).

        Raises ApiUnavailable.
        """
        server, sock = self._launch()
        if not server.serving.wait(START_TIMEOUT_S):
            raise ApiUnavailable(f"the API on {self._listen} did not start; see the log")
        self._listen = _address(sock)  # a revived server keeps the port that was found free
        return self._listen

    def revive(self) -> None:
        """Start its thread anew if it ended by itself; waits for nothing.

        A failure is logged and tried again after REVIVE_AFTER_S.
        """
        if self._stopped or self._thread is None or self._thread.is_alive():
            return
        if time.monotonic() - self._launched_at < REVIVE_AFTER_S:
            return
        _log.error("the API ended by itself and is started again")
        try:
            self._launch()
        except ApiUnavailable as error:
            _log.error("%s", error)

    def _launch(self) -> tuple[_Server, socket.socket]:
        self._launched_at = time.monotonic()
        if self._socket is not None:
            self._socket.close()
        self._socket = sock = self._bound()
        self._server = server = _Server(_config(self._app))
        self._thread = threading.Thread(target=server.run, args=([sock],), name="api", daemon=True)
        self._thread.start()
        return server, sock

    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def connections(self) -> int:
        """How many connections are open now."""
        return 0 if self._server is None else len(self._server.server_state.connections)

    def stop(self, timeout_s: float) -> None:
        """End streams, let answers under way finish, close; cut them off after `timeout_s`."""
        self._stopped = True
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(timeout_s)
        self._server.force_exit = True
        self._thread.join(1.0)
        if self._socket_file is not None:
            self._socket_file.unlink(missing_ok=True)

    def _bound(self) -> socket.socket:
        path = self._listen.removeprefix("unix:")
        if not path.startswith("/"):
            return _tcp(self._listen)
        sock = _unix(path)
        self._socket_file = Path(path)
        return sock


class _Server(uvicorn.Server):
    """uvicorn's server that says when it serves, and ends the streams before it stops."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, then say so."""
        await super().startup(sockets)
        self.serving.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams: uvicorn would wait for them for ever."""
        app = self.config.app
        assert isinstance(app, Starlette)
        app.state.counter.news.end()
        await super().shutdown(sockets)


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedConnection,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=30,
    )


def _tcp(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return _listening(sock, (host, int(port)), listen)


def _unix(path: str) -> socket.socket:
    _remove_abandoned(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    return _listening(sock, path, f"unix:{path}")


def _listening(sock: socket.socket, address: object, told: str) -> socket.socket:
    try:
        sock.bind(address)  # type: ignore[arg-type]
        if isinstance(address, str):
            os.chmod(address, SOCKET_MODE)  # before it listens: nobody can be early
        # Accepted connections inherit it.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        sock.listen(128)
    except OSError as error:
        sock.close()
        raise ApiUnavailable(f"cannot listen on {told}: {_why(error, told)}") from error
    return sock


def _why(error: OSError, told: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            "it is taken, perhaps by another posd; stop that one (`posd status` asks it),"
            " or set api.listen to another port"
        )
    hint = "look at the folder's owner and mode" if told.startswith("unix:") else "see api.listen"
    return f"{error.strerror}; {hint}"


def _remove_abandoned(path: str) -> None:
    """A socket file that nobody listens on is left over from a crash."""
    with suppress(OSError):
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1.0)
            if probe.connect_ex(path) == errno.ECONNREFUSED:
                os.unlink(path)


def _address(sock: socket.socket) -> str:
    name = sock.getsockname()
    if isinstance(name, str):
        return f"unix:{name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"{host}:{name[1]}"
