"""`posd demo` as a child process: the real daemon, the stand-in, a pty, a virtual printer."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

END_S = 20.0
GREETING = "The cashier's page: "


class Demo:
    """Ready when constructed; `end` ends it and all that it started."""

    def __init__(self, folder: Path, *, scale: float = 1.0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "posd", "demo", "--port", "0", "--scale", str(scale)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith(GREETING), f"the demo did not start: {line!r}"
        self.url = line.removeprefix(GREETING).split()[0]
        (self._home,) = folder.glob("posd-demo-*")
        config = yaml.safe_load((self._home / "config.yaml").read_text("utf-8"))
        self._stand_in = urlsplit(config["linepay"]["base_url"])

    def arm(self, fault: str, operation: str = "pay", count: int = 1) -> None:
        """Let the next calls of the operation meet this fault of the stand-in."""
        armed = {"fault": fault, "operation": operation, "count": count}
        self.control("POST", "/control/faults", armed)

    def contradict(self) -> None:
        """The next payment is of another amount, and nobody answers which is right."""
        self.arm("wrong-amount")
        self.arm("http:503", "check", 1000)
        self.arm("http:503", "details", 1000)

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One control call of the stand-in."""
        connection = http.client.HTTPConnection(
            self._stand_in.hostname or "", self._stand_in.port, timeout=END_S
        )
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        assert response.status == 200, answer
        return answer

    @property
    def papers(self) -> int:
        """How many papers the printer cut."""
        return len(list((self._home / "paper").glob("*.png")))

    def kill(self) -> None:
        """posd is gone from one moment to the next."""
        self._process.kill()
        self._process.wait(END_S)

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(END_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
