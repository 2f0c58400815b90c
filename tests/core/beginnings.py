"""Where a story begins when its first pages are known: their telling is left out, time is 0.

The order is always A, of 120 TWD; LINE Pay's own id of it ends in 1.
"""

from __future__ import annotations

from dataclasses import replace

from posd.core.rules import Rules
from tests.core.lanes import RULES, Lane, authorization, paid

AUTHORIZING = replace(RULES, capture=False)


def from_here(told: Lane) -> Lane:
    """What was told before is known."""
    told.told_lines.clear()
    told.origin_ns = told.now_ns
    return told


def a_paid_order(rules: Rules = RULES) -> Lane:
    """Paid, printed, finished."""
    return from_here(Lane(rules).start().sent().after(1).pay(paid()).printed())


def an_unknown_order(rules: Rules = RULES) -> Lane:
    """The answer to pay is lost after 45 s; the 60 s are over, and no check was answered."""
    told = Lane(rules).start().sent().after(45).pay_lost()
    return from_here(told.wait_answering(20, None))


def an_authorized_order(rules: Rules = AUTHORIZING) -> Lane:
    """LINE Pay holds the money for a day."""
    told = Lane(rules).start().sent().after(1)
    return from_here(told.pay(authorization(expires_ms=told.wall_ms + 86_400_000)))
