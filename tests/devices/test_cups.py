"""A printer behind CUPS: the commands of a spooler that this test wrote, and its words as told."""

from __future__ import annotations

from pathlib import Path

import pytest
from contracts import DOCUMENT, PATIENCE_S
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import NoAnswer, Refused, Unavailable
from devices.options import BadOption
from devices.printers.cups import CupsPrinter
from devices.printers.cups_options import CupsOptions
from devices.printers.encode import Encoder
from devices.printers.spooler import judge
from devices.registry import build_printer, options_type
from devices.values import PrinterCondition, PrintProof, ReceiptDocument, Text

SHORT_S = 2.0  # long enough for a loaded machine to run lpstat in
IDLE = "printer till is idle.  enabled since Tue Nov 24 13:24:52 2026"
PRINTING = "printer till now printing till-7.  enabled since Tue Nov 24 13:24:52 2026"
STOPPED = "printer till disabled since Tue Nov 24 13:24:52 2026 -\n\tPaused"
LONG = "\n\tForm mounted:\n\tContent types: any\n\tDescription: till\n\tAlerts: {alerts}\n"


class Spooler:
    """lp, lpstat and cancel on the PATH, which do what `says` tells and note what they are told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.says("lpstat", IDLE + LONG.format(alerts="none"))
        self.says("lp", "request id is till-12 (0 file(s))")
        self.says("cancel", "")

    def says(self, command: str, out: str, *, code: int = 0, err: str = "") -> None:
        """Let `command` keep its stdin and words, say this, and end with `code`."""
        script = f"""#!/bin/sh
cat > {self.folder}/{command}.stdin
echo "$LC_ALL|$*" >> {self.folder}/{command}.words
cat <<'END'
{out}
END
echo '{err}' >&2
exit {code}
"""
        self._write(command, script)

    def hangs(self, command: str) -> None:
        """Let `command` never end."""
        self._write(command, "#!/bin/sh\nexec sleep 60\n")

    def gone(self, command: str) -> None:
        (self.bin / command).unlink()

    def words(self, command: str) -> list[str]:
        file = self.folder / f"{command}.words"
        return file.read_text().splitlines() if file.exists() else []

    def given(self) -> bytes:
        return (self.folder / "lp.stdin").read_bytes()

    def _write(self, command: str, script: str) -> None:
        draft = self.folder / "draft"
        draft.write_text(script)
        draft.chmod(0o755)
        draft.replace(self.bin / command)


@pytest.fixture
def spooler(tmp_path, monkeypatch):
    spooler = Spooler(tmp_path)
    monkeypatch.setenv("PATH", f"{spooler.bin}:/usr/bin:/bin")
    monkeypatch.setenv("LC_ALL", "th_TH.UTF-8")
    return spooler


@pytest.fixture
def printer():
    return CupsPrinter(CupsOptions(queue="till"))


def test_a_receipt_is_given_raw_and_is_probable_at_best(spooler, printer):
    printer.prepare(DOCUMENT)
    assert printer.print(DOCUMENT, PATIENCE_S) is PrintProof.PROBABLE
    assert spooler.given() == Encoder(CupsOptions(queue="till").paper).job(DOCUMENT)
    assert spooler.words("lp") == ["C|-d till -o raw -t receipt"]


def test_a_queue_that_works_says_nothing_of_the_paper(spooler, printer):
    assert printer.status(PATIENCE_S).condition is PrinterCondition.SILENT
    assert spooler.words("lpstat") == ["C|-l -p till"]


def test_a_job_that_lp_refuses_was_not_sent(spooler, printer):
    spooler.says("lp", "", code=1, err="lp: Error - The printer or class does not exist.")
    with pytest.raises(Unavailable, match="does not exist"):
        printer.print(DOCUMENT, PATIENCE_S)


def test_a_job_that_lp_does_not_settle_in_time_may_come_out(spooler, printer):
    spooler.hangs("lp")
    printer.prepare(DOCUMENT)
    with pytest.raises(NoAnswer, match="may come out"):
        printer.print(DOCUMENT, SHORT_S)


def test_a_stopped_queue_is_given_nothing_for_it_would_print_it_a_day_later(spooler, printer):
    spooler.says("lpstat", STOPPED + LONG.format(alerts="paused"))
    with pytest.raises(Refused, match="Paused") as refusal:
        printer.print(DOCUMENT, PATIENCE_S)
    assert refusal.value.status.condition is PrinterCondition.OFFLINE
    assert spooler.words("lp") == []


def test_a_queue_that_still_prints_is_waited_for_and_then_given_nothing(spooler, printer):
    spooler.says("lpstat", PRINTING + "\n\tThe printer may not exist.")
    printer.prepare(DOCUMENT)
    with pytest.raises(Refused, match="still prints: The printer may not exist"):
        printer.print(DOCUMENT, SHORT_S)
    assert len(spooler.words("lpstat")) > 1
    assert spooler.words("lp") == []


@pytest.mark.parametrize("command", ["lp", "lpstat"])
def test_a_machine_without_cups_says_what_to_install(spooler, printer, command, monkeypatch):
    spooler.gone(command)
    monkeypatch.setenv("PATH", str(spooler.bin))
    with pytest.raises(Unavailable, match=f"{command} is missing: install cups-client"):
        printer.print(DOCUMENT, PATIENCE_S)


def test_status_never_raises(spooler, printer):
    spooler.says("lpstat", "", code=1, err="lpstat: Invalid destination name in list till.")
    assert "Invalid destination" in printer.status(PATIENCE_S).detail
    spooler.hangs("lpstat")
    assert printer.status(0.1).condition is PrinterCondition.UNREACHABLE
    (spooler.bin / "lpstat").write_text("not a program")
    assert printer.status(PATIENCE_S).condition is PrinterCondition.UNREACHABLE


def test_the_last_receipt_can_be_cancelled_while_the_spooler_has_it(spooler, printer):
    with pytest.raises(Unavailable, match="given no receipt"):
        printer.clear(PATIENCE_S)
    printer.print(DOCUMENT, PATIENCE_S)
    printer.clear(PATIENCE_S)
    assert spooler.words("cancel") == ["C|till-12"]
    spooler.says("cancel", "", code=1, err="cancel: Job #12 is already completed.")
    with pytest.raises(Unavailable, match="already completed"):
        printer.clear(PATIENCE_S)
    spooler.hangs("cancel")
    with pytest.raises(NoAnswer):
        printer.clear(0.1)


def test_a_receipt_that_cannot_be_drawn_is_unavailable(spooler):
    printer = CupsPrinter(CupsOptions(queue="till", fonts=("/no/such/font.ttf",)))
    with pytest.raises(Unavailable, match="cannot print"):
        printer.print(ReceiptDocument((Text("茶"),)), PATIENCE_S)


@pytest.mark.parametrize(
    ("alerts", "condition"),
    [
        ("none", PrinterCondition.SILENT),
        ("connecting-to-device", PrinterCondition.SILENT),
        ("media-low-warning", PrinterCondition.PAPER_NEAR_END),
        ("media-empty-error", PrinterCondition.PAPER_OUT),
        ("media-empty", PrinterCondition.PAPER_OUT),
        ("cover-open-report media-low-report", PrinterCondition.COVER_OPEN),
        ("media-jam-error", PrinterCondition.CUTTER_ERROR),
        ("offline-report", PrinterCondition.OFFLINE),
        ("other-error", PrinterCondition.ERROR),
    ],
)
def test_what_the_queue_knows_of_its_printer_is_told(alerts, condition):
    status = judge(IDLE + LONG.format(alerts=alerts))
    assert status.condition is condition
    assert status.detail


@given(st.text())
def test_whatever_lpstat_says_a_queue_is_never_taken_for_ready(said):
    assert judge(said).condition is not PrinterCondition.READY


@pytest.mark.parametrize("queue", ["", "-x", "a b", "till/../x", "till;ls", "t" * 128])
def test_what_is_no_queue_is_refused(queue):
    with pytest.raises(BadOption) as bad:
        CupsOptions(queue=queue)
    assert bad.value.key == "queue"


def test_it_is_a_driver_of_its_own():
    options = options_type("printer", "cups")(queue="till", dots=384)
    assert isinstance(build_printer("cups", options), CupsPrinter)
    for wrong in ({"dots": 577}, {"codes": "magic"}):
        with pytest.raises(BadOption):
            CupsOptions(queue="till", **wrong)
    assert options.paper.dots == 384
