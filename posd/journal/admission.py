"""May this lane write this journal? It must be its own, and know every payment that was sent.

Rule: what is refused here waits for a person, who says by `posd journal adopt` that this file goes
on; nothing is changed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from posd.journal.errors import JournalBehind, JournalForeign, damaged
from posd.journal.identity import LaneIdentity
from posd.journal.lookups import Lookups

SALVAGED_NAME = "journal.db.salvaged"  # complete, and only put in place when the old one is gone


def check_present(path: Path, sent: Sequence[str]) -> None:
    """Refuse to make a first journal at `path` where there was one.

    `sent` are the orders of this lane that the sent log names. Raises JournalDamaged or
    JournalBehind.
    """
    if path.with_name(SALVAGED_NAME).exists():
        raise damaged(path, "`posd journal adopt --damaged` did not come to its end; run it again")
    if path.exists():
        return
    wal = path.with_name(path.name + "-wal")
    if wal.exists():
        raise damaged(path, f"it is missing, and {wal.name} is there with records of it")
    if sent:
        raise JournalBehind(f"{path} is missing, and {_told(sent)}; it was lost. {_ADOPT}")


def check_identity(path: Path, found: LaneIdentity, wanted: LaneIdentity) -> None:
    """Refuse the journal of another lane or machine; raises JournalForeign."""
    if found != wanted:
        raise JournalForeign(
            f"{path} belongs to {found}, this is {wanted}. Give each lane its own state directory."
            " If this lane was moved here, or its configuration renamed, and posd will never again"
            " run where it was: `posd journal adopt --reason TEXT`"
        )


def check_known(path: Path, journal: Lookups, sent: Sequence[str]) -> None:
    """Refuse a journal that does not know the orders `sent`; raises JournalBehind.

    A payment request is named in the sent log before its PaySent is durable, but long after its
    SaleOpened is: so an order of which there is no record at all was lost, by whatever way.
    """
    if unknown := journal.unknown_orders(sent):
        raise JournalBehind(
            f"{path} does not know all that was sent: {_told(unknown)}; an older copy was restored,"
            f" or its end was lost. {_ADOPT}"
        )


_ADOPT = (
    "Bring back the newest journal if there is one; otherwise `posd journal adopt --reason TEXT`"
    " has LINE Pay asked about each"
)


def _told(orders: Sequence[str]) -> str:
    return f"the sent log names {len(orders)} payment(s), the last of them {orders[-1]}"
