"""`posd journal verify|tail|export|adopt`: the journal read beside the running daemon, or adopted.

The one rule: data goes to stdout, everything else to stderr, and nothing but `adopt`, which only a
person says and never beside a running posd, writes to the journal. Exit codes: 0 done or sound, 1
not adopted, 6 findings, 78 no journal there, and those of posd/journal/errors.py.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from posd.config import Config
    from posd.journal.adopt import Adoption, Word
    from posd.journal.chain import Entry
    from posd.journal.identity import LaneIdentity
    from posd.journal.reader import JournalReader
    from posd.journal.verify import Finding, Progress

OK: Final = 0
NOT_ADOPTED: Final = 1
USAGE: Final = 2
PERMISSION: Final = 77
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
    _add_adopt(verbs)


def run_verify(args: argparse.Namespace) -> int:
    """Judge the whole journal; 0 if it is sound, 6 with every finding on its own line."""
    return _reading(args, _verify)


def run_tail(args: argparse.Namespace) -> int:
    """Print the newest records, and with -f those that follow until Ctrl-C."""
    return _reading(args, _tail)


def run_export(args: argparse.Namespace) -> int:
    """Print every record, or those of one order, as JSON lines that can be verified."""
    return _reading(args, _export)


def run_adopt(args: argparse.Namespace) -> int:
    """Let the journal of another machine, an older copy or what is left of one go on here."""
    return _guarded(lambda: _adopt(args))


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


def _add_adopt(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    what = "go on with a journal that was moved, restored, lost or damaged"
    adopt = verbs.add_parser("adopt", help=what, description=_ADOPT)
    adopt.add_argument("-c", "--config", type=Path, metavar="FILE", help="the configuration")
    adopt.add_argument(
        "--reason", required=True, type=_reason, metavar="TEXT", help="why, for ever"
    )
    adopt.add_argument("--damaged", action="store_true", help="keep what still reads of it")
    adopt.add_argument("--yes", action="store_true", help="do not ask")
    adopt.set_defaults(run=run_adopt)


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why: the journal keeps it")
    return text.strip()


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of records")
    return int(text)


def _reading(args: argparse.Namespace, work: Callable[[argparse.Namespace, Path], int]) -> int:
    return _guarded(lambda: work(args, args.state_dir or Path(_configured(args.config).state_dir)))


def _guarded(work: Callable[[], int]) -> int:
    from posd.config import ConfigError  # noqa: PLC0415 - `posd --help` stays light
    from posd.journal.errors import JournalError  # noqa: PLC0415

    try:
        return work()
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


def _configured(path: Path | None) -> Config:
    from devices import registry  # noqa: PLC0415
    from posd.config import default_path, load  # noqa: PLC0415

    return load(path or default_path(os.environ), drivers=registry, environ=os.environ)


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


# ---- adopt ----------------------------------------------------------------------------------

_ADOPT = (
    "Begins a new epoch on this lane's journal, opens every payment again that sent.log names and"
    " the journal does not know, and leaves the rest as it is. posd must be stopped; it asks LINE"
    " Pay about these payments when it starts."
)


def _adopt(args: argparse.Namespace) -> int:
    from posd.journal.adopt import adopt, mend  # noqa: PLC0415
    from posd.journal.identity import LaneIdentity, this_machine  # noqa: PLC0415
    from posd.journal.sent_log import SentLog  # noqa: PLC0415

    config = _configured(args.config)
    directory = Path(config.state_dir)
    identity = LaneIdentity(config.store.id, config.lane.id, this_machine())
    if hindrance := _hindrance(args, directory, identity):
        return hindrance
    sent = SentLog(directory / "sent.log").lines()
    if args.damaged:
        salvage, adoption = mend(directory, identity, _word(args.reason), sent)
        print(f"{salvage.kept} records were kept. The damaged files are at {salvage.aside}*")
        if salvage.breach:
            print(f"no further: {salvage.breach}")
    else:
        adoption = adopt(directory, identity, _word(args.reason), sent)
    _tell(adoption)
    return OK


def _hindrance(args: argparse.Namespace, directory: Path, identity: LaneIdentity) -> int:
    """The exit code of what stands in the way, told on stderr; 0 if nothing does."""
    if directory.exists() and directory.stat().st_uid != os.geteuid():
        owner = f"uid {directory.stat().st_uid}"
        print(
            f"posd journal: run it as the owner of {directory} ({owner}), who must be able to write"
            " it afterwards",
            file=sys.stderr,
        )
        return PERMISSION
    if args.yes:
        return OK
    if not sys.stdin.isatty():
        print("posd journal: without a terminal to ask at, say --yes", file=sys.stderr)
        return USAGE
    print(f"The journal in {directory} becomes that of {identity}.", file=sys.stderr)
    print("Type yes: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() == "yes":
        return OK
    print("nothing was changed", file=sys.stderr)
    return NOT_ADOPTED


def _word(reason: str) -> Word:
    from posd import clock  # noqa: PLC0415
    from posd.journal.adopt import Word  # noqa: PLC0415

    return Word(getpass.getuser(), reason, clock.now(), clock.boot_id())


def _tell(adoption: Adoption) -> None:
    epoch = adoption.epoch
    print(f"epoch {epoch.epoch} begins after record {epoch.parent_seq}: {epoch.identity}")
    for line in adoption.recovered:
        when = datetime.fromtimestamp(line.wall_ms / 1000, UTC)
        print(f"opened again: {line.order_id} {line.receipt_number or '-'} of {when:%F %T}Z")
    print(f"{len(adoption.recovered)} payment(s) will be asked about; start posd now")
