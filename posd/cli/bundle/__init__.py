"""`posd bundle`: a support archive without secrets, with a list of what is in it.

The one rule: no secret, token, one-time key or PIN is ever in it; a part that cannot be had is
left out by name, and the rest is written all the same. Exit codes: 0 written, 77 it cannot be.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from posd.cli.bundle.contents import Wanted
    from posd.config import Config

OK: Final = 0
PERMISSION: Final = 77
RECORDS: Final = 1000
MOST_RECORDS: Final = 100_000


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser("bundle", help="a support archive without secrets")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", required=True, help="FILE.tar.gz to write"
    )
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="the configuration")
    parser.add_argument("--log", type=Path, metavar="FILE", help="a log to take the end of")
    parser.add_argument(
        "--records",
        type=_count,
        default=RECORDS,
        metavar="N",
        help=f"how many of the newest records of the journal ({RECORDS})",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Collect, mask, write; gives the exit code."""
    from posd.cli.bundle.contents import Wanted  # noqa: PLC0415 - `posd --help` stays light
    from posd.config import default_path  # noqa: PLC0415

    path = args.config or default_path(os.environ)
    wanted = Wanted(path, records=args.records, log=args.log, environ=os.environ)
    try:
        files, left_out = make(wanted, args.output)
    except OSError as error:
        print(f"{args.output}: cannot be written: {error.strerror}", file=sys.stderr)
        return PERMISSION
    for name, why in left_out.items():
        print(f"left out: {name}: {why}", file=sys.stderr)
    print(f"{args.output}: {', '.join(files)}", file=sys.stderr)
    return OK


def make(wanted: Wanted, output: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """Write the archive; gives its files, and why others are not in it. Raises OSError."""
    from posd.cli.bundle import archive, contents  # noqa: PLC0415
    from posd.cli.bundle.masking import hiding  # noqa: PLC0415

    at_ms = wanted.machine.now().wall_ms
    config, trees = _config(wanted), contents.trees(wanted.config)
    with hiding(config, wanted.environ, trees) as mask:
        texts = _texts(wanted, trees)
        parts, left_out = _had(_parts(wanted, config))
        files = {name: mask(text).encode() for name, text in (texts | parts).items()}
        # A name or a reason may hold what must not leave, too.
        listed = mask(archive.manifest(files, left_out, at_ms).decode()).encode()
    files = {archive.MANIFEST: listed, **files}
    archive.write(output, files, at_ms)
    return files, left_out


def _config(wanted: Wanted) -> Config | None:
    from devices import registry  # noqa: PLC0415
    from posd.config import ConfigError, load  # noqa: PLC0415

    try:
        return load(wanted.config, drivers=registry, environ=wanted.environ)
    except ConfigError:
        return None  # the doctor's report says what is wrong with it


def _texts(wanted: Wanted, trees: dict[Path, Any]) -> dict[str, str]:
    """What every bundle has."""
    from posd.cli.bundle import contents  # noqa: PLC0415
    from posd.cli.doctor.report import examine  # noqa: PLC0415

    report = examine(wanted.config, wanted.environ, wanted.machine)
    texts = {"version.json": contents.version(), "doctor.json": contents.report(report)}
    return texts | dict(contents.configuration(wanted, trees))


def _had(parts: dict[str, Callable[[], str]]) -> tuple[dict[str, str], dict[str, str]]:
    from posd.cli.bundle.contents import LeftOut  # noqa: PLC0415

    texts, left_out = {}, {}
    for name, make_text in parts.items():
        try:
            texts[name] = make_text()
        except LeftOut as why:
            left_out[name] = str(why)
    return texts, left_out


def _parts(wanted: Wanted, config: Config | None) -> dict[str, Callable[[], str]]:
    """What may have to be left out."""
    from posd.cli.bundle import contents  # noqa: PLC0415

    parts: dict[str, Callable[[], str]] = {}
    if config is not None:
        parts["journal.jsonl"] = lambda: contents.journal(wanted, config)
    if (log := wanted.log) is not None:
        parts["log.txt"] = lambda: contents.log(log)
    return parts


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= MOST_RECORDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {MOST_RECORDS}")
    return int(text)
