"""docs/state-machines.md, drawn from the tables of posd.core.

python -m tests.docs.drawing > docs/state-machines.md
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, get_args

from posd.core import payment, printing
from posd.core.events import MoneyEvent, PaperEvent
from posd.core.money import Money
from posd.core.order import (
    Attention,
    MoneyState,
    Order,
    PaperState,
    Reversal,
    Wish,
    verdict,
)
from posd.core.records import (
    LaneStarted,
    OrderRecord,
    OrderSettled,
    PrintFinished,
    PrintHeld,
    PrintStarted,
    PrintUnknown,
    SaleOpened,
)
from posd.core.rules import Waits
from posd.core.slip_records import SlipEnded, SlipHeld, SlipStarted

Decisions = Mapping[Any, Mapping[type, str]]
Rule = Callable[..., Any]
WIDE = 6
PAPER_RECORDS = (PrintStarted, PrintFinished, PrintHeld, PrintUnknown)
SLIP_RECORDS = (SlipStarted, SlipHeld, SlipEnded)
MONEY_RECORDS = tuple(
    kind
    for kind in get_args(OrderRecord)
    if kind not in (SaleOpened, *PAPER_RECORDS, *SLIP_RECORDS)
)

INTRODUCTION = """\
# State machines

Drawn from the tables of `posd/core` by `python -m tests.docs.drawing > docs/state-machines.md`; a
test fails when this page and the tables differ. Do not edit it.

An *event* is answered by the rule named in the row of the state; the rule gives *records*, which
are written and flushed, and commands, which are carried out afterwards. Only records move a state.

* `409 code`: a request that is refused; nothing changes.
* **contradiction**: a report that cannot be; nothing is guessed, a person is asked to look.
* `ignore`: the state already says it.
"""

MONEY = """\
## Money

The diagram leaves out records that lead back to the state they found.
"""

PAPER = """\
## Paper

Only a CONFIRMED order begins a print; what has begun ends whatever becomes of the money. A late
payment (PAID LATE) has none before a person keeps it.
"""

COUPLING = f"""\
## How the two are coupled

In the same decision, and so in the same transaction:

| when the order is | and its paper is | then |
|---|---|---|
| PAID | NOTHING | the original is started |
| PAID, just kept by a person | HELD | the held job is started again |
| CONFIRMED or AUTHORIZED, and given up | any | it is given back, without a print |
| PAID, accepted by the store before | any | nothing prints by itself |
| PAID | PRINTED, PROBABLE or UNKNOWN | it is settled and leaves memory |
| REVERSED | not PRINTING | it is settled and leaves memory |
| NOT PAID, never sent | any | it is settled and leaves memory |
| NOT PAID, sent | any | it is asked about twice more (the sweep), then settled |
| NOT PAID, accepted by the store | any | attention "loss" |

`{LaneStarted.__name__}` belongs to no order: it marks what was in flight as lost and, after a
reboot, lets every time count anew. `{OrderSettled.__name__}` is undone by whatever comes later.
"""

VERDICTS = """\
## The verdict

The one word on every screen, from the order's records alone.
"""

WAITS = """\
## Waits

On the boot clock, in seconds; `timing.scale` shortens them all together.
"""


def drawing() -> str:
    """The whole page."""
    money_next = {
        state: {kind: (to,) for kind, to in row.items()} for state, row in payment.NEXT.items()
    }
    parts = [
        INTRODUCTION,
        MONEY,
        diagram("SaleOpened", MoneyState.ARMED, money_next),
        decisions(get_args(MoneyEvent), payment.DECISIONS, payment.REFUSED),
        rules(payment.RULES),
        effects(MONEY_RECORDS, money_next),
        PAPER,
        diagram("PaymentConfirmed", PaperState.NOTHING, printing.NEXT),
        decisions(get_args(PaperEvent), printing.DECISIONS, printing.REFUSED),
        rules(printing._RULES),
        effects(PAPER_RECORDS, printing.NEXT),
        COUPLING,
        VERDICTS,
        verdicts(),
        WAITS,
        waits(),
    ]
    return "\n".join(parts)


def diagram(
    first: str, start: StrEnum, leads: Mapping[Any, Mapping[type, tuple[StrEnum, ...]]]
) -> str:
    """A Mermaid state diagram; records between the same two states share an arrow."""
    arrows: dict[tuple[StrEnum, StrEnum], list[str]] = {}
    for state, row in leads.items():
        for kind, targets in row.items():
            for to in targets:
                arrows.setdefault((state, to), []).append(kind.__name__)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {start}: {first}"]
    for (state, to), names in arrows.items():
        if state != to:
            lines.append(f"    {state} --> {to}: {', '.join(names)}")
    return "\n".join([*lines, "```", ""])


def decisions(events: Iterable[type], decided: Decisions, refused: Decisions) -> str:
    """Which rule answers which event in which state."""

    def cell(state: StrEnum, event: type) -> str:
        code = refused.get(state, {}).get(event)
        rule = decided[state].get(event)
        return f"`409 {code}`" if code else f"`{rule}`" if rule else "**contradiction**"

    kinds = list(events)
    return "\n".join(
        table(["event", *part], ([kind.__name__, *(cell(s, kind) for s in part)] for kind in kinds))
        for part in _parts(list(decided))
    )


def rules(named: Mapping[str, Rule]) -> str:
    """What each rule gives, in its own words."""
    rows = ([f"`{name}`", (rule.__doc__ or "").splitlines()[0]] for name, rule in named.items())
    return table(["rule", ""], rows)


def effects(kinds: Iterable[type], leads: Mapping[Any, Mapping[type, tuple[StrEnum, ...]]]) -> str:
    """Where each record leads from each state."""

    def cell(state: StrEnum, kind: type) -> str:
        return " or ".join(leads[state].get(kind, ())) or "-"

    every = list(kinds)
    return "\n".join(
        table(
            ["record", *part], ([kind.__name__, *(cell(s, kind) for s in part)] for kind in every)
        )
        for part in _parts(list(leads))
    )


def _parts(states: list[Any]) -> Iterator[list[Any]]:
    """As many states as a page is wide."""
    for at in range(0, len(states), WIDE):
        yield states[at : at + WIDE]


def verdicts() -> str:
    """Every combination that the verdict looks at."""
    return table(["money", "and", "verdict"], _verdict_rows())


def _verdict_rows() -> Iterator[list[str]]:
    plain = Order("", "", "", "", Money(1, "TWD"), (), "", 0, 0)
    marks: dict[str, dict[str, Any]] = {
        "": {},
        "late": {"late": True},
        "60 s are over": {"overdue": True},
        "given up or accepted": {"wish": Wish.ABANDONED},
        "void": {"reversal": Reversal(1, "void", 1, True, (), 0)},
        "mismatch": {"attention": frozenset({Attention.MISMATCH})},
    }
    for state in MoneyState:
        order = replace(plain, money=state)
        for mark, changes in marks.items():
            word = verdict(replace(order, **changes))
            if not mark or word != verdict(order):
                yield [state, mark, word.replace("_", " ")]


def waits() -> str:
    """The waits of an unscaled lane."""
    return table(["wait", "s"], ([f"`{name}`", text] for name, text in _wait_rows()))


def _wait_rows() -> Iterator[tuple[str, str]]:
    for field in fields(Waits):
        value = getattr(Waits(), field.name)
        parts = value if isinstance(value, tuple) else (value,)
        yield field.name.removesuffix("_ns"), ", ".join(f"{part / 1e9:g}" for part in parts)


def table(head: list[Any], rows: Iterable[list[str]]) -> str:
    """A Markdown table, with an empty line after it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(drawing())
