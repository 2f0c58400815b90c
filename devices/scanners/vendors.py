"""What scanners of each vendor understand over their line, as their manuals say.

The one rule: the source of a command stands beside it; a vendor without one has no command here,
and its scanners stay switched on.
"""

from __future__ import annotations

from dataclasses import dataclass

VENDORS = ("generic", "honeywell", "zebra", "newland", "datalogic")


@dataclass(frozen=True, slots=True)
class Vendor:
    """The bytes that switch a scanner on and off, and what it may say to them.

    `lapses_after_s` is how long a switched-on scanner reads at least before it gives up or has
    read one code, after which it must be switched on again; 0 where it stays on. `host_ack` is the
    good-read answer that a cordless scanner waits for. `answers` is the pattern that
    `devices.framing` removes, without the CR or ETX that it takes away anyway.
    """

    activate: bytes = b""
    deactivate: bytes = b""
    lapses_after_s: float = 0.0
    answers: bytes = b""
    host_ack: bytes = b""

    @property
    def can_be_switched(self) -> bool:
        """Whether it has commands for the trigger."""
        return bool(self.activate and self.deactivate)


TABLE = {
    "generic": Vendor(),
    # Zebra documents its trigger only within SSI, which posd does not speak (DS9908 p. 245).
    "zebra": Vendor(),
    # N86 p. 10-4, 2020 p. 12-4: SYN T CR and SYN U CR, in manual trigger mode; reading ends with
    # a code or by the read time-out. Menu commands are echoed and answered with ACK, ENQ or NAK.
    # Host ACK: ESC 7 and a comma is "good read" (Xenon 1900 p. 3-38).
    "honeywell": Vendor(
        activate=b"\x16T\r",
        deactivate=b"\x16U\r",
        lapses_after_s=10.0,
        answers=rb"[\x05\x06\x15]|\x16[TU]",
        host_ack=b"\x1b7,",
    ),
    # HR52 p. 35 and 234: "~ SOH 0000 # TAG ... ; ETX" holds until the power goes and is answered
    # by "STX SOH 0000 # TAG ... ACK ; ETX". The tag SCNTRG is that of several public programs for
    # these scanners, not of a manual. A reading ends after 3 s as they are sold.
    "newland": Vendor(
        activate=b"~\x010000#SCNTRG1;\x03",
        deactivate=b"~\x010000#SCNTRG0;\x03",
        lapses_after_s=2.0,
        answers=rb"\x02\x010000[@#]SCNTRG[01][\x05\x06\x15];",
    ),
    # Magellan 800i p. 153, 9300i p. 469, QD2300 app. G: 'E' enables, 'D' disables until 'E', a
    # reset or a power cycle. PowerScan answers in SOH STX ... ETX EOT (p. 381).
    "datalogic": Vendor(
        activate=b"E",
        deactivate=b"D",
        answers=rb"[\x06\x15]|\x01\x02[^\x03\x04]{0,64}\x03\x04",
    ),
}
