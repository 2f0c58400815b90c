"""`posd doctor`: everything that keeps a lane from selling, in words, with the next action.

The one rule: it looks and changes nothing; only `--paper` prints a page, and only while no posd
has the printer. Exit codes: 0 nothing is broken, 6 something is, 78 the configuration.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posd.cli.doctor.report import Report


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "doctor", help="what is wrong with this lane, in words, and what to do"
    )
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="the configuration")
    parser.add_argument("--json", action="store_true", help="stdout holds JSON and nothing else")
    parser.add_argument("--paper", action="store_true", help="print a page that tests the printer")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine and tell; gives the exit code."""
    from posd.cli.doctor import report as examination  # noqa: PLC0415 - `--help` stays light
    from posd.cli.doctor.case import Machine  # noqa: PLC0415
    from posd.config import default_path  # noqa: PLC0415

    path, machine = args.config or default_path(os.environ), Machine()
    report = examination.examine(path, os.environ, machine)
    if args.paper:
        report = examination.with_page(report, path, os.environ, machine)
    if args.json:
        print(json.dumps(as_json(report), ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(report)))
    return report.exit_code


def lines(report: Report) -> Iterator[str]:
    """A line for each finding, and its next action below it."""
    width = max(len(finding.topic) for finding in report.findings)
    for finding in report.findings:
        yield f"{finding.mark:4}  {finding.topic:{width}}  {finding.words}"
        if finding.next:
            yield f"{'':6}{'':{width}}  -> {finding.next}"


def as_json(report: Report) -> dict[str, object]:
    """The same for scripts."""
    findings = [asdict(finding) for finding in report.findings]
    return {"ok": report.exit_code == 0, "exit_code": report.exit_code, "findings": findings}
