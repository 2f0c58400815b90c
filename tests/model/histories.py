"""One history: some dozen moves, then days in which all is well, judged at every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from tests.model.edges import Edge
from tests.model.invariants import judge, judge_at_rest
from tests.model.story import Move
from tests.model.visits import written
from tests.model.world import World

LENGTHS = (12, 25, 45, 70)


class Broken(AssertionError):  # noqa: N818
    """An invariant does not hold; the text is its name, the seed and the whole story."""

    def __init__(self, world: World, cause: BaseException) -> None:
        self.seed, self.moves = world.seed, tuple(world.played)
        said = str(cause) if isinstance(cause, AssertionError) else f"posd fell over: {cause!r}"
        self.invariant = said.partition(":")[0]
        super().__init__("\n".join((said, f"seed {world.seed}", *_tail(world))))


def _tail(world: World) -> list[str]:
    rows = [f"{seq:4} {row}" for seq, row in enumerate(world.journal.records, 1)]
    return [*world.told[-40:], *rows[-40:]]


def play(seed: int) -> World:
    """The history of this seed to its end; raises Broken."""
    world = World(seed)
    return _judged(world, islice(world.story, LENGTHS[seed % len(LENGTHS)]))


def replay(seed: int, moves: Iterable[Move]) -> World:
    """The shop of this seed, in which these moves are made; raises Broken."""
    return _judged(World(seed), moves)


def _judged(world: World, moves: Iterable[Move]) -> World:
    world.watch = lambda where, command: judge(world, command)
    try:
        for move in moves:
            world.makes(move)
        world.heal()
        judge_at_rest(world)
    except Exception as broken:
        raise Broken(world, broken) from broken
    return world


def visits(world: World) -> Counter[Edge]:
    """How often this history visited each cell."""
    return world.machine.visits + written(world.rules, world.journal.records)
