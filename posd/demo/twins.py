"""The simulated surroundings of a lane: LINE Pay stand-in, scanner and printer, each a process.

Rule: they are spoken to only from outside: one line of JSON at their start, commands on stdin,
the stand-in's control calls over HTTP.
"""

from __future__ import annotations

import http.client
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

ANSWER_S = 10.0


class TwinFailed(Exception):  # noqa: N818
    """A simulated device or the stand-in did not start or does not answer."""


class Twin:
    """One child process that tells JSON lines and takes command lines; ends with its stdin."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            process_group=0,  # Ctrl-C is for the demo, which ends its twins one by one
        )
        self._told: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name=f"twin-{arguments}", daemon=True)
        self._reader.start()
        self._name = " ".join((module, *arguments))

    def told(self, timeout_s: float = ANSWER_S) -> dict[str, Any]:
        """The next line that it told; raises TwinFailed when there is none in time."""
        try:
            line = self._told.get(timeout=timeout_s)
        except queue.Empty:
            line = None
        if line is None:
            raise TwinFailed(f"{self._name} said nothing; is it running?")
        return line

    def tell(self, command: str) -> None:
        """Send one command line."""
        if self._process.stdin is not None:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """End it, and wait for its end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(ANSWER_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._told.put(json.loads(line))
        self._told.put(None)


class Twins:
    """All three; a context manager."""

    def __init__(self, directory: Path) -> None:
        self._sandbox = Twin("posd.linepay.sandbox", "--port", "0", "--exit-with-stdin")
        self._scanner = Twin("devices.simulated", "scanner", "--link", str(directory / "scanner"))
        self._printer = Twin("devices.simulated", "printer", "--png-dir", str(directory / "paper"))
        try:
            self.sandbox = self._sandbox.told()
            self.scanner_port = str(self._scanner.told()["port"])
            self.printer_address = str(self._printer.told()["address"])
        except TwinFailed:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all three."""
        for twin in (self._scanner, self._printer, self._sandbox):
            twin.close()

    def mint(self, fault: str = "none") -> str:
        """A fresh one-time key of the stand-in that meets this fault."""
        asked = {"country": "TW", "fault": fault}
        return str(self.control("POST", "/control/keys", asked)["one_time_key"])

    def scan(self, code: str) -> int:
        """Type the code at the scanner; gives the time of its last byte, CLOCK_BOOTTIME ns."""
        self._scanner.tell(f"type {code}")
        return int(self._scanner.told()["last_byte_ns"])

    def printer(self, command: str) -> None:
        """Tell the printer `paper out`, `paper ok`, ..."""
        self._printer.tell(command)

    def paper(self) -> dict[str, Any]:
        """The next paper that the printer cut: text, png, first_byte_ns."""
        return self._printer.told()

    def stats(self) -> dict[str, Any]:
        """What the stand-in counted."""
        return self.control("GET", "/control/stats")

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One control call of the stand-in; raises TwinFailed."""
        return control(str(self.sandbox["control_url"]), method, path, body)


def control(control_url: str, method: str, path: str, body: object = None) -> dict[str, Any]:
    """One control call of the stand-in at this address; raises TwinFailed."""
    url = urlsplit(control_url)
    connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=ANSWER_S)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TwinFailed(f"the stand-in did not answer {method} {path}: {error}") from error
    finally:
        connection.close()
    if response.status != 200:
        raise TwinFailed(f"the stand-in refused {method} {path}: {answer}")
    return answer
