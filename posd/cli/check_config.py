"""`posd check-config`: whether configuration and receipt are right and the secret can be read.

The one rule: everything wrong is told at once, and the secret itself never is.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from posd.config import Config, Drivers, Problem

OK: Final = 0
CONFIGURATION: Final = 78
SECRET_KEY: Final = "linepay.channel_secret_file"
ENCRYPTED: Final = Path("/etc/credstore.encrypted/channel_secret")


@dataclass(frozen=True, slots=True)
class Findings:
    """The problems of a configuration, and notes on what could not be looked at."""

    config: Config | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "check-config", help="check the configuration and that the secret can be read"
    )
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="the configuration")
    parser.add_argument("--json", action="store_true", help="the findings as JSON on stdout")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check and report; 0 if nothing is wrong, else 78."""
    from devices import registry  # noqa: PLC0415 - `posd --help` loads no devices
    from posd.config import default_path  # noqa: PLC0415

    path = args.config or default_path(os.environ)
    found = check(path, drivers=registry, environ=os.environ)
    _report(path, found)
    if args.json:
        print(json.dumps(_as_json(path, found)))
    return CONFIGURATION if found.problems else OK


def check(
    path: Path, *, drivers: Drivers, environ: Mapping[str, str], encrypted: Path = ENCRYPTED
) -> Findings:
    """What is wrong with the file and its secret. `encrypted` is where systemd keeps that."""
    from posd.config import ConfigError, load  # noqa: PLC0415

    try:
        config = load(path, drivers=drivers, environ=environ)
    except ConfigError as error:
        return Findings(None, error.problems)
    found = _with_secret(path, config, environ, encrypted)
    return replace(found, problems=(*found.problems, *_on_paper(path, config)))


def _on_paper(path: Path, config: Config) -> tuple[Problem, ...]:
    from posd.config.receipt_check import receipt_problems  # noqa: PLC0415

    return receipt_problems(config, path)


def _with_secret(
    path: Path, config: Config, environ: Mapping[str, str], encrypted: Path
) -> Findings:
    from posd.config import Problem  # noqa: PLC0415
    from posd.secrets import SecretError, channel_secret, credential_path  # noqa: PLC0415

    file = config.linepay.channel_secret_file
    if file is None and credential_path(environ) is None and encrypted.exists():
        note = f"the channel secret was not read: only systemd can open {encrypted}"
        return Findings(config, (), (note,))
    try:
        channel_secret(file, environ=environ)
    except SecretError as error:
        return Findings(config, (Problem(str(path), 0, 0, SECRET_KEY, str(error)),))
    return Findings(config, ())


def _report(path: Path, found: Findings) -> None:
    for line in (*found.problems, *(f"note: {note}" for note in found.notes)):
        print(line, file=sys.stderr)
    if found.problems or found.config is None:
        return
    config = found.config
    where = f"store {config.store.id}, lane {config.lane.id}, {config.linepay.base_url}"
    print(f"{path}: the configuration is right ({where})", file=sys.stderr)


def _as_json(path: Path, found: Findings) -> dict[str, object]:
    return {
        "ok": not found.problems,
        "file": str(path),
        "problems": [asdict(problem) for problem in found.problems],
        "notes": list(found.notes),
    }
