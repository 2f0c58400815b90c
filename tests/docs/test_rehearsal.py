"""docs/how-to/run-it.md, rehearsed: its own commands and configuration, every part a process."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks

PATIENCE_S = 60
TRIES = 100
PAGE = (ROOT / "docs" / "how-to" / "run-it.md").read_text("utf-8")
REHEARSAL = PAGE.partition("## Rehearse\n")[2].partition("## Your scanner\n")[0]
PROGRAMS = {"posd": [sys.executable, "-m", "posd"], "python": [sys.executable]}


class Stage:
    """A folder, and the page's commands with ports and paths that are free on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._own = {port: str(free_port()) for port in ("8491", "9100", "8377")}
        self._own["/tmp/posd-scanner"] = str(folder / "scanner")
        clean = {key: value for key, value in os.environ.items() if not key.startswith("POSD_")}
        self._environ = clean | {"PYTHONPATH": str(ROOT)}

    def own(self, text: str) -> str:
        """The text with the places of this stage."""
        for theirs, ours in self._own.items():
            text = text.replace(theirs, ours)
        return text

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run one line of the page to its end."""
        return subprocess.run(
            self._command(line),
            cwd=self._folder,
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def start(self, line: str) -> subprocess.Popen[str]:
        """Start one line of the page; it ends with the stage."""
        process = subprocess.Popen(
            self._command(line),
            cwd=self._folder,
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # A process that hangs must not hang the tests, nor their end.
        guard = threading.Timer(PATIENCE_S, process.kill)
        guard.start()
        self._stack.callback(guard.cancel)
        self._stack.enter_context(process)  # closes its pipes and waits
        self._stack.callback(process.terminate)
        return process

    def close(self) -> None:
        """End everything, the last first."""
        self._stack.close()

    def _command(self, line: str) -> list[str]:
        program, *arguments = shlex.split(self.own(line))
        if program in PROGRAMS:
            return [*PROGRAMS[program], *arguments]
        return ["sh", "-c", self.own(line)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def line_with(words: str, stream: Iterator[str]) -> str:
    """The next line of a process that holds these words."""
    return next(line for line in stream if words in line)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    (tmp_path / "config.yaml").write_text(stage.own(blocks(REHEARSAL, "yaml")[0]), "utf-8")
    yield stage
    stage.close()


def test_the_rehearsal_of_the_page_sells_one_tea(stage: Stage, tmp_path: Path) -> None:
    shell = [body.splitlines() for body in blocks(REHEARSAL, "sh")]
    prepare, (gateway_line,), (scanner_line,), (printer_line,), (run_line,) = shell[:5]
    (devices_line, sale_line), (key_line,), looks = shell[5:]
    for line in prepare:
        assert stage.run(line).returncode == 0, line
    gateway, scanner, printer = map(stage.start, (gateway_line, scanner_line, printer_line))
    for twin in (gateway, scanner, printer):
        json.loads(twin.stdout.readline())
    line_with("ready", stage.start(run_line).stderr)
    assert any(stage.run(devices_line).returncode == 0 for _ in range(TRIES))

    sale = stage.start(sale_line)
    line_with("sale ", sale.stderr)
    scanner.stdin.write(f"type {stage.run(key_line).stdout}")
    scanner.stdin.flush()
    assert sale.wait(PATIENCE_S) == 0
    assert "PAID" in sale.stdout.read()

    paper = json.loads(line_with("paper", printer.stdout))
    assert any("SALE" in line for line in paper["text"])
    assert (tmp_path / "paper").is_dir()
    tail, verify = map(stage.run, looks)
    assert "PaySent" in tail.stdout
    assert (tail.returncode, verify.returncode) == (0, 0)
