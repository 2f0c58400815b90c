"""How the virtual printer is, and how it says so. Bits: Epson's reference, DLE EOT, GS r, GS a.

The one rule: it knows only the standard's bits, nothing of how our adapter reads them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Condition:
    """The state of paper and cover, and how badly the printer behaves."""

    paper: str = "ok"  # ok, near, out
    cover: str = "closed"  # closed, open
    hang: str = "off"  # takes connections and reads nothing
    silent: str = "off"  # prints and never answers
    refuse: str = "off"  # takes no connection
    stop: str = "off"  # stops dead at the first byte of a job, or where its proof is asked for
    stopped: bool = False  # it has come there

    @property
    def prints(self) -> bool:
        """Whether it processes its buffer; off-line it keeps what it has."""
        return self.paper != "out" and self.cover == "closed"

    def set(self, command: str) -> None:
        """Carry out "paper out", "cover open", "silent on" and so on; raises ValueError."""
        name, _, value = command.strip().partition(" ")
        if value not in _VALUES.get(name, ()):
            choices = "; ".join(f"{key} {'|'.join(values)}" for key, values in _VALUES.items())
            raise ValueError(f"unknown command {command.strip()!r}; there are: {choices}; quit")
        setattr(self, name, value)

    def realtime(self, question: int) -> int:
        """The answer to DLE EOT `question` (1 to 4)."""
        answers = {
            1: 0x16 | (0 if self.prints else 0x08),
            2: 0x12 | self._flag("cover", "open", 0x04) | self._flag("paper", "out", 0x20),
            3: 0x12,
            4: 0x12 | {"ok": 0, "near": 0x0C, "out": 0x6C}[self.paper],
        }
        return answers[question]

    def roll_sensors(self) -> int:
        """The answer to GS r 1."""
        return {"ok": 0x00, "near": 0x03, "out": 0x0F}[self.paper]

    def automatic_status(self) -> bytes:
        """The four bytes of Automatic Status Back."""
        first = 0x14 | (0 if self.prints else 0x08) | self._flag("cover", "open", 0x20)
        return bytes((first, 0x00, self.roll_sensors(), 0x00))

    def _flag(self, name: str, value: str, bit: int) -> int:
        return bit if getattr(self, name) == value else 0


_VALUES = {
    "paper": ("ok", "near", "out"),
    "cover": ("open", "closed"),
    "hang": ("on", "off"),
    "silent": ("on", "off"),
    "refuse": ("on", "off"),
    "stop": ("off", "first", "proof"),
}
