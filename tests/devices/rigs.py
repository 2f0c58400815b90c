"""What the contract of a Scanner needs of a virtual one."""

from __future__ import annotations


class ScannerRig:
    """A scanner and the virtual hardware that it reads."""

    def __init__(self, virtual, scanner) -> None:
        self.scanner = scanner
        self.send = virtual.raw
        self.unplug = virtual.unplug
        self.replug = virtual.replug
