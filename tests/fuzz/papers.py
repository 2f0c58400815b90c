"""What a printer would make of a job, judged more strictly than by a printer.

The one rule: a job is one paper and one question, and holds no command but those that posd writes.
"""

from __future__ import annotations

from devices.simulated.decoder import Decoder, Paper, Transmit

OURS = {
    *(b"\x1b@", b"\x1b!", b"\x1bE", b"\x1ba", b"\x1bJ", b"\x1bd"),
    *(b"\x1dv", b"\x1d(", b"\x1dk", b"\x1dh", b"\x1dw", b"\x1df", b"\x1dH", b"\x1dV"),
    b"\x1dr",
}
PULSE = b"\x10\x14"  # DLE DC4 acts at once, wherever it stands, dots and codes included
NO_PULSE = b"\x1d(D\x03\x00\x14\x01\x00"


def faults_of(job: bytes, dots: int) -> list[str]:
    """What is wrong with the bytes of one print job; empty if nothing."""
    decoder = _Watching(dots)
    came = [type(one) for one in decoder.feed(job)]
    faults = [*decoder.faults]
    if came != [Paper, Transmit] or decoder.commands.count(b"\x1b@") != 1:
        faults.append("a job is one paper and one question")
    faults += [f"{command.hex(' ')} is not ours" for command in {*decoder.commands} - OURS]
    if 0 <= job.find(PULSE) < (job.find(NO_PULSE) + 1 or len(job)):
        faults.append("the drawer may open")
    return faults


class _Watching(Decoder):
    """Notes each command, those too that a printer takes without a word."""

    def __init__(self, dots: int) -> None:
        super().__init__(dots)
        self.commands: list[bytes] = []

    def _execute(self, command: bytes) -> Paper | Transmit | None:
        if len(command) > 1:
            self.commands.append(command[:2])
        return super()._execute(command)
