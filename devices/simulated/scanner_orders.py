"""How scanners of each vendor obey commands on their line, from their manuals.

The one rule: it is written from the manuals, not from posd's adapters, so that a mistake there
meets a scanner that does not obey. Sources: Honeywell N86 p. 10-4 (trigger), Xenon 1900 p. 3-38
(Host ACK); Newland HR52 p. 35 and 234; Datalogic Magellan 800i p. 153, PowerScan p. 381.
"""

from __future__ import annotations

ON, OFF, TAKEN = "on", "off", "taken"
_HONEYWELL = {b"\x16T\r": (ON, b"\x06"), b"\x16U\r": (OFF, b"\x06")}
_LONGEST = 256
_ORDERS: dict[str, dict[bytes, tuple[str, bytes]]] = {
    "generic": {},
    "honeywell": _HONEYWELL,
    "honeywell-cordless": {**_HONEYWELL, b"\x1b7,": (TAKEN, b"")},
    "newland": {
        b"~\x010000#SCNTRG1;\x03": (ON, b"\x02\x010000#SCNTRG1\x06;\x03"),
        b"~\x010000#SCNTRG0;\x03": (OFF, b"\x02\x010000#SCNTRG0\x06;\x03"),
    },
    "datalogic": {
        b"E": (ON, b"\x01\x02E\x03\x04"),
        b"D": (OFF, b"\x01\x02D\x03\x04"),
    },
}
VENDORS = tuple(_ORDERS)


class Obedience:
    """Whether the scanner reads, after all that it was told."""

    def __init__(self, vendor: str) -> None:
        self._orders = _ORDERS[vendor]
        self._one_shot = vendor in ("honeywell", "newland")
        self._waits_for_host = vendor == "honeywell-cordless"
        self._heard = b""
        self._awaited = False
        self.reads = vendor in ("generic", "honeywell-cordless")

    def hear(self, data: bytes) -> list[tuple[str, bytes]]:
        """Take bytes from the host: what each command did, and what is answered to it."""
        self._heard = (self._heard + data)[-_LONGEST:]
        done = []
        while order := min(self._orders, key=self._place, default=b""):
            place = self._heard.find(order)
            if place < 0:
                break
            self._heard = self._heard[place + len(order) :]
            done.append(self._orders[order])
            self._obey(self._orders[order][0])
        return done

    def scanned(self) -> None:
        """A code was read: some switch themselves off, some wait for the host."""
        self._awaited = self._waits_for_host
        if self._one_shot or self._awaited:
            self.reads = False

    def _place(self, order: bytes) -> int:
        place = self._heard.find(order)
        return place if place >= 0 else len(self._heard)

    def _obey(self, what: str) -> None:
        if what != TAKEN:
            self.reads = what == ON
        elif self._awaited:
            self._awaited, self.reads = False, True
