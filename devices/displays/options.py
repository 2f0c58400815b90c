"""What the owner may say of a line display. Light: checking it loads no pyserial."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from devices.displays.charset import CHARSETS
from devices.options import BadOption, require_one_of, require_text, require_within

COMMANDS = ("escpos", "cd5220")
TRANSPORTS = ("serial", "network")
PARITIES = ("none", "even", "odd")
FLOW_CONTROLS = ("none", "rtscts", "xonxoff")
NO_CODE_TABLE = -1


@dataclass(frozen=True)
class LineDisplayOptions:
    """A customer display of two lines of twenty characters, on a serial line or the network."""

    transport: str = field(
        default="serial", metadata={"help": "How it is reached: serial or network."}
    )
    port: str = field(
        default="", metadata={"help": "For serial: device file, best from /dev/serial/by-id/."}
    )
    address: str = field(
        default="",
        metadata={"help": 'For network: IP address and port of a bridge, like "192.0.2.8:9100".'},
    )
    baud: int = field(default=9600, metadata={"help": "For serial: line speed."})
    parity: str = field(default="none", metadata={"help": "For serial: none, even or odd."})
    flow_control: str = field(
        default="none", metadata={"help": "For serial: none, rtscts or xonxoff."}
    )
    commands: str = field(
        default="escpos",
        metadata={"help": "What it understands: escpos (Epson DM-D) or cd5220."},
    )
    charset: str = field(
        default="ascii",
        metadata={"help": "Characters it has, such as cp437, big5, tis620; the rest is English."},
    )
    code_table: int = field(
        default=NO_CODE_TABLE,
        metadata={"help": "For escpos: number of that table for ESC t; -1 sends none."},
    )

    def __post_init__(self) -> None:
        """Raise BadOption for what no display can be."""
        require_one_of("transport", self.transport, TRANSPORTS)
        require_one_of("parity", self.parity, PARITIES)
        require_one_of("flow_control", self.flow_control, FLOW_CONTROLS)
        require_one_of("commands", self.commands, COMMANDS)
        require_one_of("charset", self.charset, CHARSETS)
        require_within("baud", self.baud, 1200, 4_000_000)
        require_within("code_table", self.code_table, NO_CODE_TABLE, 255)
        if self.commands == "cd5220" and self.code_table != NO_CODE_TABLE:
            raise BadOption("code_table", "cd5220 knows no ESC t; set the table at the display")
        if self.transport == "serial":
            require_text("port", self.port, example="/dev/serial/by-id/usb-Display")
        else:
            host_and_port(self.address)

    @property
    def place(self) -> str:
        """Where the display is, as every message about it says."""
        return self.port if self.transport == "serial" else self.address


def host_and_port(address: str) -> tuple[str, int]:
    """Split "192.0.2.8:9100" or "[2001:db8::8]:9100"; raises BadOption for anything else.

    Names are refused: how long one takes to look up cannot be bounded.
    """
    host, _, port = address.rpartition(":")
    try:
        ip = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
        number = int(port) if port.isascii() and port.isdigit() else 0
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise BadOption("address", f'{address!r} is not IP:port, like "192.0.2.8:9100"')
    return str(ip), number
