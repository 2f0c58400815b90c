"""What goes back to a client: the bytes, when, and how the connection then ends.

The rule: a reply is a value. Deciding it touches no socket; the server carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus

from posd.linepay.sandbox.holds import Hold

JSON = "application/json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"


class Ending(Enum):
    """What happens after the bytes of a reply."""

    KEEP = auto()  # the connection stays open if the client wishes so
    CLOSE = auto()  # an orderly end (FIN)
    RESET = auto()  # a TCP RST
    HOLD = auto()  # silence until the client goes away
    ENDLESS = auto()  # more and more bytes until the client goes away


@dataclass(frozen=True, slots=True)
class Reply:
    """`data` is sent in one write after `delay_s`; empty `data` means no answer at all.

    With a `pace_s` it is sent byte by byte within that time instead. A `hold` is waited for first.
    """

    data: bytes
    ending: Ending = Ending.KEEP
    delay_s: float = 0.0
    pace_s: float = 0.0
    hold: Hold | None = None


def http_reply(
    status: int,
    body: bytes,
    *,
    content_type: str = JSON,
    ending: Ending = Ending.KEEP,
    headers: tuple[str, ...] = (),
) -> Reply:
    """Build a complete HTTP answer; `headers` are further lines."""
    lines = (f"Content-Type: {content_type}", *headers)
    return Reply(http_bytes(status, body, headers=lines, ending=ending), ending)


def http_bytes(
    status: int,
    body: bytes,
    *,
    headers: tuple[str, ...] = (f"Content-Type: {JSON}",),
    ending: Ending = Ending.KEEP,
    missing_bytes: int = 0,
) -> bytes:
    """Write an answer whose Content-Length promises `missing_bytes` more than it holds."""
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", *headers]
    lines.append(f"Content-Length: {len(body) + missing_bytes}")
    if ending is not Ending.KEEP:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Status"
