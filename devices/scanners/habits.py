"""How one scanner behaves, as its options say: its frames, its repeats, its commands.

The one rule: the drivers share these options word for word, so that a scanner moved from a serial
line to the network keeps its stanza.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from devices.framing import ENDINGS, Framing
from devices.options import BadOption, require_one_of, require_within
from devices.scanners.vendors import TABLE, VENDORS, Vendor

SUFFIXES = tuple(ENDINGS)
TRIGGERS = ("always", "wanted")

SUFFIX = {"help": "What ends a scan: auto, cr, lf, crlf, tab, etx or none (a pause)."}
PREFIX = {"help": "Text that the scanner puts before each scan, removed."}
AIM_ID = {"help": "Whether the scanner sends AIM identifiers like ]Q1."}
IDLE_GAP = {"help": "The pause that ends a scan without a suffix, in seconds."}
REPEAT_GUARD = {"help": "The same code again within this many seconds is one scan; 0: is not."}
DATA_BITS = {"help": "Data bits: 8, or 7 with the parity bit of each byte removed."}
VENDOR = {"help": "Whose commands it knows: generic, honeywell, zebra, newland or datalogic."}
TRIGGER = {
    "help": "When it reads: always, or only when a code is wanted, by its vendor's commands."
}
HOST_ACK = {"help": "Whether a cordless Honeywell waits for Host ACK after each scan."}


class FramingOptions(Protocol):
    """The options of every driver that gets bytes."""

    @property
    def suffix(self) -> str:
        """A key of ENDINGS."""

    @property
    def prefix(self) -> str:
        """Text before each scan."""

    @property
    def aim_id(self) -> bool:
        """Whether AIM identifiers are sent."""

    @property
    def idle_gap_s(self) -> float:
        """The pause that ends a scan."""

    @property
    def repeat_guard_s(self) -> float:
        """How long the same code is one scan."""


class CommandOptions(FramingOptions, Protocol):
    """The options of a driver over whose line commands can be sent too."""

    @property
    def data_bits(self) -> int:
        """7 or 8."""

    @property
    def vendor(self) -> str:
        """One of VENDORS."""

    @property
    def trigger(self) -> str:
        """One of TRIGGERS."""

    @property
    def host_ack(self) -> bool:
        """Whether each scan is acknowledged."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What a reader must know of its scanner; `switched` is None for one that always reads."""

    framing: Framing
    repeat_guard_s: float = 0.0
    switched: Vendor | None = None
    after_a_scan: bytes = b""


def check_framing(options: FramingOptions) -> None:
    """Raise BadOption for frames that cannot be."""
    require_one_of("suffix", options.suffix, SUFFIXES)
    require_within("idle_gap_s", options.idle_gap_s, 0.005, 2.0)
    require_within("repeat_guard_s", options.repeat_guard_s, 0.0, 60.0)
    if len(options.prefix.encode()) > 32:
        raise BadOption("prefix", "is longer than 32 bytes")


def check_commands(options: CommandOptions) -> None:
    """Raise BadOption for commands that this vendor's scanners do not know."""
    require_one_of("data_bits", options.data_bits, (7, 8))
    require_one_of("vendor", options.vendor, VENDORS)
    require_one_of("trigger", options.trigger, TRIGGERS)
    vendor = TABLE[options.vendor]
    if options.trigger == "wanted" and not vendor.can_be_switched:
        known = ", ".join(name for name in VENDORS if TABLE[name].can_be_switched)
        raise BadOption(
            "trigger",
            f"no command that switches scanners of vendor {options.vendor!r} is documented;"
            f" use always, or one of these vendors: {known}",
        )
    if options.host_ack and not vendor.host_ack:
        raise BadOption("host_ack", "only cordless scanners of vendor honeywell wait for it")
    if options.trigger == "wanted" and options.vendor == "datalogic" and options.suffix == "etx":
        raise BadOption("suffix", "etx also ends what a Datalogic answers to commands; use another")


def framing_habits(options: FramingOptions) -> Habits:
    """The habits of a scanner to which nothing is said."""
    return Habits(_framing(options, data_bits=8, answers=b""), options.repeat_guard_s)


def line_habits(options: CommandOptions) -> Habits:
    """The habits of a scanner that may be given commands."""
    vendor = TABLE[options.vendor]
    wanted = options.trigger == "wanted"
    answers = vendor.answers if wanted or options.host_ack else b""
    return Habits(
        _framing(options, data_bits=options.data_bits, answers=answers),
        options.repeat_guard_s,
        vendor if wanted else None,
        vendor.host_ack if options.host_ack else b"",
    )


def _framing(options: FramingOptions, *, data_bits: int, answers: bytes) -> Framing:
    return Framing(
        suffix=options.suffix,
        prefix=options.prefix.encode(),
        aim_id=options.aim_id,
        idle_gap_ns=round(options.idle_gap_s * 1e9),
        data_bits=data_bits,
        answers=answers,
    )
