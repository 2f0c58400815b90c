"""The books that a stand-in starts with: its clock, its chance, its keys.

The rule: with a seed and a manual clock two stand-ins that are called alike answer alike. Each
kind of chance has a stream of its own: minting a key does not change which call meets a fault.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from posd.linepay.sandbox.armed import ArmedFaults
from posd.linepay.sandbox.assumptions import Assumptions
from posd.linepay.sandbox.clock import ManualClock
from posd.linepay.sandbox.gateway import Ledger
from posd.linepay.sandbox.ids import TransactionIds
from posd.linepay.sandbox.keys import KeyRing
from posd.linepay.sandbox.operations import Mode
from posd.linepay.sandbox.orders import OrderBook

CLOCKS = ("real", "manual")


def new_ledger(assumptions: Assumptions, *, clock: str = "real", seed: int | None = None) -> Ledger:
    """Empty books."""
    manual = ManualClock() if clock == "manual" else None
    clock_s: Callable[[], float] = manual or time.time
    ids = TransactionIds(clock_s, None if seed is None else _chance(seed, "ids"))
    chance = _chance(seed, "keys")
    keys = KeyRing(
        clock_s=clock_s,
        digits=lambda count: "".join(chance.choices("0123456789", k=count)),
        spent_code=assumptions["spent-key"],
    )
    book = OrderBook(clock_s, assumptions=assumptions, ids=ids)
    return Ledger(book, keys, ArmedFaults(_chance(seed, "faults")), Mode(), manual)


def _chance(seed: int | None, stream: str) -> random.Random:
    return random.SystemRandom() if seed is None else random.Random(f"{seed}:{stream}")
