"""No one-time key is in anything that leaves the process or outlives the scan."""

from __future__ import annotations

from posd.core.commands import Command
from tests.model.knowing import fresh
from tests.model.world import World

MESSAGE = "invariant 11: a one-time key is in"


def no_key_is_written(world: World) -> None:
    """11: the journal, as it is written."""
    for seq, record in fresh(world):
        body = world.journal.bodies[seq - 1]
        for code in world.people.codes:
            assert code.encode() not in body, f"{MESSAGE} a record: {type(record).__name__}"


def no_key_outlives_its_scan(world: World) -> None:
    """11: the engine holds it for one scan, and no notice tells of it."""
    assert world.machine.engine._key == "", f"{MESSAGE} the engine after its scan"
    notice = repr(world.board.view.notice)
    for code in world.people.codes:
        assert code not in notice, f"{MESSAGE} a notice"


def no_key_leaves_in(world: World, command: Command) -> None:
    """11: commands, and with them receipts, carry a fingerprint."""
    if world.people.codes:
        said = repr(command)
        for code in world.people.codes:
            assert code not in said, f"{MESSAGE} a command: {type(command).__name__}"


def no_key_is_shown(world: World) -> None:
    """11: boards, and the answers to people and tills."""
    replies = [reply.result() for reply in world.people.replies if reply.done()]
    shown = repr((world.board.view, replies))
    for code in world.people.codes:
        assert code not in shown, f"{MESSAGE} what people see"
