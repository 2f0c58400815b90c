"""What is plugged into this machine and might be a scanner or a printer.

The one rule: it looks and never opens: names, links and what the kernel says of them. What is found
is a proposal; nothing but trying it out proves what a device is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from devices.probe_names import PRINTER, SCANNER, UNKNOWN, kind_of, maker_of, words_of_link
from devices.scanners.holder import holders

LPSTAT_S = 5.0
_LEVELS_UP = 5  # from a tty to its USB device


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the system's files are; tests have their own."""

    dev: Path = Path("/dev")
    sys: Path = Path("/sys")
    lpstat: str = "lpstat"


@dataclass(frozen=True, slots=True)
class Found:
    """One device: what it seems to be, where, and how it would stand in the configuration.

    `kind` is scanner, printer or unknown. `options` are those of `driver`, of a printer where
    `kind` is printer, else of a scanner. `held_by` names the processes that have it open; `note`
    is what to know before it is used.
    """

    kind: str
    path: str
    name: str
    driver: str
    options: dict[str, str] = field(default_factory=dict)
    held_by: str = ""
    note: str = ""


def probe(roots: Roots) -> list[Found]:
    """All that might be one, those that say most of themselves first."""
    linked = list(_serial_links(roots))
    seen = {os.path.realpath(found.path) for found in linked}
    others = [found for found in _ttys(roots) if os.path.realpath(found.path) not in seen]
    files = [*linked, *others, *_usb_printers(roots), *_keyboards(roots)]
    return [*map(_looked_at, files), *_queues(roots)]


def _serial_links(roots: Roots) -> Iterator[Found]:
    for link in _listed(roots.dev / "serial" / "by-id", "*"):
        said, vendor_id = _usb_words(
            roots.sys / "class" / "tty" / Path(os.path.realpath(link)).name
        )
        yield _serial(link, said or words_of_link(link.name), vendor_id)


def _ttys(roots: Roots) -> Iterator[Found]:
    for pattern in ("ttyACM*", "ttyUSB*"):
        for tty in _listed(roots.dev, pattern):
            said, vendor_id = _usb_words(roots.sys / "class" / "tty" / tty.name)
            yield _serial(tty, said or "USB serial device", vendor_id)
    for tty in _listed(roots.dev, "ttyS*"):
        # the kernel makes names for ports that no board has; their type is 0
        if _text(roots.sys / "class" / "tty" / tty.name / "type") not in ("", "0"):
            yield _serial(tty, "serial port of the board", "")


def _serial(path: Path, name: str, vendor_id: str) -> Found:
    kind = kind_of(name, vendor_id)
    if kind == PRINTER:
        options = {"transport": "serial", "port": str(path)}
        return Found(PRINTER, str(path), name, "escpos", options)
    maker = maker_of(name, vendor_id)
    options = {"port": str(path)} | ({"vendor": maker} if maker not in ("", "generic") else {})
    return Found(kind, str(path), name, "serial", options)


def _usb_printers(roots: Roots) -> Iterator[Found]:
    for path in _listed(roots.dev / "usb", "lp*"):
        said, _ = _usb_words(roots.sys / "class" / "usbmisc" / path.name)
        options = {"transport": "file", "path": str(path)}
        yield Found(PRINTER, str(path), said or "USB printer", "escpos", options)


def _keyboards(roots: Roots) -> Iterator[Found]:
    for link in _listed(roots.dev / "input" / "by-id", "*-event-kbd"):
        name = words_of_link(link.name)
        kind = SCANNER if maker_of(name, "") else UNKNOWN
        note = "" if kind == SCANNER else "a keyboard, or a scanner that types like one"
        yield Found(kind, str(link), name, "hid", {"port": str(link)}, note=note)


def _queues(roots: Roots) -> Iterator[Found]:
    program = shutil.which(roots.lpstat)
    if program is None:
        return
    try:
        told = subprocess.run(
            [program, "-e"], capture_output=True, text=True, timeout=LPSTAT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    for queue in told.stdout.split():
        yield Found(PRINTER, queue, "CUPS queue", "cups", {"queue": queue})


def _looked_at(found: Found) -> Found:
    """The same with what the system knows of its file."""
    allowed = os.access(found.path, os.R_OK | os.W_OK)
    notes = (found.note, "" if allowed else "this user may not open it")
    return replace(found, held_by=holders(found.path), note="; ".join(filter(None, notes)))


def _usb_words(node: Path) -> tuple[str, str]:
    """What the USB device behind a node of /sys says of itself, and its vendor id."""
    place = Path(os.path.realpath(node / "device"))
    for above in (place, *place.parents[:_LEVELS_UP]):
        if vendor_id := _text(above / "idVendor"):
            said = (_text(above / name) for name in ("manufacturer", "product"))
            return " ".join(filter(None, said)), vendor_id.lower()
    return "", ""


def _listed(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda path: (len(path.name), path.name))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
