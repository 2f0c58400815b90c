"""The first thing a request meets: whether it is meant for us, allowed, small and prompt.

The one rule: a page of another origin, a rebound name or a stranger on this machine reaches no
handler. The checks stand in `_judge` in their order; the body is read here, whole, and bounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from posd.api.access import Access
from posd.api.problems import Problem, respond

MAX_BODY_BYTES: Final = 64 * 1024
BODY_TIMEOUT_S: Final = 10.0
LINGER_S: Final = 1.0
LINGER_BYTES: Final = 1024 * 1024
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
DECISIVE: Final = (
    b"authorization",
    b"content-type",
    b"cookie",
    b"if-match",
    b"origin",
    b"sec-fetch-site",
)
_SAME_ORIGIN: Final = (b"same-origin", b"none")
_CLOSE: Final = {"Connection": "close"}

ANSWER_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Headers = Mapping[bytes, bytes]


class Guard:
    """Pure ASGI middleware; everything that it refuses is a problem document."""

    def __init__(self, app: ASGIApp, *, hosts: tuple[str, ...], access: Access) -> None:
        self._app = app
        self._hosts = hosts
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge the request, read its body, hand both on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        marked = _marking(send, scope["path"])
        try:
            self._judge(scope)
            if scope["method"] not in SAFE_METHODS:
                receive = await _whole_body(receive)
        except Problem as problem:
            await _let_it_finish(receive)
            await respond(problem)(scope, receive, marked)
            return
        await self._app(scope, receive, marked)

    def _judge(self, scope: Scope) -> None:
        headers = _headers(scope)
        host = self._host(scope)
        if scope["method"] not in SAFE_METHODS:
            _refuse_strangers(headers, host)
        if not self._access.allows(scope["path"], headers):
            detail = "send Authorization: Bearer with the token of api.token_file, or log in"
            challenge = {"WWW-Authenticate": "Bearer", **_CLOSE}
            raise Problem(401, "unauthorized", detail, headers=challenge)
        if scope["method"] not in SAFE_METHODS:
            _refuse_unfit_body(headers)

    def _host(self, scope: Scope) -> bytes:
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            raise Problem(400, "host", "send exactly one Host header", headers=_CLOSE)
        allowed = (_with_port(host, scope) for host in self._hosts)
        if given[0].lower() not in allowed:
            detail = "add the name to api.hosts if it is this machine's own"
            raise Problem(421, "host", detail, headers=_CLOSE)
        return bytes(given[0].lower())


def _headers(scope: Scope) -> Headers:
    """By their names; what decides must stand there once, or two readers could read two things."""
    names = [name for name, _ in scope["headers"]]
    for name in DECISIVE:
        if names.count(name) > 1:
            detail = f"send one {name.decode()} header"
            raise Problem(400, "repeated_header", detail, headers=_CLOSE)
    found = dict(scope["headers"])
    if b"content-length" in found and b"transfer-encoding" in found:
        detail = "send Content-Length or Transfer-Encoding"
        raise Problem(400, "repeated_header", detail, headers=_CLOSE)
    return found


def _with_port(host: str, scope: Scope) -> bytes:
    if not host.endswith(":0"):
        return host.encode()
    return f"{host[:-1]}{scope['server'][1]}".encode()


def _refuse_strangers(headers: Headers, host: bytes) -> None:
    origin = headers.get(b"origin")
    site = headers.get(b"sec-fetch-site")
    foreign = origin is not None and origin.lower() != b"http://" + host
    if foreign or (site is not None and site not in _SAME_ORIGIN):
        raise Problem(403, "origin", "only posd's own page may send this", headers=_CLOSE)


def _refuse_unfit_body(headers: Headers) -> None:
    length = headers.get(b"content-length", b"0")
    empty = length == b"0" and b"transfer-encoding" not in headers
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != b"application/json" and (kind or not empty):
        detail = "send Content-Type: application/json"
        raise Problem(415, "not_json", detail, headers=_CLOSE)
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        raise _too_large()


def _too_large() -> Problem:
    return Problem(413, "body_too_large", f"at most {MAX_BODY_BYTES} bytes", headers=_CLOSE)


async def _whole_body(receive: Receive) -> Receive:
    """The same request, its body read already; raises Problem."""
    try:
        body = await asyncio.wait_for(_read(receive), BODY_TIMEOUT_S)
    except TimeoutError as error:
        detail = f"the whole body must come within {BODY_TIMEOUT_S:g} s"
        raise Problem(408, "body_too_slow", detail, headers=_CLOSE) from error
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _let_it_finish(receive: Receive) -> None:
    """Take what is still coming of a refused body, for a moment, and throw it away.

    A connection that is closed on unread bytes is reset, and the asker may never see the answer.
    """
    with suppress(TimeoutError):
        await asyncio.wait_for(_thrown_away(receive), LINGER_S)


async def _thrown_away(receive: Receive) -> None:
    taken, more = 0, True
    while more and taken < LINGER_BYTES:
        message = await receive()
        taken += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":  # what came may look whole and is not
            raise Problem(400, "body_cut_short", "send the whole body", headers=_CLOSE)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
    return bytes(body)


def _marking(send: Send, path: str) -> Send:
    """`send` that adds the headers which every answer carries."""

    async def marked(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ANSWER_HEADERS.items():
                headers.setdefault(name, value)
            kept = "no-cache" if path.startswith("/static/") else "no-store"
            headers.setdefault("Cache-Control", kept)
        await send(message)

    return marked
