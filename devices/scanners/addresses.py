"""`host:port` as the owner writes it, IPv6 in brackets."""

from __future__ import annotations

import re

from devices.options import BadOption

_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.%a-z]+\]|[^:\s/\[\]]+):([0-9]{1,5})")


def host_and_port(key: str, address: str) -> tuple[str, int]:
    """The two parts of option `key`; raises BadOption where there are none."""
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match[2]) > 65535:
        raise BadOption(key, f"{address!r} is no host and port; write it like 192.0.2.5:4001")
    return match[1].strip("[]"), int(match[2])
