"""The cash drawer on a printer's connector: how it is kicked, and what its switch says.

The one rule: a kick never waits in the printer: without paper it is sent as DLE DC4, which acts at
once. Bits and times: Epson's ESC/POS reference, ESC p, DLE DC4 (fn 1), DLE EOT 1.
"""

from __future__ import annotations

from devices.values import DrawerState

PINS = (0, 2, 5)  # 0: there is no drawer
OPEN_IS = ("unknown", "high", "low")
_ON_2MS, _OFF_2MS = 50, 50  # 100 ms each: no solenoid needs more
_ON_100MS = 1
_PIN_3_HIGH = 0x04


def pulse_in_line(pin: int) -> bytes:
    """ESC p: executed when all before it is printed; known to every printer."""
    return bytes((0x1B, 0x70, _connector(pin), _ON_2MS, _OFF_2MS))


def pulse_at_once(pin: int) -> bytes:
    """DLE DC4 fn 1: executed on reception, also without paper."""
    return bytes((0x10, 0x14, 1, _connector(pin), _ON_100MS))


def drawer_state(answer: int | None, open_is: str) -> DrawerState:
    """What the answer to DLE EOT 1 says of a drawer whose switch, when open, is `open_is`."""
    if answer is None or open_is == "unknown":
        return DrawerState.UNKNOWN
    level = "high" if answer & _PIN_3_HIGH else "low"
    return DrawerState.OPEN if level == open_is else DrawerState.CLOSED


def _connector(pin: int) -> int:
    return {2: 0, 5: 1}[pin]
