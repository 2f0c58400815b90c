"""What a rule gives: records to be made durable first, then commands to be carried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posd.core.commands import Command
from posd.core.records import OrderRecord, Record


@dataclass(frozen=True, slots=True)
class Decision:
    """`subject` is the order that the answer to the asker should show, where there is one."""

    records: tuple[Record, ...] = ()
    commands: tuple[Command, ...] = ()
    subject: str | None = None


NOTHING = Decision()


def only(first: OrderRecord, *others: OrderRecord) -> Decision:
    """These records of one order, and nothing to do."""
    return Decision((first, *others), (), first.order_id)


def join(decisions: Iterable[Decision]) -> Decision:
    """All their records, then all their commands, in order."""
    records: list[Record] = []
    commands: list[Command] = []
    for decision in decisions:
        records.extend(decision.records)
        commands.extend(decision.commands)
    return Decision(tuple(records), tuple(commands))
