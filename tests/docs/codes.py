"""docs/reference/codes.md, drawn from the code and the English catalogue.

python -m tests.docs.codes > docs/reference/codes.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import get_args

from posd.api.problems import NEXT_ACTION, REFUSAL_STATUS
from posd.cli import journal, run
from posd.cli.remote.exits import Exit
from posd.core.order import Attention, MoneyState, PaperState, Verdict
from posd.core.records import Record
from posd.linepay.client import Client
from posd.linepay.result_codes import CODES, CodeEntry, Operation, proves
from posd.words import catalogue
from tests.docs.drawing import table

WORDS = catalogue("en")

INTRODUCTION = """\
# Codes

Every stable code that posd shows, answers, prints or keeps, with its English words. Drawn from the
code by `python -m tests.docs.codes > docs/reference/codes.md`; a test fails when they differ. Do
not edit it. The words are in four languages under `posd/words/`, by the same keys.
"""

VERDICTS = """\
## Verdicts

Exactly one holds at any time; which one follows from the order's records alone
([how](../state-machines.md#the-verdict)).
"""

MONEY = """\
## Money and paper

`state` of a sale is where its money is, `receipt` where its paper is. What moves them is drawn in
[state machines](../state-machines.md).
"""

ACTIONS = """\
## Next actions

`next_action` of a sale.
"""

REASONS = """\
## Why

`because` of a sale. While it is not confirmed, the other reasons are those of
[calls to LINE Pay](#calls-to-line-pay).
"""

ATTENTION = """\
## Attention

Reasons for which a person should look at an order.
"""

NOTICES = """\
## Refusals and notices

A refusal changes nothing. With an HTTP status it is also an answer of the
[local API](api.md#problems), and `next` the `next_action` of that answer. The others pass over the
screen only: nobody waits for an answer to a scan.
"""

RESULT_CODES = """\
## Result codes of LINE Pay

What a code proves depends on the operation that it answers. A pay answered `no_money_moved` is NOT
PAID once a check sent later agrees. `uncertain` is asked about until LINE Pay tells, and so is
every code that is not in this table. Void, refund and capture are not made by this version.
"""

CALLS = """\
## Calls to LINE Pay

What becomes of one call, and the reason that the journal keeps. NotSent is proved: no byte of the
request has left. NoAnswer after pay means UNKNOWN. posd adds reasons of its own: `queue_full` and
`key_lost` (nothing was sent), `account_not_configured` (an order is asked about only with the
account that it was sent with) and `internal_error` (the request may have left).
"""

DEVICES = """\
## Devices and LINE Pay

`condition` in `GET /v1/devices`.
"""

EXITS = """\
## Exit codes
"""

RECORDS = """\
## Records of the journal

`kind` of a [journal](journal.md) record; its fields are in `posd/core/records.py`.
"""

_EXIT_WORDS = {
    0: "ok; `posd sale`: paid, also PAID LATE",
    1: "declined, not paid, refused: only for an answer that was read",
    2: "usage",
    3: "**outcome unknown**: the money may have moved; do not charge again",
    4: "a device is not ready",
    5: "LINE Pay was not reached and nothing was sent",
    6: "findings of `posd journal verify`, `posd doctor` or `posd inquire`",
    7: "no posd runs at the address",
    70: "internal error, or a journal that fails; systemd tries again",
    75: "held by another process, which is named",
    77: "permission",
    78: "configuration",
    130: "Ctrl-C; 0 for run, demo and sandbox",
}


def drawing() -> str:
    """The whole page."""
    parts = [
        INTRODUCTION,
        VERDICTS,
        table(["verdict", "screen", "next", "to the customer"], map(_verdict, Verdict)),
        MONEY,
        table(["money", "paper"], [[_names(MoneyState), _names(PaperState)]]),
        ACTIONS,
        _worded("next", "action"),
        REASONS,
        _worded("reason", "because"),
        ATTENTION,
        table(["attention", "words"], ([f"`{a}`", WORDS[f"attention.{a}"]] for a in Attention)),
        NOTICES,
        notices(),
        RESULT_CODES,
        table(
            ["code", "meaning", "pay", "check, details", "next", "words"],
            map(_result, CODES.values()),
        ),
        CALLS,
        calls(),
        DEVICES,
        table(["device", "condition", "words", "next"], _conditions()),
        EXITS,
        table(["code", "meaning"], ([str(code), _EXIT_WORDS[code]] for code in exits())),
        RECORDS,
        table(["kind", "what is true from then on"], map(_record, get_args(Record))),
    ]
    return "\n".join(parts)


def _verdict(word: Verdict) -> list[str]:
    parts = ("title", "next", "customer")
    return [f"`{word}`", *(WORDS[f"verdict.{word}.{part}"] for part in parts)]


def _names(states: Iterable[str]) -> str:
    return ", ".join(f"`{state}`" for state in states)


def _worded(prefix: str, head: str) -> str:
    found = ((key.partition(".")[2], words) for key, words in WORDS.items() if _under(key, prefix))
    return table([head, "words"], ([f"`{code}`", words] for code, words in found))


def _under(key: str, prefix: str) -> bool:
    return key.startswith(f"{prefix}.")


def notices() -> str:
    """Refusals of the API with their status, then what passes over the screen only."""
    codes = [key.partition(".")[2] for key in WORDS if _under(key, "notice")]
    rest = sorted(set(codes) - REFUSAL_STATUS.keys())
    rows = [[f"`{code}`", *_refusal(code, REFUSAL_STATUS)] for code in (*REFUSAL_STATUS, *rest)]
    return table(["code", "status", "words", "next"], rows)


def _refusal(code: str, statuses: Mapping[str, int]) -> list[str]:
    status = str(statuses.get(code, ""))
    following = f"`{NEXT_ACTION[code]}`" if status and code in NEXT_ACTION else ""
    return [status, WORDS.get(f"notice.{code}", ""), following]


def _result(entry: CodeEntry) -> list[str]:
    proofs = [f"`{proves(entry.code, of)}`" for of in (Operation.PAY, Operation.CHECK)]
    return [
        entry.code,
        entry.meaning,
        *proofs,
        f"`{entry.next_action}`",
        WORDS[entry.words],
    ]


def calls() -> str:
    """The table of the client's docstring, a row for each outcome."""
    rows: list[list[str]] = []
    for line in (Client.__doc__ or "").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if "|" not in line or cells[0].startswith("--"):
            continue
        if len(cells) == 3 and not cells[1]:  # the row before goes on
            rows[-1] = [f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)]
        else:
            rows.append((cells + [""])[:3])
    return table(rows[0], rows[1:])


def _conditions() -> Iterable[list[str]]:
    for key in WORDS:
        device, _, rest = key.partition(".")
        condition, _, part = rest.partition(".")
        if device in ("printer", "scanner", "display", "gateway") and part == "title":
            yield [device, f"`{condition}`", WORDS[key], WORDS[f"{device}.{condition}.next"]]


def exits() -> list[int]:
    """Every exit code that a module names."""
    return sorted({*Exit, journal.FINDINGS, run.INTERNAL, run.HELD, run.CONFIGURATION})


def _record(kind: type) -> list[str]:
    return [f"`{kind.__name__}`", " ".join((kind.__doc__ or "").split())]


if __name__ == "__main__":
    sys.stdout.write(drawing())
