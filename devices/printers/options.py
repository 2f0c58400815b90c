"""What the owner may say of an ESC/POS printer. Light: checking it loads neither escpos nor PIL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from devices.options import BadOption, require_one_of, require_text, require_within
from devices.printers.drawer import OPEN_IS, PINS
from devices.printers.profiles import USUAL_DOTS, profile_of

TRANSPORTS = ("network", "serial", "file")
CODES = ("auto", "bitmap", "native")
FLOW_CONTROLS = ("none", "rtscts", "xonxoff")
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.%a-z]+\]|[^:\s/\[\]]+):([0-9]{1,5})")


@dataclass(frozen=True)
class EscposOptions:
    """An ESC/POS receipt printer on the network, a serial line or a device file."""

    transport: str = field(
        default="network", metadata={"help": "How it is reached: network, serial or file."}
    )
    address: str = field(
        default="", metadata={"help": 'For network: host and port, like "192.0.2.9:9100".'}
    )
    port: str = field(
        default="", metadata={"help": "For serial: device file, best from /dev/serial/by-id/."}
    )
    path: str = field(
        default="", metadata={"help": "For file: a character device like /dev/usb/lp0."}
    )
    baud: int = field(
        default=115200, metadata={"help": "For serial: line speed; 9600 makes bitmaps very slow."}
    )
    flow_control: str = field(
        default="none", metadata={"help": "For serial: none, rtscts or xonxoff."}
    )
    dots: int = field(
        default=USUAL_DOTS,
        metadata={"help": "Printable width: 576 or 512 (80 mm), 384 (58 mm); 0: the profile's."},
    )
    profile: str = field(
        default="default",
        metadata={"help": "The python-escpos profile: the cut, letters like é, the width."},
    )
    codes: str = field(
        default="auto",
        metadata={"help": "QR and barcodes: bitmap, native (shorter), auto: as the profile says."},
    )
    fonts: tuple[str, ...] = field(
        default=(), metadata={"help": "Font files tried first for what is not plain ASCII."}
    )
    precheck_timeout_s: float = field(
        default=0.4, metadata={"help": "How long to wait for each answer to a status question."}
    )
    proof_timeout_s: float = field(
        default=2.0, metadata={"help": "How long to wait for the proof that the paper is out."}
    )
    drawer_pin: int = field(
        default=0, metadata={"help": "Pin of the cash drawer's kick: 2 or 5; 0 without a drawer."}
    )
    drawer_open_is: str = field(
        default="unknown",
        metadata={"help": "Level of an open drawer's switch: high or low; unknown without one."},
    )

    def __post_init__(self) -> None:
        """Raise BadOption for what no printer can be; a width of 0 becomes the profile's."""
        profile = profile_of(self.profile)
        if self.dots == 0:
            object.__setattr__(self, "dots", profile.dots)
        require_one_of("transport", self.transport, TRANSPORTS)
        require_one_of("codes", self.codes, CODES)
        require_one_of("flow_control", self.flow_control, FLOW_CONTROLS)
        require_within("baud", self.baud, 1200, 4_000_000)
        require_within("dots", self.dots, 192, 1024)
        require_within("precheck_timeout_s", self.precheck_timeout_s, 0.01, 5.0)
        require_one_of("drawer_pin", self.drawer_pin, PINS)
        require_one_of("drawer_open_is", self.drawer_open_is, OPEN_IS)
        require_within("proof_timeout_s", self.proof_timeout_s, 0.0, 60.0)
        if self.dots % 8:
            raise BadOption("dots", f"{self.dots} is not a multiple of 8; most printers have 576")
        self._require_place()

    def _require_place(self) -> None:
        if self.transport == "network":
            host_and_port(self.address)
        elif self.transport == "serial":
            require_text("port", self.port, example="/dev/serial/by-id/usb-Printer")
        else:
            require_text("path", self.path, example="/dev/usb/lp0")

    @property
    def place(self) -> str:
        """Where the printer is, as every message about it says."""
        return {"network": self.address, "serial": self.port, "file": self.path}[self.transport]


def host_and_port(address: str) -> tuple[str, int]:
    """Split "host:port" or "[v6]:port"; raises BadOption for anything else."""
    match = _ADDRESS.fullmatch(address)
    if not match or not 0 < int(match[2]) < 65536:
        raise BadOption("address", f'{address!r} is not host:port, like "192.0.2.9:9100"')
    return match[1].strip("[]"), int(match[2])
