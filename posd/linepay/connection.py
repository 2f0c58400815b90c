"""The one connection to LINE Pay: opened ahead of need, it carries one request at a time.

One rule: a connection is replaced before a request is written or not at all. Nothing here retries,
redirects, or opens a socket under a request that is already composed.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from posd.linepay.wire import Exchange, NotSent, Wire, boottime_ns, explain


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host and port to open a TCP connection to."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Route:
    """The way to the server: directly or through a proxy, with TLS or (on loopback) without."""

    server: Endpoint
    tls: ssl.SSLContext | None
    proxy: Endpoint | None = None
    proxy_headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def forwards(self) -> bool:
        """Whether a proxy reads our requests, rather than passing bytes through a tunnel."""
        return self.proxy is not None and self.tls is None


class Channel(HTTPAdapter):
    """The adapter of requests that the client sends through; it holds at most one connection.

    `open` first, then one `send`, then `rest` or `drop`. No session stands above it: a session
    would look for cookies, redirects, proxies and the environment, and none of them may count
    here. Verify, proxies and timeouts come from the route and the exchange.
    """

    def __init__(self, route: Route, *, idle_s: float) -> None:
        super().__init__(max_retries=0)
        self._route = route
        self._idle_ns = int(idle_s * 1e9)
        self._used_ns = 0
        self._wire: Wire | None = None
        self._http: HTTPConnection | None = None

    def open(self, exchange: Exchange, opening: Exchange) -> None:
        """Have a connection that looks alive, replacing one that does not, and lend it `exchange`.

        `opening` bounds the time it takes; raises NotSent.
        """
        if self._wire is None or not self._is_fresh(self._wire):
            self.drop()
            self._wire = Wire(dial(self._route, opening), exchange)
            self._http = _speaker(self._route.server, self._wire)
            self._used_ns = boottime_ns()
        self._wire.exchange = exchange

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Write `request` to the open connection, once, and read the head of its answer."""
        connection = cast("HTTPConnection", self._http)
        connection.request(
            cast("str", request.method),
            self._target(cast("str", request.url)),
            body=cast("bytes | None", request.body),
            headers=request.headers,
            preload_content=False,
            decode_content=False,
        )
        return self.build_response(request, connection.getresponse())

    def rest(self) -> None:
        """Keep the connection for the next call, unless the peer has announced its end."""
        self._used_ns = boottime_ns()
        if self._http is not None and self._http.sock is None:
            self.drop()

    def drop(self) -> None:
        """Close the connection, if there is one."""
        if self._wire is not None:
            self._wire.destroy()
        self._wire = self._http = None

    def close(self) -> None:
        """Close all."""
        self.drop()
        super().close()

    def _is_fresh(self, wire: Wire) -> bool:
        return boottime_ns() - self._used_ns <= self._idle_ns and wire.is_quiet()

    def _target(self, url: str) -> str:
        """The request line's target: the path as it was signed; a proxy wants the whole URL."""
        if self._route.forwards:
            return url
        return url[url.index("/", url.index("://") + 3) :]


def dial(route: Route, opening: Exchange) -> socket.socket:
    """Open TCP, then the proxy's tunnel and TLS where the route has them; raises NotSent."""
    try:
        return _open(route, opening)
    except NotSent:
        raise
    except Exception as error:
        raise NotSent(*explain(error)) from None


def _speaker(server: Endpoint, wire: Wire) -> HTTPConnection:
    connection = HTTPConnection(server.host, server.port)
    connection.auto_open = 0  # it may never open a socket of its own accord
    connection.sock = cast("socket.socket", wire)
    return connection


def _open(route: Route, opening: Exchange) -> socket.socket:
    sock = _connect(route.proxy or route.server, opening)
    try:
        if route.tls is None:
            return sock
        if route.proxy is not None:
            _tunnel(sock, route, opening)
        sock.settimeout(opening.left_s())
        return route.tls.wrap_socket(sock, server_hostname=route.server.host)
    except BaseException:
        sock.close()
        raise


def _connect(endpoint: Endpoint, opening: Exchange) -> socket.socket:
    """Try each address of the name in turn; each has its share of the time that is left."""
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    failure: OSError = TimeoutError()
    for tried, (family, _, _, _, address) in enumerate(found):
        try:
            return _connect_to(family, address, opening.left_s() / (len(found) - tried))
        except OSError as error:
            failure = error
    raise failure


def _connect_to(family: socket.AddressFamily, address: Any, timeout_s: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


def _tunnel(sock: socket.socket, route: Route, opening: Exchange) -> None:
    try:
        status = _ask_tunnel(Wire(sock, opening), route)
    except Exception:
        raise NotSent("proxy_failed", "the proxy did not answer CONNECT") from None
    if not 200 <= status < 300:
        raise NotSent("proxy_refused", f"the proxy answered {status} to CONNECT")


def _ask_tunnel(wire: Wire, route: Route) -> int:
    host, port = route.server.host, route.server.port
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in route.proxy_headers.items()]
    wire.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    reply = http.client.HTTPResponse(cast("socket.socket", wire), method="CONNECT")
    try:
        reply.begin()
    finally:
        reply.close()
    return reply.status
