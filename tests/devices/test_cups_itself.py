"""The same over a real cupsd in a folder of its own (Debian: cups); skipped where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from contracts import DOCUMENT, PATIENCE_S

from devices.errors import Refused
from devices.printers.cups import CupsPrinter
from devices.printers.cups_options import CupsOptions
from devices.simulated.printer import VirtualPrinter
from devices.values import PrinterCondition, PrintProof

CUPSD = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CUPSD is None, reason="no cupsd on this machine"),
    pytest.mark.skipif(os.geteuid() != 0, reason="cupsd must be started by root"),
]
FILES = """\
ServerRoot {here}
ServerBin {root}/usr/lib/cups
DataDir {root}/usr/share/cups
StateDir {here}/state
CacheDir {here}/cache
RequestRoot {here}/spool
TempDir {here}/tmp
AccessLog {here}/access
ErrorLog {here}/error
PageLog {here}/page
"""
SERVER = """\
Listen {here}/state/sock
Browsing No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""


@pytest.fixture
def folder():
    """One that the user lp reaches: the backends of cupsd run as that."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("state", "cache", "spool", "tmp"):
            (folder / part).mkdir()
        yield folder


@pytest.fixture
def cups(folder, monkeypatch):
    """A cupsd whose commands are on the PATH."""
    root = Path(str(CUPSD)).parents[2]
    places = {"here": folder, "root": str(root).rstrip("/")}
    (folder / "cups-files.conf").write_text(FILES.format(**places))
    (folder / "cupsd.conf").write_text(SERVER.format(**places))
    monkeypatch.setenv("CUPS_SERVER", str(folder / "state" / "sock"))
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{root}/usr/bin:{root}/usr/sbin")
    with subprocess.Popen(
        [CUPSD, "-f", "-c", folder / "cupsd.conf", "-s", folder / "cups-files.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as daemon:
        eventually((folder / "state" / "sock").exists)
        yield
        daemon.terminate()


def eventually(look) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < until_s
        time.sleep(0.05)


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def test_a_receipt_comes_out_of_a_real_queue(cups):
    printer = CupsPrinter(CupsOptions(queue="till"))
    assert "Invalid destination" in printer.status(PATIENCE_S).detail
    with VirtualPrinter() as paper:
        run("lpadmin", "-p", "till", "-E", "-v", f"socket://{paper.address}", "-m", "raw")
        assert printer.status(PATIENCE_S).condition is PrinterCondition.SILENT
        assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
        assert paper.papers.get(timeout=PATIENCE_S).text == ("Corner Tea", "SALE 120 TWD")
        run("cupsdisable", "till")
        with pytest.raises(Refused, match="Paused"):
            printer.print(DOCUMENT, PATIENCE_S)
        run("cupsenable", "till")
        eventually(lambda: printer.status(PATIENCE_S).condition is PrinterCondition.SILENT)
    assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE  # nobody is there to print it
    eventually(lambda: printer.status(0.3).condition is PrinterCondition.OFFLINE)
    with pytest.raises(Refused, match="still prints"):
        printer.print(DOCUMENT, PATIENCE_S)
    printer.clear(PATIENCE_S)
    eventually(lambda: printer.status(0.3).condition is PrinterCondition.SILENT)
