"""The invariants of the money machine, judged by LINE Pay's books and by what is durable.

Rule: each says its number in docs/reliability.md with the first words of its message. `LEAVING`
hold when a command leaves the engine, `ALWAYS` after every step, `AT_REST` once the world was
healed and everything ended.
"""

from __future__ import annotations

from collections.abc import Callable

from posd.core.commands import Command
from tests.model import after_steps, at_commands, at_rest, denials, roles, secrecy
from tests.model.world import World

LEAVING: tuple[Callable[[World, Command], None], ...] = (
    at_commands.is_written_before_it_is_done,
    secrecy.no_key_leaves_in,
)
ALWAYS: tuple[Callable[[World], None], ...] = (
    after_steps.at_most_one_payment_request,
    after_steps.a_key_belongs_to_one_order,
    after_steps.a_sent_order_is_never_cancelled,
    after_steps.at_most_one_original,
    after_steps.the_view_is_what_the_journal_says,
    after_steps.working_lasts_a_minute,
    after_steps.no_more_is_given_back_than_was_taken,
    denials.denials_are_believed_only_with_proof,
    roles.nobody_does_what_they_may_not,
    secrecy.no_key_is_written,
    secrecy.no_key_outlives_its_scan,
)
AT_REST: tuple[Callable[[World], None], ...] = (
    at_rest.every_capture_is_known_or_flagged,
    at_rest.paid_is_what_was_taken,
    at_rest.everything_is_settled_or_in_sight,
    at_rest.what_was_given_up_is_not_kept,  # before the next: it may be why a basket is paid twice
    at_rest.one_order_keeps_money_per_reference,
    at_rest.each_intent_gave_back_once,
    at_rest.every_paper_has_ended,
    at_rest.late_is_told_from_paid,
    at_rest.replay_gives_the_live_state,
    secrecy.no_key_is_shown,
)


def judge(world: World, command: Command | None) -> None:
    """What has to hold now: of a command that leaves, or of a step that has ended."""
    if command is not None:
        for keeps in LEAVING:
            keeps(world, command)
        return
    for holds in ALWAYS:
        holds(world)
    world.judged = len(world.journal.records)


def judge_at_rest(world: World) -> None:
    """What has to hold in the end."""
    for holds in AT_REST:
        holds(world)
