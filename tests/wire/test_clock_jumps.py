"""The wall clock jumps by years, either way, at any moment: only labels change.

The same history is played twice with the real engine, once with a clock that behaves. What was
written, sent and shown must be the same.
"""

from __future__ import annotations

import re

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.model.world import World

YEARS_MS = 10 * 366 * 86_400_000
EARLIEST_MS = 10**12  # 2001; LINE Pay's own dates begin later
MOVES = 40
# What the wall clock may change: records' labels, receipts' dates and numbers, and ids.
LABELS = re.compile(r"\b\w+_ms=\d+|\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d")
NAMES = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|\bR\d{10,}\b")

jumps = st.dictionaries(
    st.integers(0, MOVES - 1), st.integers(-YEARS_MS, YEARS_MS), min_size=1, max_size=12
)


# Not shrunk: two whole histories take their time, and the first line that differs says enough.
@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seed=st.integers(0, 2**32), jumps=jumps)
def test_jumps_of_ten_years_change_no_record_no_command_and_no_verdict(
    seed: int, jumps: dict[int, int]
) -> None:
    assert history(seed, jumps) == history(seed, {})


def history(seed: int, jumps: dict[int, int]) -> list[str]:
    """What one world wrote, sent and showed, a line each, without its labels.

    Before move n its clock jumps by `jumps[n]` ms.
    """
    world = World(seed)
    lines: list[str] = []
    world.watch = lambda where, command: lines.append(repr(command)) if command else None
    for move in range(MOVES):
        world.wall_ms = max(world.wall_ms + jumps.get(move, 0), EARLIEST_MS)
        world.play()
        lines.append(verdicts(world))
    world.heal()
    lines.append(verdicts(world))
    return unlabelled([*lines, *map(repr, world.journal.records)])


def verdicts(world: World) -> str:
    """Each order as people and tills see it."""
    lane = world.board.view
    return " ".join(f"{one.order_id} {one.verdict} {one.receipt}" for one in lane.recent)


def unlabelled(lines: list[str]) -> list[str]:
    """The same without wall clock labels, and with ids counted in the order of their coming."""
    names: dict[str, str] = {}

    def counted(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"name-{len(names)}")

    return [NAMES.sub(counted, LABELS.sub("label", line)) for line in lines]
