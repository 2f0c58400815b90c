"""What a device is likely to be, by the names that it carries. A guess, and told as one.

The one rule: only its own words or its USB vendor id decide; the chip of an adapter cable says
nothing of what hangs on it. Vendor ids: the public USB id list.
"""

from __future__ import annotations

import re

SCANNER, PRINTER, UNKNOWN = "scanner", "printer", "unknown"

_SCANNER_MAKERS = {
    "honeywell": ("0c2e", "0536"),  # with Metrologic and Hand Held Products
    "zebra": ("05e0",),  # with Symbol
    "datalogic": ("05f9",),  # with PSC
    "newland": ("1eab",),
}
_SCANNER_WORDS = {
    "honeywell": r"honeywell|metrologic|hand.held.products",
    "zebra": r"zebra|symbol",
    "datalogic": r"datalogic|\bpsc\b",
    "newland": r"newland",
    "generic": r"bar.?code|scanner|opticon|\bcino\b|mindeo|argox.*scan|2d.?reader",
}
_PRINTER_IDS = ("04b8", "0519", "1504", "1d90", "2730", "0dd4")
_PRINTER_WORDS = (
    r"printer|epson|tm-[tlmup]\d|star micronics|citizen|bixolon|xprinter|rongta|gprinter|pos-?[58]0"
)


def kind_of(words: str, vendor_id: str) -> str:
    """SCANNER, PRINTER or UNKNOWN."""
    if vendor_id in _PRINTER_IDS or re.search(_PRINTER_WORDS, words, re.IGNORECASE):
        return PRINTER
    return SCANNER if maker_of(words, vendor_id) else UNKNOWN


def maker_of(words: str, vendor_id: str) -> str:
    """Whose scanner it is, as option `vendor` names it; "generic" for another's, "" for none."""
    for maker, vendor_ids in _SCANNER_MAKERS.items():
        if vendor_id in vendor_ids:
            return maker
    for maker, pattern in _SCANNER_WORDS.items():
        if re.search(pattern, words, re.IGNORECASE):
            return maker
    return ""


def words_of_link(name: str) -> str:
    """The words in a name under /dev/serial/by-id or /dev/input/by-id."""
    bare = re.sub(r"^usb-|-event-kbd$|(-if\d+)?(-port\d+)?$", "", name)
    return re.sub(r"-if\d+$", "", bare).replace("_", " ").strip()
