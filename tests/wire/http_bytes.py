"""HTTP as bytes: whole messages read off a socket, and answers made by hand.

Rule: nothing is mended on the way. What is read is kept to the byte, so that what is passed on is
what was sent.
"""

from __future__ import annotations

import json
import re
import socket
from dataclasses import dataclass

CHUNK = 65_536
_TAILS = {"pay", "check", "authorizations", "capture", "void", "refund"}
_LENGTH = re.compile(rb"^content-length: *([0-9]+)\r?$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """One request of posd: its bytes, what it asks for, and which order it is about."""

    raw: bytes
    operation: str
    order_id: str


def read_message(sock: socket.socket) -> bytes:
    """Head and body of the next message; empty where the peer has gone before it was whole."""
    data = b""
    while b"\r\n\r\n" not in data or len(data) < _whole(data):
        more = sock.recv(CHUNK)
        if not more:
            return b""
        data += more
    return data


def request_of(raw: bytes) -> Request:
    """The request with its meaning; `operation` is "other" where LINE Pay has no such path."""
    target = raw.split(b" ", 2)[1].decode()
    path, _, query = target.partition("?")
    parts = path.strip("/").split("/")
    if parts[-1] == "pay":
        return Request(raw, "pay", json.loads(body_of(raw))["orderId"])
    if parts[1:2] == ["payments"] and query.startswith("orderId="):
        named = "authorizations" if parts[-1] == "authorizations" else "details"
        return Request(raw, named, query.removeprefix("orderId="))
    if parts[-1] in _TAILS:
        return Request(raw, parts[-1], parts[-2])
    return Request(raw, "other", "")


def body_of(message: bytes) -> bytes:
    return message.partition(b"\r\n\r\n")[2]


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An answer that ends its connection; `length` is what its Content-Length says instead."""
    told = len(body) if length is None else length
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {told}", "Connection: close")
    return "\r\n".join((*lines, "", "")).encode() + body


def _whole(data: bytes) -> int:
    head, _, _ = data.partition(b"\r\n\r\n")
    found = _LENGTH.search(head)
    return len(head) + 4 + (int(found[1]) if found else 0)
