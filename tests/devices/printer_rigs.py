"""The ESC/POS adapter over a virtual printer, as the contracts want it."""

from __future__ import annotations

from dataclasses import replace

from contracts import PATIENCE_S

from devices.printers.escpos import EscposPrinter
from devices.printers.options import EscposOptions
from devices.simulated.decoder import Paper, Pulse
from devices.simulated.printer import VirtualPrinter
from devices.values import DrawerState

# proofs come in milliseconds; the limit is for a loaded machine
PROMPT = {"precheck_timeout_s": 5.0, "proof_timeout_s": 20.0}
WORDS = {
    "ready": (
        *("paper ok", "cover closed", "silent off", "garbage off"),
        *("online on", "cutter ok", "error none", "recovery done"),
    ),
    "near": ("paper near",),
    "out": ("paper out",),
    "open": ("cover open",),
    "silent": ("silent on",),
    "hasty": (),
    "mute": ("silent on",),
    "stopped": ("silent on", "hang on"),
    "offline": ("online off",),
    "jammed": ("cutter jammed",),
    "broken": ("error unrecoverable",),
    "hot": ("error overheated",),
    "waiting": ("recovery waiting",),
    "faulty": ("error mechanical",),
    "rubbish": ("garbage on",),
    "ends": ("paper-after 40",),
}


class VirtualRig:
    """For `PrinterContract`, `PrinterFaultsContract`, `HeldJobContract`, `CashDrawerContract`."""

    def __init__(self, virtual: VirtualPrinter, options: EscposOptions) -> None:
        self.virtual = virtual
        self.printer = EscposPrinter(options)
        self.pin = options.drawer_pin

    @property
    def drawer(self) -> EscposPrinter:
        return self.printer

    def make(self, word: str) -> None:
        if word == "absent":
            self.virtual.close()
            return
        if word in ("silent", "stopped", "ends", "hasty"):
            self.printer = EscposPrinter(impatient(self.printer._options))
        for command in WORDS[word]:
            self.virtual.command(command)

    def next_paper(self) -> list[str]:
        paper = self.virtual.papers.get(timeout=PATIENCE_S)
        assert isinstance(paper, Paper)
        return list(paper.text)

    def put(self, drawer: DrawerState) -> None:
        self.virtual.command(f"drawer {drawer}")

    def next_kick(self) -> int:
        pulse = self.virtual.papers.get(timeout=PATIENCE_S)
        assert isinstance(pulse, Pulse)
        return pulse.pin


def impatient(options: EscposOptions) -> EscposOptions:
    """For printers of which no answer is expected."""
    return replace(options, precheck_timeout_s=0.2, proof_timeout_s=0.1)
