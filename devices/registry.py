"""Which drivers there are: (kind, driver) -> Options type and adapter, loaded only when asked for.

The one rule: importing this file, or asking for an Options type of ours, loads no hardware
library. Other packages add drivers through the entry-point group `posd.devices`: an entry
`scanner.acme = acme_scanner:AcmeScanner` whose class names its Options as `AcmeScanner.Options`.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module, metadata
from typing import Any, NamedTuple, cast

from devices.interfaces import CustomerDisplay, Printer, Scanner
from devices.options import BadOption

__all__ = [
    "BadOption",
    "UnknownDriver",
    "build_display",
    "build_printer",
    "build_scanner",
    "drivers",
    "options_type",
]

GROUP = "posd.devices"


class _Driver(NamedTuple):
    """Where a driver of ours lives, each as `module:name`."""

    options: str
    adapter: str


_OURS = {
    ("scanner", "serial"): _Driver(
        "devices.scanners.options:SerialOptions", "devices.scanners.serial:SerialScanner"
    ),
    ("scanner", "tcp"): _Driver(
        "devices.scanners.options:TcpOptions", "devices.scanners.tcp:TcpScanner"
    ),
    ("scanner", "line"): _Driver(
        "devices.scanners.options:LineOptions", "devices.scanners.line:LineScanner"
    ),
    ("scanner", "hid"): _Driver(
        "devices.scanners.options:HidOptions", "devices.scanners.hid:HidScanner"
    ),
    ("printer", "escpos"): _Driver(
        "devices.printers.options:EscposOptions", "devices.printers.escpos:EscposPrinter"
    ),
    ("printer", "cups"): _Driver(
        "devices.printers.cups_options:CupsOptions", "devices.printers.cups:CupsPrinter"
    ),
    ("printer", "shared"): _Driver(
        "devices.printers.shared.options:SharedOptions",
        "devices.printers.shared.client:SharedPrinter",
    ),
    ("display", "line_display"): _Driver(
        "devices.displays.options:LineDisplayOptions",
        "devices.displays.line_display:LineDisplay",
    ),
}


class UnknownDriver(ValueError):  # noqa: N818 - said of the owner's file
    """No such driver of this kind; the text lists those there are."""


def drivers(kind: str) -> tuple[str, ...]:
    """The drivers of a kind: "scanner", "printer" or "display"; ours and installed ones."""
    ours = {name for of_kind, name in _OURS if of_kind == kind}
    return tuple(sorted(ours | _foreign(kind).keys()))


def options_type(kind: str, driver: str) -> type:
    """The frozen dataclass of this driver's options; raises UnknownDriver."""
    if (kind, driver) in _OURS:
        return cast(type, _load(_OURS[kind, driver].options))
    return cast(type, _adapter(kind, driver).Options)


def build_scanner(driver: str, options: object) -> Scanner:
    """A scanner of its `options_type`; touches no hardware. Raises UnknownDriver."""
    return cast(Scanner, _adapter("scanner", driver)(options))


def build_printer(driver: str, options: object) -> Printer:
    """A printer of its `options_type`; touches no hardware. Raises UnknownDriver."""
    return cast(Printer, _adapter("printer", driver)(options))


def build_display(driver: str, options: object) -> CustomerDisplay:
    """A customer display of its `options_type`; touches no hardware. Raises UnknownDriver."""
    return cast(CustomerDisplay, _adapter("display", driver)(options))


def _adapter(kind: str, driver: str) -> Any:
    if (kind, driver) in _OURS:
        return _load(_OURS[kind, driver].adapter)
    foreign = _foreign(kind)
    if driver not in foreign:
        raise UnknownDriver(_unknown(kind, driver))
    return foreign[driver].load()


def _foreign(kind: str) -> dict[str, metadata.EntryPoint]:
    points = metadata.entry_points(group=GROUP)
    return {p.name.partition(".")[2]: p for p in points if p.name.startswith(f"{kind}.")}


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _unknown(kind: str, driver: str) -> str:
    known = drivers(kind)
    near = get_close_matches(driver, known, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    listed = ", ".join(known) or "no drivers at all"
    return f"there is no {kind} driver {driver!r}{hint}; there are: {listed}"
