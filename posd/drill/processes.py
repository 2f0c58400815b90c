"""The victim as a process: started, spoken to, stopped dead, killed.

Rule: whatever happens, `kill` has waited for its end when it returns.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ANSWER_S = 30.0


class VictimFailed(Exception):  # noqa: N818
    """The daemon did not start, or ended by itself; the text tells where its words are."""


class Victim:
    """One daemon, from its start to its death; it stands by until `begin`."""

    def __init__(self, module: str, config: Path, log: Path) -> None:
        """Start the process; `config` is read when it begins."""
        self._log = log
        self._said = b""
        with log.open("ab") as words:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(config)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                process_group=0,  # Ctrl-C is for the drill, which ends its children one by one
            )

    def begin(self) -> None:
        """Let it run, and wait until it takes sales; raises VictimFailed."""
        self.tell("begin")

    def begin_and_die(self, sentence: str) -> None:
        """Let it run into a kill that it meets before it takes sales; raises VictimFailed."""
        try:
            self.tell(f"begin {sentence}")
        except VictimFailed:
            self._process.wait(ANSWER_S)
            if not self.lives:
                return
        raise VictimFailed(f"posd outlived {sentence!r}: see {self._log}")

    @property
    def lives(self) -> bool:
        """Whether it runs; one that ended by itself, not by SIGKILL, raises VictimFailed."""
        code = self._process.poll()
        if code not in (None, -signal.SIGKILL):
            raise VictimFailed(f"posd ended with {code}: see {self._log}")
        return code is None

    def tell(self, line: str) -> None:
        """Send a line and wait until it was taken in; a dead one hears nothing."""
        if not self.lives or self._process.stdin is None:
            return
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        self._hear()

    def freeze(self) -> None:
        """Stop it dead: it can do nothing until it is killed."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """The power cut of processes; safe to repeat."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _hear(self) -> dict[str, Any]:
        out = self._process.stdout
        while out is not None and b"\n" not in self._said:
            heard, _, _ = select.select([out], [], [], ANSWER_S)
            data = os.read(out.fileno(), 4096) if heard else b""
            if not data:
                raise VictimFailed(f"posd says nothing: see {self._log}")
            self._said += data
        line, _, self._said = self._said.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message
