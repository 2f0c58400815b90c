"""The files of a support bundle, each made from what is there; what is not is said in words.

The one rule: nothing is copied as it lies on the disk; every file is written anew, masked.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import apsw
import yaml

from posd import __version__
from posd.cli import doctor
from posd.cli.bundle.masking import hidden_by_name, hidden_in_prose
from posd.cli.doctor.case import Machine
from posd.cli.doctor.ledger import open_quietly
from posd.cli.doctor.report import Report
from posd.cli.journal import as_json
from posd.config import Config
from posd.journal.database import DATABASE_NAME
from posd.journal.errors import JournalError
from posd.journal.lookups import Lookups

LOG_BYTES: Final = 4 * 1024 * 1024  # of the end of a log
CONFIG_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the asker chose: the configuration's file, how many records, a log."""

    config: Path
    records: int
    log: Path | None
    environ: Mapping[str, str]
    machine: Machine = field(default_factory=Machine)


class LeftOut(Exception):  # noqa: N818
    """A file that is not in the bundle; str() says why."""


def version() -> str:
    """Which programs these are."""
    told = {
        "posd": __version__,
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
        "system": platform.platform(),
    }
    return _pretty(told)


def report(found: Report) -> str:
    """The doctor's report."""
    return _pretty(doctor.as_json(found))


def trees(path: Path) -> dict[Path, Any]:
    """The configuration's file and its conf.d as plain data; a sentence for what is none."""
    files = (path, *sorted((path.parent / "conf.d").glob("*.yaml")))
    return {file: _tree(file) for file in files}


def configuration(wanted: Wanted, found: Mapping[Path, Any]) -> Iterator[tuple[str, str]]:
    """Names and texts: the `trees`, and the variables. Comments are left behind."""
    for path, tree in found.items():
        yield f"config/{path.name}", _yaml(hidden_by_name(tree))
    told = {k: v for k, v in wanted.environ.items() if k.startswith("POSD_")}
    yield "config/environment.json", _pretty(hidden_by_name(told))


def journal(wanted: Wanted, config: Config) -> str:
    """The newest records as JSON lines; raises LeftOut."""
    path = Path(config.state_dir) / DATABASE_NAME
    try:
        if not path.exists():
            raise LeftOut(f"there is none at {path}")
        connection = open_quietly(path)
        try:
            ledger = Lookups(path, connection)
            first = max(ledger.head().seq - wanted.records, 0)
            return "".join(f"{as_json(entry)}\n" for entry in ledger.entries(first, -1))
        finally:
            connection.close()
    except (JournalError, OSError) as error:
        raise LeftOut(str(error)) from error


def log(path: Path) -> str:
    """The end of a log, without what looks like a secret or a code; raises LeftOut."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - LOG_BYTES, 0))
            text = file.read(LOG_BYTES).decode("utf-8", errors="replace")
    except OSError as error:
        raise LeftOut(f"{path}: {error.strerror}") from error
    return hidden_in_prose(text)


def _tree(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            return yaml.safe_load(file.read(CONFIG_BYTES))
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    except (yaml.YAMLError, ValueError):  # its words would quote the line
        return f"{path} is no YAML; posd check-config says where"


def _yaml(tree: Any) -> str:
    return str(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))


def _pretty(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
