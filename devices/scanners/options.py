"""What the owner may say of a scanner. Light: checking it loads no hardware library."""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.options import BadOption, require_one_of, require_text, require_within
from devices.scanners import habits
from devices.scanners.addresses import host_and_port

STDIN = "-"
PARITIES = ("none", "even", "odd", "mark", "space")
FLOW_CONTROLS = ("none", "rtscts", "xonxoff")


@dataclass(frozen=True)
class SerialOptions:
    """A scanner on RS-232 or on USB in COM-port (CDC) mode; 9600 8N1 is what most are sold with."""

    port: str = field(metadata={"help": "Device file; prefer the stable /dev/serial/by-id/ name."})
    baud: int = field(default=9600, metadata={"help": "Line speed; has no meaning on USB."})
    suffix: str = field(default="auto", metadata=habits.SUFFIX)
    prefix: str = field(default="", metadata=habits.PREFIX)
    aim_id: bool = field(default=False, metadata=habits.AIM_ID)
    idle_gap_s: float = field(default=0.05, metadata=habits.IDLE_GAP)
    repeat_guard_s: float = field(default=1.0, metadata=habits.REPEAT_GUARD)
    data_bits: int = field(default=8, metadata=habits.DATA_BITS)
    parity: str = field(
        default="none", metadata={"help": "Parity: none, even, odd, mark or space."}
    )
    stop_bits: int = field(default=1, metadata={"help": "Stop bits: 1 or 2."})
    flow_control: str = field(
        default="none", metadata={"help": "Handshake: none, rtscts or xonxoff."}
    )
    vendor: str = field(default="generic", metadata=habits.VENDOR)
    trigger: str = field(default="always", metadata=habits.TRIGGER)
    host_ack: bool = field(default=False, metadata=habits.HOST_ACK)

    def __post_init__(self) -> None:
        """Raise BadOption for what no scanner can be."""
        require_text("port", self.port, example="/dev/serial/by-id/usb-Scanner")
        require_within("baud", self.baud, 300, 4_000_000)
        require_one_of("parity", self.parity, PARITIES)
        require_one_of("stop_bits", self.stop_bits, (1, 2))
        require_one_of("flow_control", self.flow_control, FLOW_CONTROLS)
        habits.check_framing(self)
        habits.check_commands(self)


@dataclass(frozen=True)
class TcpOptions:
    """A scanner or serial device server on the network; we connect to it, or it connects to us."""

    address: str = field(
        default="", metadata={"help": 'Host and port that we connect to, like "192.0.2.5:4001".'}
    )
    listen: str = field(
        default="",
        metadata={"help": "Instead: our own host and port, where the scanner connects to."},
    )
    connect_timeout_s: float = field(
        default=3.0, metadata={"help": "How long one try to get a connection may take."}
    )
    suffix: str = field(default="auto", metadata=habits.SUFFIX)
    prefix: str = field(default="", metadata=habits.PREFIX)
    aim_id: bool = field(default=False, metadata=habits.AIM_ID)
    idle_gap_s: float = field(default=0.05, metadata=habits.IDLE_GAP)
    repeat_guard_s: float = field(default=1.0, metadata=habits.REPEAT_GUARD)
    data_bits: int = field(default=8, metadata=habits.DATA_BITS)
    vendor: str = field(default="generic", metadata=habits.VENDOR)
    trigger: str = field(default="always", metadata=habits.TRIGGER)
    host_ack: bool = field(default=False, metadata=habits.HOST_ACK)

    def __post_init__(self) -> None:
        """Raise BadOption for what no scanner can be."""
        if self.address and self.listen:
            raise BadOption("listen", "stands beside address; one of them says who connects")
        if self.listen:
            host_and_port("listen", self.listen)
        else:
            host_and_port("address", self.address)
        require_within("connect_timeout_s", self.connect_timeout_s, 0.1, 30.0)
        habits.check_framing(self)
        habits.check_commands(self)


@dataclass(frozen=True)
class LineOptions:
    """Lines that another program writes, to stdin or to a named pipe."""

    path: str = field(metadata={"help": "A pipe made with mkfifo, or - for stdin."})
    suffix: str = field(default="auto", metadata=habits.SUFFIX)
    prefix: str = field(default="", metadata=habits.PREFIX)
    aim_id: bool = field(default=False, metadata=habits.AIM_ID)
    idle_gap_s: float = field(default=0.05, metadata=habits.IDLE_GAP)
    repeat_guard_s: float = field(default=1.0, metadata=habits.REPEAT_GUARD)

    def __post_init__(self) -> None:
        """Raise BadOption for what cannot be read."""
        require_text("path", self.path, example="/run/posd/scans")
        habits.check_framing(self)


@dataclass(frozen=True)
class HidOptions:
    """A scanner that types like a keyboard, read through evdev; needs `pip install posd[hid]`."""

    port: str = field(
        metadata={"help": "Its event device, like /dev/input/by-id/usb-Scanner-event-kbd."}
    )
    suffix: str = field(default="auto", metadata=habits.SUFFIX)
    prefix: str = field(default="", metadata=habits.PREFIX)
    aim_id: bool = field(default=False, metadata=habits.AIM_ID)
    idle_gap_s: float = field(default=0.1, metadata=habits.IDLE_GAP)
    repeat_guard_s: float = field(default=1.0, metadata=habits.REPEAT_GUARD)

    def __post_init__(self) -> None:
        """Raise BadOption for what no scanner can be."""
        require_text("port", self.port, example="/dev/input/by-id/usb-Scanner-event-kbd")
        habits.check_framing(self)
