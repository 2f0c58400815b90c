"""One history from its seed: some dozen things that happen, then days in which all is well."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from posd.core.commands import Command
from tests.model.invariants import ALWAYS, AT_REST, is_written_before_it_is_done
from tests.model.world import World

LENGTHS = (12, 25, 45, 70)


class Broken(AssertionError):  # noqa: N818
    """An invariant does not hold; the text is its name, the seed and the whole story."""


@dataclass(frozen=True)
class Visits:
    """How often each cell of the tables was visited: by events, and by records."""

    decisions: Counter[tuple[str, str]]
    records: Counter[str]


def play(seed: int) -> World:
    """The history of this seed to its end; raises Broken."""
    world = World(seed)
    world.watch = lambda where, command: _judge(world, command)
    try:
        for _ in range(LENGTHS[seed % len(LENGTHS)]):
            world.play()
        world.heal()
        for holds in AT_REST:
            holds(world)
    except AssertionError as broken:
        story = "\n".join(world.told[-40:])
        rows = "\n".join(f"{seq:4} {row}" for seq, row in enumerate(world.journal.records, 1))
        raise Broken(f"{broken}\nseed {seed}\n{story}\n{rows[-6000:]}") from broken
    return world


def _judge(world: World, command: Command | None) -> None:
    if command is not None:
        is_written_before_it_is_done(world, command)
        return
    for holds in ALWAYS:
        holds(world)


def visits(world: World) -> Visits:
    """What this history visited."""
    kinds = Counter(type(record).__name__ for record in world.journal.records)
    return Visits(world.edges, kinds)
