"""`posd journal verify|tail|export`: the journal read beside the running daemon, or without one.

The one rule: data goes to stdout, everything else to stderr, and nothing is ever written to the
journal. Exit codes: 0 sound, 6 findings, 78 no journal there, and those of posd/journal/errors.py.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from posd.journal.chain import Entry
    from posd.journal.reader import JournalReader
    from posd.journal.verify import Finding, Progress

OK: Final = 0
FINDINGS: Final = 6
CONFIGURATION: Final = 78
INTERRUPTED: Final = 130
FOLLOW_S: Final = 0.25  # how often `tail -f` looks for more
CHUNK: Final = 500  # rows in memory, and in one transaction


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command and its verbs."""
    parser = subparsers.add_parser("journal", help="verify, follow or export the journal")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _verb(verbs, "verify", run_verify, "check pages, schema, hash chain and every record")
    tail = _verb(verbs, "tail", run_tail, "the newest records")
    tail.add_argument("-n", "--lines", type=_count, default=10, metavar="N", help="how many (10)")
    tail.add_argument("-f", "--follow", action="store_true", help="go on with what is written")
    export = _verb(verbs, "export", run_export, "every record as a JSON line")
    export.add_argument("--order", metavar="ID", help="only the records of this order")


def run_verify(args: argparse.Namespace) -> int:
    """Judge the whole journal; 0 if it is sound, 6 with every finding on its own line."""
    return _reading(args, _verify)


def run_tail(args: argparse.Namespace) -> int:
    """Print the newest records, and with -f those that follow until Ctrl-C."""
    return _reading(args, _tail)


def run_export(args: argparse.Namespace) -> int:
    """Print every record, or those of one order, as JSON lines that can be verified."""
    return _reading(args, _export)


def as_json(entry: Entry) -> str:
    """One line: every column under its name, hashes in hexadecimal, `body` as it was hashed."""
    columns = entry._asdict() | {"prev_hash": entry.prev_hash.hex(), "hash": entry.hash.hex()}
    return json.dumps(columns, ensure_ascii=False)


def as_text(entry: Entry) -> str:
    """One line for a person: seq, time (UTC), what, and its fields."""
    when = datetime.fromtimestamp(entry.wall_utc / 1000, UTC)
    fields = json.loads(entry.body).items()
    told = " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in fields)
    by = f" by {entry.actor}" if entry.actor else ""
    return f"{entry.seq:>8} {when:%Y-%m-%d %H:%M:%S}Z {entry.kind}{by} {told}"


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    help_text: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help_text)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-c", "--config", type=Path, metavar="FILE", help="the configuration")
    where.add_argument("--state-dir", type=Path, metavar="DIR", help="where journal.db lies")
    parser.add_argument("--json", action="store_true", help="only JSON on stdout")
    parser.set_defaults(run=run)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of records")
    return int(text)


def _reading(args: argparse.Namespace, work: Callable[[argparse.Namespace, Path], int]) -> int:
    from posd.config import ConfigError  # noqa: PLC0415 - `posd --help` stays light
    from posd.journal.errors import JournalError  # noqa: PLC0415

    try:
        return work(args, args.state_dir or _configured(args.config))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return CONFIGURATION
    except JournalError as error:
        print(f"posd journal: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # `| head` has seen enough; the interpreter must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _configured(path: Path | None) -> Path:
    from devices import registry  # noqa: PLC0415
    from posd.config import default_path, load  # noqa: PLC0415

    config = load(path or default_path(os.environ), drivers=registry, environ=os.environ)
    return Path(config.state_dir)


# ---- verify ---------------------------------------------------------------------------------


def _verify(args: argparse.Namespace, directory: Path) -> int:
    from posd.journal.reader import JournalReader  # noqa: PLC0415
    from posd.journal.verify import verify  # noqa: PLC0415

    findings = verify(directory, _progress())
    if findings:
        _report(findings, args)
        return FINDINGS
    with JournalReader(directory) as journal:
        head = journal.head()
    if args.json:
        print(json.dumps({"ok": True, "seq": head.seq, "hash": head.hash.hex(), "findings": []}))
    else:
        print(f"{directory}: sound, {head.seq} records, head {head.hash.hex()}")
    return OK


def _report(findings: list[Finding], args: argparse.Namespace) -> None:
    if args.json:
        told = [{"seq": finding.seq, "what": finding.what} for finding in findings]
        print(json.dumps({"ok": False, "findings": told}, ensure_ascii=False))
        return
    for finding in findings:
        where = "journal" if finding.seq is None else f"record {finding.seq}"
        print(f"{where}: {finding.what}")


def _progress() -> Progress:
    if not sys.stderr.isatty():
        return lambda done, total: None
    began = time.monotonic()

    def show(done: int, total: int) -> None:
        rate = done / max(time.monotonic() - began, 1e-6)
        left_s = max(total - done, 0) / rate if rate else 0
        part = min(100 * done // max(total, 1), 100)
        end = "\n" if done >= total else ""
        line = f"\rverifying {part:3} %, {rate:,.0f} records/s, {left_s:.0f} s left "
        print(line, end=end, file=sys.stderr, flush=True)

    return show


# ---- tail and export ------------------------------------------------------------------------


def _tail(args: argparse.Namespace, directory: Path) -> int:
    from posd.journal.reader import JournalReader  # noqa: PLC0415

    show = as_json if args.json else as_text
    with JournalReader(directory) as journal:
        seq = max(journal.head().seq - args.lines, 0)
        while True:
            for entry in _after(journal, seq):
                print(show(entry))
                seq = entry.seq
            sys.stdout.flush()
            if not args.follow:
                return OK
            time.sleep(FOLLOW_S)


def _export(args: argparse.Namespace, directory: Path) -> int:
    from posd.journal.reader import JournalReader  # noqa: PLC0415

    with JournalReader(directory) as journal:
        entries: Iterable[Entry] = (
            _after(journal, 0) if args.order is None else journal.entries_of(args.order)
        )
        for entry in entries:
            print(as_json(entry))
    sys.stdout.flush()
    return OK


def _after(journal: JournalReader, seq: int) -> Iterator[Entry]:
    while entries := journal.entries(seq, CHUNK):
        yield from entries
        seq = entries[-1].seq
