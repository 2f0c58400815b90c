"""HTTP/1.1 requests out of bytes: pure, bounded, and strict where two readers could differ.

The rule: a request is either understood whole or answered with an error and the connection closed;
nothing is guessed. Path and query stay exactly as sent, because the v4 signature covers them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_HEAD_BYTES = 16_384
MAX_BODY_BYTES = 1_048_576

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"/[\x21-\x7e\x80-\xff]*")
_LENGTH = re.compile(r"[0-9]{1,9}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(;.*)?")


class BadRequest(Exception):  # noqa: N818
    """The bytes are no request that this server takes; `status` is the HTTP status to answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Head:
    """Request line and headers. Header names are lower-case, repeated ones joined by a comma."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    keeps_alive: bool

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends its body (curl does)."""
        return self.headers.get("expect", "").lower() == "100-continue"


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request; `path` and `query` (without the question mark) are as transmitted.

    `peer` is the address that it came from.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    keeps_alive: bool
    peer: str = ""


def parse_head(head: bytes) -> Head:
    """Read everything before the empty line; raises BadRequest."""
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, version = _request_line(first)
    headers = _headers(rest)
    path, _, query = target.partition("?")
    return Head(method, path, query, headers, _keeps_alive(version, headers))


def _request_line(line: str) -> tuple[str, str, str]:
    parts = line.split(" ")
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]) or not _TARGET.fullmatch(parts[1]):
        raise BadRequest(400, "the request line is not METHOD /path HTTP/1.1")
    if parts[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadRequest(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    return parts[0], parts[1], parts[2]


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name):
            raise BadRequest(400, "a header line is not `name: value`")
        name, value = name.lower(), value.strip(" \t")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _keeps_alive(version: str, headers: Mapping[str, str]) -> bool:
    wish = headers.get("connection", "").lower()
    if version == "HTTP/1.0":
        return "keep-alive" in wish
    return "close" not in wish


def read_body(head: Head, *, exactly: Callable[[int], bytes], line: Callable[[], bytes]) -> bytes:
    """Take the body that `head` announces; raises BadRequest.

    `exactly(n)` gives n bytes, `line()` one line without its CRLF.
    """
    coding, length = head.headers.get("transfer-encoding"), head.headers.get("content-length")
    if coding is None:
        return exactly(_content_length(length)) if length is not None else b""
    if length is not None or coding.lower() != "chunked":
        raise BadRequest(400, "Transfer-Encoding must be chunked and stand without Content-Length")
    return _chunks(exactly, line)


def _content_length(text: str) -> int:
    if not _LENGTH.fullmatch(text):
        raise BadRequest(400, "Content-Length is not one plain number")
    if int(text) > MAX_BODY_BYTES:
        raise BadRequest(413, f"the body is over {MAX_BODY_BYTES} bytes")
    return int(text)


def _chunks(exactly: Callable[[int], bytes], line: Callable[[], bytes]) -> bytes:
    body = bytearray()
    while size := _chunk_size(line()):
        if len(body) + size > MAX_BODY_BYTES:
            raise BadRequest(413, f"the body is over {MAX_BODY_BYTES} bytes")
        body += exactly(size)
        if line():
            raise BadRequest(400, "a chunk is longer than its size says")
    _skip_trailers(line)
    return bytes(body)


def _chunk_size(line: bytes) -> int:
    match = _CHUNK.fullmatch(line)
    if match is None:
        raise BadRequest(400, "a chunk has no hexadecimal size")
    return int(match[1], 16)


def _skip_trailers(line: Callable[[], bytes]) -> None:
    size = 0
    while trailer := line():
        size += len(trailer)
        if size > MAX_HEAD_BYTES:
            raise BadRequest(431, f"the trailers are over {MAX_HEAD_BYTES} bytes")
