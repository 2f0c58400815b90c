"""A victim whose journal writes PaySent late: with the next commit, after the request has gone.

What `sent.log` would tell it at a start it does not ask either.

Nothing shows while posd lives; a kill between the two forgets that money may have moved. It is
what the drill must find.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from posd.core.instant import Instant
from posd.core.records import PaySent, Record
from posd.drill.victim import DyingJournal, main


class ForgetfulJournal(DyingJournal):
    owed: tuple[Record, ...] = ()

    def append(
        self, records: Sequence[Record], *, at: Instant, boot_id: str, actor: str = ""
    ) -> int:
        if isinstance(records[0], PaySent):
            self.owed = tuple(records)
            return self._head.seq + len(records)
        late, self.owed = self.owed, ()
        return super().append([*late, *records], at=at, boot_id=boot_id, actor=actor)

    def unsent_orders(self, order_ids: Sequence[str]) -> list[str]:
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ForgetfulJournal))
