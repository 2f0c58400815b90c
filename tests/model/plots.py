"""What a history tells: moves by chance, and between them plots that lead an order to a cell.

Rule: a story depends on its seed alone, never on what posd does with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from tests.model.scenes import further
from tests.model.story import Aim, Move
from tests.model.ways import goals, plot

BY_CHANCE: Mapping[str, float] = {
    "people.sells": 14,
    "people.opens": 2,
    "people.scans": 2,
    "people.rescans": 1,
    "people.scans_a_slip": 1,
    "people.cancels": 1,
    "people.keeps": 2,
    "people.reprints": 2,
    "people.abandons": 4,
    "people.accepts": 2,
    "people.refunds": 6,
    "people.captures": 4,
    "people.settles": 3,
    "people.acts_at_once": 6,
    "hours.waits": 5,
    "hours.waits_answered": 5,
    "hours.sets_the_clock": 1,
    "hours.crash_is_near": 4,
    "hours.restarts": 2,
    "hours.restarts_badly": 1,
    "hours.reboots": 1,
    "answers.any.is_answered": 16,
    "answers.any.answer_is_lost": 6,
    "answers.any.request_is_lost": 5,
    "answers.any.is_delivered_twice": 2,
    "answers.any.is_not_sent": 2,
    "answers.any.is_answered_unclearly": 3,
    "answers.checks_overtake_pay": 4,
    "answers.late_pay_is_answered": 2,
    "answers.late_pay_is_lost": 1,
    "answers.stray_arrives": 3,
    "answers.gateway_is_lost": 1,
    "answers.customer_decides": 2,
    "answers.denial_is_taken_back": 1,
    "answers.somebody_captures": 0.3,
    "answers.somebody_refunds": 0.3,
    "answers.authorization_ends": 0.3,
    "answers.any.takes_another_amount": 0.3,
    "paper.job_is_printed": 6,
    "paper.job_is_not_started": 2,
    "paper.job_is_lost": 2,
    "paper.printer_is_ready": 3,
}
PLOTTED = 0.2  # how often, of all times that a story goes on, a plot begins
FURTHER = 0.25  # how many plots are about more than one cell
DISTURBED = 0.05  # how often something else happens within a plot


def moves(rng: Random, *, captures: bool) -> Iterator[Move]:
    """The story of this chance, without end."""
    names, weights = list(BY_CHANCE), list(BY_CHANCE.values())
    aims, others = goals(captures=captures), further(captures=captures)
    while True:
        if rng.random() < PLOTTED:
            about_more = rng.random() < FURTHER
            for name in rng.choice(others) if about_more else plot(*rng.choice(aims), rng):
                if rng.random() < DISTURBED:
                    yield Move(rng.choices(names, weights)[0], rng.getrandbits(32))
                yield Move(name, rng.getrandbits(32), Aim.NEWEST)
        yield Move(rng.choices(names, weights)[0], rng.getrandbits(32))
