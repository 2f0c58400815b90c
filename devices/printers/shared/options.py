"""What the owner may say of a printer that another lane shares."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from devices.options import BadOption, require_text
from devices.printers.options import host_and_port


@dataclass(frozen=True)
class SharedOptions:
    """A printer that another lane's posd owns and shares (its section printer_share)."""

    address: str = field(
        default="",
        metadata={"help": 'Host and port where the owner shares it, like "192.0.2.7:9180".'},
    )
    token_file: str = field(
        default="", metadata={"help": "Copy of the owner's token file, mode 0600 or 0640."}
    )

    def __post_init__(self) -> None:
        """Raise BadOption for what leads to no owner."""
        host_and_port(self.address)
        require_text("token_file", self.token_file, example="printer-token")


def listen_address(listen: str) -> tuple[str, int]:
    """Split "192.0.2.7:9180" or "[::1]:9180", port 0 for a free one; raises BadOption."""
    host, _, port = listen.rpartition(":")
    try:
        ip = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
        number = int(port) if port.isascii() and port.isdigit() else -1
    except ValueError:
        number = -1
    if not 0 <= number < 65536:
        raise BadOption("listen", f'{listen!r} is not IP:port, like "192.0.2.7:9180"')
    return str(ip), number
