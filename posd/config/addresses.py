"""Which hosts are this machine itself, and where the local API listens.

Names are never looked up: only what is written can be loopback.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

MAX_UNIX_PATH_BYTES: Final = 107  # sun_path of unix(7), with its NUL


@dataclass(frozen=True, slots=True)
class TcpEndpoint:
    """A loopback host and a port; port 0 asks the kernel for a free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UnixEndpoint:
    """The absolute path of a Unix socket."""

    path: str


Endpoint = TcpEndpoint | UnixEndpoint


def is_loopback(host: str) -> bool:
    """Whether `host` is written as this machine: localhost, 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split_url(url: str) -> SplitResult | None:
    """The parts of `url`, or None where it has no readable host or port."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def is_loopback_url(url: str) -> bool:
    """Whether the URL leads to this machine."""
    parts = split_url(url)
    return parts is not None and is_loopback(parts.hostname or "")


def parse_listen(listen: str) -> Endpoint:
    """Read `127.0.0.1:8377`, `[::1]:8377`, `unix:/path` or `/path`; raises ValueError."""
    path = listen.removeprefix("unix:")
    if path != listen or listen.startswith("/"):
        if not path.startswith("/") or not 1 < len(path.encode()) <= MAX_UNIX_PATH_BYTES:
            raise ValueError(
                f"a socket needs an absolute path of at most {MAX_UNIX_PATH_BYTES} bytes"
            )
        return UnixEndpoint(path)
    parts = split_url(f"//{listen}")
    if parts is None or parts.port is None or parts.netloc != listen or "@" in listen:
        raise ValueError("write host:port such as 127.0.0.1:8377, or unix:/run/posd/posd.sock")
    host = parts.hostname or ""
    if not is_loopback(host):
        raise ValueError(f"{host} is not this machine; use 127.0.0.1, [::1] or a Unix socket")
    return TcpEndpoint(host, parts.port)
