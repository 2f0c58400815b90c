"""What the owner may say of a printer behind a CUPS queue. Light: checking it loads no escpos."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from devices.options import BadOption, require_one_of, require_within
from devices.printers.options import CODES, EscposOptions

# cupsd's own rule, and nothing that lp would take for an option
_QUEUE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]{0,126}")


@dataclass(frozen=True)
class CupsOptions:
    """An ESC/POS printer behind a raw queue of CUPS, where nothing else can reach it."""

    queue: str = field(default="", metadata={"help": "Name of the queue, as lpstat -p lists it."})
    dots: int = field(
        default=576, metadata={"help": "Printable width: 576 or 512 (80 mm), 384 (58 mm)."}
    )
    profile: str = field(
        default="default", metadata={"help": "The python-escpos profile, for the cut."}
    )
    codes: str = field(
        default="auto",
        metadata={"help": "QR and barcodes: bitmap, native (shorter), auto: as the profile says."},
    )
    fonts: tuple[str, ...] = field(
        default=(), metadata={"help": "Font files tried first for what is not plain ASCII."}
    )

    def __post_init__(self) -> None:
        """Raise BadOption for what no queue can be."""
        if not _QUEUE.fullmatch(self.queue):
            raise BadOption("queue", f"{self.queue!r} is no name of a queue; lpstat -p lists them")
        require_one_of("codes", self.codes, CODES)
        require_within("dots", self.dots, 192, 1024)
        if self.dots % 8:
            raise BadOption("dots", f"{self.dots} is not a multiple of 8; most printers have 576")

    @property
    def paper(self) -> EscposOptions:
        """The same paper as the encoder knows it."""
        return EscposOptions(
            transport="file",
            path=f"cups:{self.queue}",
            dots=self.dots,
            profile=self.profile,
            codes=self.codes,
            fonts=self.fonts,
        )
