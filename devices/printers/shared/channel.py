"""Messages between lanes: each whole, sealed, in order and by its deadline, or an OSError.

A message is four bytes with the length of its body, 32 bytes of seal, and the body: one JSON
object of at most MAX_BODY_BYTES. Deadlines are readings of `time.monotonic`.

The one rule: nothing is parsed before its seal was found right.
"""

from __future__ import annotations

import json
import re
import socket
import time
from typing import Any

from devices.printers.shared.seal import (
    OWNER,
    SEAL_BYTES,
    USER,
    nonce,
    same,
    seal,
    session_key,
)

VERSION = 1
MAX_BODY_BYTES = 256 * 1024
_GREETING = "posd printer-share {version} {nonce}\n"
_GREETING_BYTES = len(_GREETING.format(version=VERSION, nonce=nonce()))
_GREETED = re.compile(r"posd printer-share ([0-9]) ([0-9a-f]{32})\n")

Message = dict[str, Any]


class Channel:
    """One connection between a user of a printer and its owner; close it always."""

    def __init__(self, connection: socket.socket, key: bytes, side: bytes) -> None:
        self._connection = connection
        self._key = key
        self._side, self._other = (OWNER, USER) if side == OWNER else (USER, OWNER)
        self._sent = 0
        self._received = 0

    def send(self, message: Message, until_s: float) -> None:
        """Send one message by `until_s`; raises OSError."""
        body = json.dumps(message, separators=(",", ":")).encode()
        if len(body) > MAX_BODY_BYTES:
            raise ConnectionError(f"{len(body)} bytes are too much for one message")
        sealed = seal(self._key, self._side, self._sent, body)
        self._sent += 1
        _hurry(self._connection, until_s)
        self._connection.sendall(len(body).to_bytes(4, "big") + sealed + body)

    def receive(self, until_s: float) -> Message:
        """The next message, by `until_s`; raises OSError, also where its seal is wrong."""
        length = int.from_bytes(_exactly(self._connection, 4, until_s), "big")
        if length > MAX_BODY_BYTES:
            raise ConnectionError("it sends more than one message may hold")
        sealed = _exactly(self._connection, SEAL_BYTES, until_s)
        body = _exactly(self._connection, length, until_s)
        if not same(sealed, seal(self._key, self._other, self._received, body)):
            raise ConnectionError("it has another token")
        self._received += 1
        return _parsed(body)

    def close(self) -> None:
        """Hang up; never raises."""
        self._connection.close()


def meet(connection: socket.socket, token: str, side: bytes, until_s: float) -> Channel:
    """Greet the other side on a new connection; raises OSError for who is no posd of ours."""
    ours = nonce()
    _hurry(connection, until_s)
    connection.sendall(_GREETING.format(version=VERSION, nonce=ours).encode())
    greeting = _exactly(connection, _GREETING_BYTES, until_s).decode("latin-1")
    match = _GREETED.fullmatch(greeting)
    if match is None:
        raise ConnectionError("it is no posd that shares a printer")
    if int(match[1]) != VERSION:
        raise ConnectionError(f"it speaks version {match[1]}, this posd {VERSION}: update one")
    nonces = (ours, match[2]) if side == OWNER else (match[2], ours)
    return Channel(connection, session_key(token, *nonces), side)


def _parsed(body: bytes) -> Message:
    try:
        message = json.loads(body)
    except ValueError as error:
        raise ConnectionError("it sends what is no JSON") from error
    if not isinstance(message, dict):
        raise ConnectionError("it sends what is no message")
    return message


def _exactly(connection: socket.socket, count: int, until_s: float) -> bytes:
    data = b""
    while len(data) < count:
        _hurry(connection, until_s)
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("it hung up")
        data += part
    return data


def _hurry(connection: socket.socket, until_s: float) -> None:
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("it takes too long")
    connection.settimeout(left_s)
