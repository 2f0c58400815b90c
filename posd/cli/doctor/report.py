"""The whole examination, in the order in which things depend on one another.

The one rule: one that fails by the system's own error is a finding like any other; the next
examinations are made all the same.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw

from devices import registry
from posd import __version__
from posd.cli import check_config
from posd.cli.doctor import hardware, ledger, outside, paper, service, storage
from posd.cli.doctor.case import Case, Machine, case_of
from posd.cli.doctor.findings import Finding, Mark, broken, fine
from posd.config import is_test

OK: Final = 0
FINDINGS: Final = 6
CONFIGURATION: Final = 78
_EXAMINATIONS: Final[tuple[tuple[str, Callable[[Case], Iterator[Finding]]], ...]] = (
    ("clock", outside.examine_clock),
    ("state_dir", storage.examine),
    ("journal", ledger.examine),
    ("daemon", service.examine),
    ("devices", hardware.examine),
    ("linepay", outside.examine_line_pay),
)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, and the exit code that they come to."""

    findings: tuple[Finding, ...]
    exit_code: int


def examine(path: Path, environ: Mapping[str, str], machine: Machine) -> Report:
    """Look at everything that can be looked at; nothing is written and nothing is printed."""
    findings, case = _beginning(path, environ, machine)
    if case is None:
        return Report(tuple(findings), CONFIGURATION)
    for topic, look in _EXAMINATIONS:
        findings += _guarded(topic, look, case)
    return _report(findings)


def with_page(report: Report, path: Path, environ: Mapping[str, str], machine: Machine) -> Report:
    """The same, with what became of the self-test page."""
    _, case = _beginning(path, environ, machine)
    if case is None:
        return report
    return _report([*report.findings, paper.print_page(case)])


def _beginning(
    path: Path, environ: Mapping[str, str], machine: Machine
) -> tuple[list[Finding], Case | None]:
    """Program, configuration and secret; without the last two there is nothing more to look at."""
    checked = check_config.check(path, drivers=registry, environ=environ)
    findings = [_program()]
    findings += [
        broken("configuration", str(problem), then="mend it; posd check-config tells when it is")
        for problem in checked.problems
    ]
    if checked.problems or checked.config is None:
        return findings, None
    config = checked.config
    test = ", TEST: no real money" if is_test(config) else ""
    named = f"{path}: store {config.store.id}, lane {config.lane.id}{test}"
    findings.append(fine("configuration", named))
    secret = checked.notes[0] if checked.notes else "the channel secret can be read, by few enough"
    findings.append(fine("secret", secret))
    return findings, case_of(config, machine)


def _program() -> Finding:
    python = platform.python_version()
    return fine(
        "version", f"posd {__version__}, Python {python}, SQLite {apsw.sqlite_lib_version()}"
    )


def _guarded(
    topic: str, look: Callable[[Case], Iterator[Finding]], case: Case
) -> Iterator[Finding]:
    try:
        yield from look(case)
    except OSError as error:
        words = f"could not be looked at: {error}"
        yield broken(topic, words, then="run posd doctor as root or as posd's own user")


def _report(findings: list[Finding]) -> Report:
    failed = any(finding.mark is Mark.FAIL for finding in findings)
    return Report(tuple(findings), FINDINGS if failed else OK)
