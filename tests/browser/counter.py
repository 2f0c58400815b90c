"""`posd run` in the demo's surroundings: each device is told by the test what happens to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import yaml

from posd.demo.shop import write_shop
from posd.demo.twins import Twins
from tests.daemon.waiting import eventually

from .demo import END_S


@dataclass(frozen=True)
class Told:
    """What a command said, both ways."""

    text: str
    json: dict[str, Any]


class Counter:
    """A demo without its row of buttons; ready when constructed, `end` ends all of it."""

    def __init__(self, folder: Path, *, scale: float = 1.0) -> None:
        self.twins = Twins(folder)
        self.twins.printer("drawer closed")
        self._listen = f"127.0.0.1:{_free_port()}"
        write_shop(folder, twins=self.twins, api="v4", listen=self._listen, scale=scale)
        self.url = f"http://{self._listen}/"
        self._stderr = (folder / "stderr").open("wb")
        self._config = folder / "config.yaml"
        self._add_drawer()
        self._process = self._started()

    def _add_drawer(self) -> None:
        settings = yaml.safe_load(self._config.read_text("utf-8"))
        settings["printer"] |= {"drawer_pin": 2, "drawer_open_is": "high"}
        self._config.write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "posd", "run", "-c", str(self._config)],
            stdin=subprocess.DEVNULL,
            stderr=self._stderr,
            env={k: v for k, v in os.environ.items() if not k.startswith("POSD_")},
        )
        eventually(self._is_ready)
        return process

    def _is_ready(self) -> bool:
        with suppress(OSError, HTTPException), closing(HTTPConnection(self._listen)) as asked:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == HTTPStatus.OK
        return False

    def devices(self) -> Told:
        """`posd devices`, for a person and as JSON."""
        command = [sys.executable, "-m", "posd", "devices", "-c", str(self._config)]
        text = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        told = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
        return Told(text, json.loads(told.stdout))

    def unplug_scanner(self) -> None:
        """Its cable is out."""
        self.twins._scanner.tell("unplug")

    def restart(self) -> None:
        """Kill posd in the middle, and start it again on the same journal."""
        self._process.kill()
        self._process.wait(END_S)
        self._process = self._started()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(END_S)
        self._stderr.close()
        self.twins.close()


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])
