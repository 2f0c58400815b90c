"""The real daemon as a process: configuration, start to READY, the till's API, what it uses.

Rule: it runs as in a shop (default log, durable journal on a real disk); only `timing.scale` is
shortened, so that a thousand sales do not take a thousand pauses.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from bench.children import ROOT, BenchFailed
from bench.clocks import now_ns

READY_S = 30.0
END_S = 20.0
SCALE = 0.2  # a sale waits 10 ms, not 50, before the scanner counts as armed
STORE, LANE = "BENCH", "L01"
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one daemon is told: its state's folder, its scanner, printer and LINE Pay."""

    directory: Path
    scanner_port: str
    printer_port: int
    gateway_url: str
    ca_file: str | None = None
    footer: tuple[str, ...] = ()


class Daemon:
    """`posd run`, from its start to its end; a context manager. `ready_s` is start to READY."""

    def __init__(self, surroundings: Surroundings) -> None:
        directory = surroundings.directory
        directory.mkdir(parents=True, exist_ok=True)
        self._socket = directory / "api.sock"
        self.state = directory / "state"
        config = _write(surroundings, self._socket, self.state)
        with contextlib.ExitStack() as stack:
            notified = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            place = directory / "notify"
            place.unlink(missing_ok=True)
            notified.bind(str(place))
            notified.settimeout(READY_S)
            log = stack.enter_context((directory / "log").open("ab"))
            command = [sys.executable, "-m", "posd", "run", "-c", str(config)]
            environ = {**environment(), "NOTIFY_SOCKET": str(place)}
            started_ns = now_ns()
            self._process = subprocess.Popen(command, env=environ, stderr=log, cwd=ROOT)
            try:
                _await_ready(notified, self._process)
            except BaseException:
                self._end()
                raise
            self.ready_s = (now_ns() - started_ns) / 1e9
        self.till = Till(self._socket)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.till.close()
        self._end()

    def cpu_s(self) -> float:
        """The processor time of all its threads so far."""
        tasks = Path(f"/proc/{self._process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def rss_mb(self) -> float:
        """What it holds in memory now, shared pages included."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

    def _end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def environment() -> dict[str, str]:
    """What a daemon of the bench is started with: ours, but it keeps its bytecode."""
    return {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}


def write_bytecode() -> None:
    """Compile once what a daemon imports: an installed one has its bytecode from the start."""
    imports = "import posd.cli.main, posd.daemon, devices.printers.encode, devices.scanners.serial"
    command = [sys.executable, "-c", imports]
    subprocess.run(command, env=environment(), cwd=ROOT, check=True, timeout=READY_S)


class Till(http.client.HTTPConnection):
    """A till on the daemon's Unix socket; a connection for each call."""

    def __init__(self, place: Path) -> None:
        super().__init__("localhost", timeout=READY_S)
        self._place = place

    def connect(self) -> None:
        """Connect to the socket's file."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._place))

    def open_sale(self, **body: object) -> dict[str, Any]:
        """Open a sale under a fresh reference; its view when the scanner counts as armed."""
        name = uuid.uuid4().hex
        sale = {"reference": name, "currency": "TWD", "another_customer": True, **body}
        headers = {"Content-Type": "application/json", "Idempotency-Key": name}
        return self.ask("POST", "/v1/sales", json.dumps(sale), headers)

    def ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """One call; raises BenchFailed for a refusal or without an answer."""
        try:
            self.request(method, path, body, headers or {})
            response = self.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            log = self._place.with_name("log").read_text(encoding="utf-8")
            raise BenchFailed(
                f"{method} {path}: {error}; the daemon's log:\n{log[-2000:]}"
            ) from error
        finally:
            self.close()
        if response.status not in (200, 202):
            raise BenchFailed(f"the daemon refused {method} {path}: {answer}")
        return answer


def _await_ready(notified: socket.socket, process: subprocess.Popen[bytes]) -> None:
    try:
        while not notified.recv(4096).startswith(b"READY=1"):
            pass
    except TimeoutError:
        raise BenchFailed(f"the daemon (exit code {process.poll()}) was never READY") from None


def _write(surroundings: Surroundings, api: Path, state: Path) -> Path:
    secret = surroundings.directory / "secret.txt"
    secret.touch(mode=0o600)
    secret.write_text("bench-channel-secret\n", encoding="ascii")
    config = surroundings.directory / "config.yaml"
    config.write_text(yaml.safe_dump(_values(surroundings, api, state), allow_unicode=True))
    return config


def _values(surroundings: Surroundings, api: Path, state: Path) -> dict[str, Any]:
    linepay = {
        "api": "v4",
        "base_url": surroundings.gateway_url,
        "channel_id": "1650000000",
        "channel_secret_file": "secret.txt",
        "device_profile_id": "BENCH-L01",
        "device_type": "POS",
        "ca_file": surroundings.ca_file,
    }
    return {
        "store": {"id": STORE, "name": "Corner Tea"},
        "lane": {"id": LANE},
        "country": "TW",
        "currency": "TWD",
        "language": "en",
        "linepay": {name: value for name, value in linepay.items() if value is not None},
        "scanner": {"driver": "serial", "port": surroundings.scanner_port},
        "printer": {"driver": "escpos", "address": f"127.0.0.1:{surroundings.printer_port}"},
        "receipt": {"footer": list(surroundings.footer)},
        "api": {"listen": f"unix:{api}"},
        "timing": {"scale": SCALE},
        "state_dir": str(state),
    }
