"""How the virtual printer is, and how it says so. Bits: Epson's reference, DLE EOT, GS r, GS a.

The one rule: it knows only the standard's bits, nothing of how our adapter reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_HELD_BYTES = 64 * 1024  # a printer without paper stops reading when its buffer is full


@dataclass
class Condition:
    """The state of its mechanism, and how badly the printer behaves."""

    paper: str = "ok"  # ok, near, out
    cover: str = "closed"  # closed, open
    cutter: str = "ok"  # ok, jammed
    error: str = "none"  # none, mechanical, unrecoverable, overheated
    online: str = "on"  # off: somebody took it off-line at its panel
    recovery: str = "done"  # waiting: the fault is gone, and it waits for its button
    drawer: str = "none"  # none, open, closed; an open one, or none, leaves pin 3 high
    hang: str = "off"  # takes connections and reads nothing
    silent: str = "off"  # prints and never answers
    garbage: str = "off"  # answers with bytes of no printer
    refuse: str = "off"  # takes no connection
    stop: str = "off"  # stops dead at the first byte of a job, or where its proof is asked for
    stopped: bool = False  # it has come there
    speed: int | None = None  # bytes a second that it prints
    pieces: int | None = None  # most bytes that it reads at a time
    buffer: int | None = None  # bytes that it holds before it stops reading
    paper_after: int | None = None  # bytes that it prints until its paper is out
    unplug_after: int | None = None  # bytes of a job that it reads until its cable is pulled

    @property
    def prints(self) -> bool:
        """Whether it processes its buffer; off-line it keeps what it has."""
        moves = self.paper != "out" and self.cover == "closed" and self.online == "on"
        return moves and not self._faults and self.recovery == "done"

    @property
    def buffer_bytes(self) -> int:
        """How much it holds before it stops reading."""
        return MAX_HELD_BYTES if self.buffer is None else self.buffer

    def set(self, command: str) -> None:
        """Carry out "paper out", "speed 960", "paper-after off" and so on; raises ValueError."""
        name, _, value = command.strip().partition(" ")
        field = name.replace("-", "_")
        if field in _NUMBERS and (value == "off" or value.isdecimal()):
            setattr(self, field, None if value == "off" else int(value))
        elif value in _VALUES.get(name, ()):
            setattr(self, field, value)
        else:
            raise ValueError(f"unknown command {command.strip()!r}; there are: {_choices()}; quit")

    def recover(self) -> None:
        """What DLE ENQ does: go on after a fault whose cause is gone."""
        self.recovery = "done"

    def realtime(self, question: int) -> int:
        """The answer to DLE EOT `question` (1 to 4)."""
        answers = {
            1: self._pin | self._offline | (0x20 if self.recovery == "waiting" else 0),
            2: self._flag("cover", "open", 0x04)
            | self._flag("paper", "out", 0x20)
            | (0x40 if self._faults else 0),
            3: self._faults,
            4: {"ok": 0, "near": 0x0C, "out": 0x6C}[self.paper],
        }
        return 0x12 | answers[question]

    def roll_sensors(self) -> int:
        """The answer to GS r 1."""
        return {"ok": 0x00, "near": 0x03, "out": 0x0F}[self.paper]

    def automatic_status(self) -> bytes:
        """The four bytes of Automatic Status Back."""
        first = 0x10 | self._pin | self._offline | self._flag("cover", "open", 0x20)
        second = self._faults | self._flag("recovery", "waiting", 0x01)
        return bytes((first, second, self.roll_sensors(), 0x00))

    @property
    def _pin(self) -> int:
        return 0 if self.drawer == "closed" else 0x04

    @property
    def _offline(self) -> int:
        return 0 if self.prints else 0x08

    @property
    def _faults(self) -> int:
        return self._flag("cutter", "jammed", 0x08) | _FAULT_BITS[self.error]

    def _flag(self, name: str, value: str, bit: int) -> int:
        return bit if getattr(self, name) == value else 0


_FAULT_BITS = {"none": 0, "mechanical": 0x04, "unrecoverable": 0x20, "overheated": 0x40}
_SWITCH = ("on", "off")
_VALUES = {
    "paper": ("ok", "near", "out"),
    "cover": ("open", "closed"),
    "cutter": ("ok", "jammed"),
    "error": tuple(_FAULT_BITS),
    "online": _SWITCH,
    "recovery": ("done", "waiting"),
    "drawer": ("none", "open", "closed"),
    "hang": _SWITCH,
    "silent": _SWITCH,
    "garbage": _SWITCH,
    "refuse": _SWITCH,
    "stop": ("off", "first", "proof"),
}
_NUMBERS = ("speed", "pieces", "buffer", "paper_after", "unplug_after")


def _choices() -> str:
    words = [f"{name} {'|'.join(values)}" for name, values in _VALUES.items()]
    numbers = [f"{name.replace('_', '-')} N|off" for name in _NUMBERS]
    return "; ".join((*words, *numbers, "unplug", "replug", "power off|on"))
