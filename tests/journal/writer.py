"""A till that never rests: appends orders and tells each seq once it is durable. Run as a process.

python writer.py DIRECTORY FIRST_ORDER
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from posd.core.instant import Instant
from posd.core.records import OrderSettled, SaleCancelled
from posd.journal.journal import Journal, LaneIdentity

journal = Journal.open(Path(sys.argv[1]), LaneIdentity("S001", "L01", "machine-a"))
print("open", flush=True)
for number in count(int(sys.argv[2])):
    name = f"S001-L01-{number:026d}"
    for records in (
        [SaleCancelled(name, "no_key")],
        [SaleCancelled(name, "x"), OrderSettled(name)],
    ):
        seq = journal.append(records, at=Instant(number, number), boot_id="boot-1")
        print(seq, flush=True)
    if number % 8 == 0:
        journal.maintain()
