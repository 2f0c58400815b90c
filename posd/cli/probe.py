"""`posd devices probe`: what is plugged in, and the lines of configuration for it.

The one rule: it changes nothing and writes to no device, unless `--ask` names one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from devices.probe import Found

FOUND: Final = 0
NOTHING: Final = 1
_YAML_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_HINT = (
    "Nothing that might be a scanner or a printer is plugged into this machine. A network printer"
    " or scanner is not looked for: write its address into the configuration."
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `probe` under `devices`, which must be there already."""
    verbs = subparsers.choices["devices"].add_subparsers(metavar="probe")
    parser = verbs.add_parser(
        "probe",
        help="what is plugged into this machine; needs no running posd",
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("--json", action="store_true", help="stdout holds JSON and nothing else")
    parser.add_argument(
        "--ask",
        action="append",
        metavar="PATH",
        help="ask this device whether it is an ESC/POS printer (writes three bytes to it)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Look and tell; 0 when something was found, else 1."""
    from devices.probe import Roots, probe  # noqa: PLC0415 - `posd --help` loads no devices

    found = probe(Roots())
    asked = [_asked(path) for path in getattr(args, "ask", ())]
    if getattr(args, "json", False):
        told = {"found": [asdict(one) for one in found], "asked": asked, "stanza": stanza(found)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for line in (*asked, *table(found)):
            print(line)
        print(f"\n{stanza(found)}" if found else _HINT, file=sys.stdout if found else sys.stderr)
    return FOUND if found else NOTHING


def table(found: Sequence[Found]) -> list[str]:
    """A line for each device: what it seems to be, where, its name, who holds it."""
    rows = [(one.kind, one.path, one.name, _remarks(one)) for one in found]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    cells = ([row[at].ljust(widths[at]) for at in range(3)] + [row[3]] for row in rows)
    return ["  ".join(cell).rstrip() for cell in cells]


def stanza(found: Sequence[Found]) -> str:
    """YAML to paste: the likeliest scanner and printer, the others beside it as comments.

    A keyboard that says nothing of scanning is only ever a comment: claimed, it is no keyboard.
    """
    scanners = [one for one in found if one.kind == "scanner"]
    scanners += [one for one in found if one.kind == "unknown" and one.driver != "hid"]
    keyboards = [one for one in found if one.kind == "unknown" and one.driver == "hid"]
    printers = [one for one in found if one.kind == "printer"]
    parts = [_section("scanner", scanners, keyboards), _section("printer", printers, ())]
    return "\n".join(part for part in parts if part)


def _section(kind: str, found: Sequence[Found], doubtful: Sequence[Found]) -> str:
    lines = []
    for likeliest in found[:1]:
        lines += [f"{kind}:", f"  driver: {likeliest.driver}"]
        lines += [f"  {key}: {_scalar(value)}" for key, value in likeliest.options.items()]
    lines += [f"# or {kind}: {_flow(one)}" for one in found[1:]]
    lines += [f"# if it is one and no keyboard: {kind}: {_flow(one)}" for one in doubtful]
    return "".join(f"{line}\n" for line in lines)


def _flow(one: Found) -> str:
    pairs = {"driver": one.driver} | one.options
    return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in pairs.items()) + "}"


def _scalar(value: str) -> str:
    """As JSON, which is YAML, unless it is a plain path or a word that can be nothing else."""
    is_path = value.startswith("/") and all(c.isalnum() or c in "/_-.+" for c in value)
    is_word = value.isascii() and value.isalpha() and value.lower() not in _YAML_WORDS
    return value if is_path or is_word else json.dumps(value, ensure_ascii=False)


def _remarks(one: Found) -> str:
    held = f"held by {one.held_by}" if one.held_by else "free"
    return "; ".join(filter(None, (held, one.note)))


def _asked(path: str) -> str:
    from devices.errors import Unavailable  # noqa: PLC0415
    from devices.probe_ask import ask  # noqa: PLC0415

    try:
        return ask(path)
    except Unavailable as failure:
        return str(failure)
