"""A lane on a machine of the test's own: its folder, its clock, its unit, its /proc."""

from __future__ import annotations

import json
import shutil
import socket
import socketserver
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from devices.probe import Roots
from posd import __version__
from posd.cli.doctor.case import Machine
from posd.cli.doctor.findings import Finding
from posd.cli.doctor.report import Report, examine
from posd.core.instant import Instant
from posd.core.records import LaneStarted, Record
from posd.journal.identity import LaneIdentity, this_machine
from posd.journal.journal import Journal
from tests.daemon.printer import EpsonPrinter

SECRET = "canary-secret-0123456789abcdef"
NOW_MS = 1_795_500_000_000
BOOT = "2f6cb1f0-9a5e-4c39-8d83-0e2a6c7d1a11"


class Lane:
    """Writes a configuration and examines it."""

    def __init__(self, folder: Path, printer: str, gateway: str) -> None:
        self.folder, self.state = folder, folder / "state"
        self.config = folder / "config.yaml"
        self.secret = folder / "secret.txt"
        self.secret.write_text(SECRET)
        self.secret.chmod(0o600)
        self.scanner = folder / "scanner"
        self.scanner.touch()
        self.machine = Machine(
            booted=folder / "no-systemd",
            roots=Roots(folder / "dev", folder / "sys", "no-lpstat"),
            now=lambda: Instant(NOW_MS, 10**12),
            clock_state=lambda: 0,
        )
        self.settings: dict[str, Any] = {
            "store": {"id": "S001", "name": "Corner Tea"},
            "lane": {"id": "L01"},
            "country": "TW",
            "currency": "TWD",
            "linepay": {
                "base_url": gateway,
                "channel_id": "1650000000",
                "channel_secret_file": "secret.txt",
                "device_profile_id": "L01-0001",
                "device_type": "POS",
                "connect_timeout_s": 5,
            },
            "scanner": {"driver": "serial", "port": str(self.scanner)},
            "printer": {"driver": "escpos", "transport": "network", "address": printer},
            "api": {"listen": f"unix:{folder}/api"},
            "state_dir": str(self.state),
        }

    def write(self) -> None:
        self.config.write_text(yaml.safe_dump(self.settings))

    def examined(self, **machine: Any) -> Report:
        self.write()
        return examine(self.config, {}, replace(self.machine, **machine))

    def finding(self, topic: str, **machine: Any) -> Finding:
        """The one finding of a topic."""
        (found,) = self.findings(topic, **machine)
        return found

    def findings(self, topic: str, **machine: Any) -> list[Finding]:
        return [one for one in self.examined(**machine).findings if one.topic == topic]

    def journal(self, *records: Record, lane: str = "L01", at_ms: int = NOW_MS - 1000) -> None:
        """Records in the lane's journal, each in a transaction of its own."""
        journal = Journal.open(self.state, LaneIdentity("S001", lane, this_machine()))
        at = Instant(at_ms, 10**9)
        for record in records or (LaneStarted(BOOT, 10**9, at_ms, "0.1.0"),):
            journal.append([record], at=at, boot_id=BOOT)
        journal.close()


@pytest.fixture
def printer() -> Iterator[EpsonPrinter]:
    with EpsonPrinter() as printer:
        yield printer


@pytest.fixture
def lane(printer: EpsonPrinter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lane]:
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    folder = Path(tempfile.mkdtemp(prefix="posd-"))
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        port = gateway.getsockname()[1]
        yield Lane(folder, printer.address, f"http://127.0.0.1:{port}")
    shutil.rmtree(folder)
    monkeypatch.undo()
    time.tzset()


LIVING: dict[str, Any] = {
    "version": __version__,
    "seq": 12,
    "hindrances": [],
    "scanner": {"driver": "serial", "condition": "connected", "detail": ""},
    "printer": {"driver": "escpos", "condition": "ready", "detail": ""},
    "display": None,
}


class _Unix(socketserver.UnixStreamServer):
    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        request, _ = super().get_request()
        return request, ("local", 0)


@pytest.fixture
def running(lane: Lane) -> Callable[..., Any]:
    """A posd that answers with this lane while the context lasts."""

    @contextmanager
    def answers(told: dict[str, Any] = LIVING, status: int = 200) -> Iterator[None]:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        with _Unix(str(lane.folder / "api"), Answer) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            yield
            server.shutdown()
            thread.join()

    return answers
