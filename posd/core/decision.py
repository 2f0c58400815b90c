"""What a rule gives: records to be made durable first, then commands to be carried out."""

from __future__ import annotations

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
