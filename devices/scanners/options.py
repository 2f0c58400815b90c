"""What the owner may say of a scanner. Light: checking it loads no hardware library."""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.options import require_one_of, require_text, require_within
from devices.scanners import habits

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
