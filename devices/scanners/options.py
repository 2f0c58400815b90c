"""What the owner may say of a serial scanner. Light: checking a configuration loads no pyserial."""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.options import BadOption, require_one_of, require_text, require_within

SUFFIXES = ("auto", "cr", "lf", "crlf", "tab", "none")
PARITIES = ("none", "even", "odd", "mark", "space")
FLOW_CONTROLS = ("none", "rtscts", "xonxoff")


@dataclass(frozen=True)
class SerialOptions:
    """A scanner on RS-232 or on USB in COM-port (CDC) mode; 9600 8N1 is what most are sold with."""

    port: str = field(metadata={"help": "Device file; prefer the stable /dev/serial/by-id/ name."})
    baud: int = field(default=9600, metadata={"help": "Line speed; has no meaning on USB."})
    suffix: str = field(
        default="auto",
        metadata={"help": "What ends a scan: auto, cr, lf, crlf, tab, none (a pause)."},
    )
    prefix: str = field(
        default="", metadata={"help": "Text that the scanner puts before each scan, removed."}
    )
    aim_id: bool = field(
        default=False, metadata={"help": "Whether the scanner sends AIM identifiers like ]Q1."}
    )
    idle_gap_s: float = field(
        default=0.05, metadata={"help": "The pause that ends a scan without a suffix, in seconds."}
    )
    data_bits: int = field(default=8, metadata={"help": "Data bits: 7 or 8."})
    parity: str = field(
        default="none", metadata={"help": "Parity: none, even, odd, mark or space."}
    )
    stop_bits: int = field(default=1, metadata={"help": "Stop bits: 1 or 2."})
    flow_control: str = field(
        default="none", metadata={"help": "Handshake: none, rtscts or xonxoff."}
    )

    def __post_init__(self) -> None:
        """Raise BadOption for what no scanner can be."""
        require_text("port", self.port, example="/dev/serial/by-id/usb-Scanner")
        require_within("baud", self.baud, 300, 4_000_000)
        require_one_of("suffix", self.suffix, SUFFIXES)
        require_within("idle_gap_s", self.idle_gap_s, 0.005, 2.0)
        require_one_of("data_bits", self.data_bits, (7, 8))
        require_one_of("parity", self.parity, PARITIES)
        require_one_of("stop_bits", self.stop_bits, (1, 2))
        require_one_of("flow_control", self.flow_control, FLOW_CONTROLS)
        if len(self.prefix.encode()) > 32:
            raise BadOption("prefix", "is longer than 32 bytes")
