"""CUPS by its commands lp, lpstat and cancel, each within a timeout and never through a shell.

The one rule: what lp has taken may come out, now or after the next repair; what lp has refused
will not. Source: lp(1), lpstat(1), cancel(1) of CUPS 2.4; the state reasons are RFC 8011, 5.4.12,
as `lpstat -l -p` lists them behind "Alerts:".
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time

from devices.values import PrinterCondition, PrinterStatus

# Reasons without their severity; the worst first.
_REASONS = {
    "cover-open": (PrinterCondition.COVER_OPEN, "close the cover"),
    "door-open": (PrinterCondition.COVER_OPEN, "close the cover"),
    "media-empty": (PrinterCondition.PAPER_OUT, "put in a new roll"),
    "media-needed": (PrinterCondition.PAPER_OUT, "put in a new roll"),
    "media-jam": (PrinterCondition.CUTTER_ERROR, "free the paper, then open and close"),
    "offline": (PrinterCondition.OFFLINE, "the printer is off-line: see its lamps"),
    "timed-out": (PrinterCondition.OFFLINE, "the printer does not answer CUPS"),
    "other": (PrinterCondition.ERROR, "the printer reports an error to CUPS"),
    "media-low": (PrinterCondition.PAPER_NEAR_END, "the roll is nearly used up"),
}
_SEVERITY = re.compile(r"-(error|warning|report)$")
_ALERTS = re.compile(r"^\s*Alerts:(.*)$", re.MULTILINE)
_AGAIN_S = 0.1
_JOB = re.compile(r"\S+-[0-9]+")


class SpoolerFailed(Exception):  # noqa: N818 - what happened to a command
    """A command of CUPS is missing or said no; the text is its own sentence."""


class NoVerdict(Exception):  # noqa: N818
    """A command was stopped by its timeout: whether it had its way is not known."""


def take(queue: str, job: bytes, until_s: float) -> str:
    """Give `job` to the queue, raw; the spooler's id of it. Raises SpoolerFailed, NoVerdict."""
    words = ["-d", queue, "-o", "raw", "-t", "receipt"]
    said = _run("lp", words, until_s, given=job)
    named = [word for word in _JOB.findall(said) if word.startswith(f"{queue}-")]
    return named[0] if named else ""


def cancel(job_id: str, until_s: float) -> None:
    """Drop a job that the spooler still has; raises SpoolerFailed, NoVerdict."""
    _run("cancel", [job_id], until_s)


def look(queue: str, until_s: float) -> PrinterStatus:
    """How the queue is; raises SpoolerFailed, NoVerdict.

    One that is still printing at `until_s` is OFFLINE: what it took now would come out late.
    """
    while True:
        said = _run("lpstat", ["-l", "-p", queue], until_s)
        if " now printing " not in _first_line(said):
            return judge(said)
        if time.monotonic() + _AGAIN_S >= until_s:
            return PrinterStatus(PrinterCondition.OFFLINE, f"it still prints: {_message(said)}")
        time.sleep(_AGAIN_S)


def judge(said: str) -> PrinterStatus:
    """The condition in the words of `lpstat -l -p`: READY is never among them.

    A queue that works says nothing of the paper: that is SILENT, unknown.
    """
    alerts = _ALERTS.search(said)
    reasons = {_SEVERITY.sub("", word) for word in alerts[1].split()} if alerts else set()
    if " disabled since " in _first_line(said):
        detail = f"the queue is stopped ({_message(said)}): cupsenable lets it go on"
        return PrinterStatus(PrinterCondition.OFFLINE, detail)
    for reason, (condition, detail) in _REASONS.items():
        if reason in reasons:
            return PrinterStatus(condition, detail)
    return PrinterStatus(PrinterCondition.SILENT, "CUPS does not say how the printer is")


def _run(command: str, words: list[str], until_s: float, *, given: bytes = b"") -> str:
    path = shutil.which(command)
    if path is None:
        raise SpoolerFailed(f"{command} is missing: install cups-client")
    try:
        ended = subprocess.run(
            [path, *words],
            input=given,
            capture_output=True,
            timeout=max(0.01, until_s - time.monotonic()),
            env={**os.environ, "LC_ALL": "C"},  # its words are read
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoVerdict(f"{command} takes too long") from error
    except OSError as error:
        raise SpoolerFailed(f"{command} cannot be run ({error.strerror})") from error
    if ended.returncode != 0:
        said = _first_line(ended.stderr.decode("utf-8", "replace")).removeprefix(f"{path}: ")
        raise SpoolerFailed(said or f"{command} ended with {ended.returncode}")
    return ended.stdout.decode("utf-8", "replace")


def _first_line(said: str) -> str:
    return said.strip().partition("\n")[0][:200]


def _message(said: str) -> str:
    """The second line of `lpstat -l -p`: the message of the queue where it has one."""
    second = said.strip().partition("\n")[2].strip().partition("\n")[0]
    told = not second.startswith(("Form mounted:", "Description:"))
    return second[:200] if told else "no reason told"
