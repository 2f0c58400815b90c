"""What a history tells: moves by chance, and plots that lead an order to a cell and deliver it.

Rule: a story depends on its seed alone, never on what posd does with it. A plot may fail, for a
crash or a decline may come between; it is one of many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from posd.core.order import MoneyState
from tests.model.edges import EXCUSED, Table, cells
from tests.model.story import Aim, Move

BY_CHANCE: Mapping[str, float] = {
    "people.sells": 14,
    "people.opens": 2,
    "people.scans": 2,
    "people.rescans": 1,
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

# ---- the ways to a state ----------------------------------------------------------------------

PROMPT, SLOW, ASKED = "prompt", "slow", "asked"  # pay is answered; is still out; a check is out
_ASKED_AND_ANSWERED = ("hours.waits_until_asked", "answers.check.is_answered")
_BEGINS: Mapping[str, tuple[str, ...]] = {
    PROMPT: ("people.sells", "answers.pay.is_answered"),
    SLOW: ("people.sells", "answers.pay_stays_out", *_ASKED_AND_ANSWERED),
    ASKED: (
        *("people.sells", "answers.pay_stays_out"),
        *("hours.waits_until_asked", "answers.late_pay_is_answered"),
    ),
}
_DENIED: Mapping[str, tuple[str, ...]] = {
    PROMPT: ("people.sells", "answers.pay.is_not_sent"),
    SLOW: ("people.sells", "answers.declined_pay_stays_out", *_ASKED_AND_ANSWERED),
    ASKED: ("people.sells", "answers.pay.is_declined", *_ASKED_AND_ANSWERED),
}
_UNKNOWN: Mapping[str, tuple[str, ...]] = {
    PROMPT: ("people.sells", "answers.pay.request_is_lost"),
    SLOW: ("people.sells", "answers.pay_stays_out", "hours.waits_a_minute"),
    ASKED: ("people.sells", "hours.waits_a_minute"),  # and pay was never sent
}
_GOES_ON: Mapping[MoneyState, tuple[str, ...]] = {
    MoneyState.CONFIRMED: (),
    MoneyState.AUTHORIZED: (),
    MoneyState.CAPTURING: ("people.captures",),
    MoneyState.CAPTURE_UNKNOWN: ("people.captures", "answers.capture.request_is_lost"),
    MoneyState.REVERSING: ("people.refunds",),
    MoneyState.REVERSAL_UNKNOWN: ("people.refunds", "answers.reversal.answer_is_lost"),
    MoneyState.REFUND_OWED: ("people.refunds", "answers.reversal.is_refused"),
    MoneyState.REVERSED: ("people.refunds_all", "answers.reversal.is_answered"),
}
_NEEDS_CAPTURE = (MoneyState.AUTHORIZED, MoneyState.CAPTURING, MoneyState.CAPTURE_UNKNOWN)


def way_to(state: MoneyState, how: str) -> tuple[str, ...]:
    """Moves after which a new order may be in this state."""
    if state is MoneyState.ARMED:
        return ("people.opens",)
    if state is MoneyState.SENT:
        return ("people.sells",)
    if state is MoneyState.UNKNOWN:
        return _UNKNOWN[how]
    if state is MoneyState.NOT_PAID:
        return _DENIED[how]
    return (*_BEGINS[how], *_GOES_ON[state])


# ---- what is delivered there ------------------------------------------------------------------

OF_PAY = {
    "PayAnswered": "answers.pay.is_answered",
    "PayUnanswered": "answers.pay.answer_is_lost",
    "PayNotSent": "answers.pay.is_not_sent",
}
OF_CHECKS = {
    "CheckAnswered": "answers.check.is_answered",
    "CheckUnanswered": "answers.check.request_is_lost",
}
DELIVERS: Mapping[str, str] = {
    **OF_PAY,
    **OF_CHECKS,
    "CodeScanned": "people.rescans",
    "GatewayUnreachable": "answers.gateway_is_lost",
    "TimePassed": "hours.waits",
    "ProcessStarted": "hours.restarts",
    "CancelRequested": "people.cancels",
    "KeepRequested": "people.keeps",
    "AbandonRequested": "people.abandons",
    "AcceptRequested": "people.accepts",
    "ReversalRequested": "people.refunds",
    "CaptureRequested": "people.captures",
    "SettlementRequested": "people.settles",
    "CaptureAnswered": "answers.capture.is_answered",
    "CaptureNotSent": "answers.capture.is_not_sent",
    "CaptureUnanswered": "answers.capture.answer_is_lost",
    "ReversalAnswered": "answers.reversal.is_answered",
    "ReversalNotSent": "answers.reversal.is_not_sent",
    "ReversalUnanswered": "answers.reversal.answer_is_lost",
}


RARE_STATES = (MoneyState.CAPTURING, MoneyState.CAPTURE_UNKNOWN)  # of some shops, and short
RARE_EVENTS = ("PayUnanswered", "CheckUnanswered")  # need one thing more to go wrong


def goals(*, captures: bool) -> list[tuple[MoneyState, str]]:
    """The cells of the money tables to which a shop of this kind may be led; rare ones more often.

    Each is a state and an event.
    """
    heard = [edge for edge in sorted(cells() - set(EXCUSED)) if edge.table is Table.MONEY_EVENT]
    found = [(MoneyState(edge.state), edge.what) for edge in heard]
    barred = _NEEDS_CAPTURE if captures else ()
    wanted = [goal for goal in found if goal[0] not in barred]
    rare = [goal for goal in wanted if goal[0] in RARE_STATES]
    return [*wanted, *rare, *rare, *(goal for goal in wanted if goal[1] in RARE_EVENTS)]


def plot(state: MoneyState, event: str, rng: Random) -> tuple[str, ...]:
    """Moves that lead a new order to this state and deliver this event there."""
    how = _how(state, event) or rng.choice((PROMPT, SLOW, ASKED))
    way = way_to(state, how)
    if event in OF_CHECKS and how != ASKED:
        way = (*way, "hours.waits_until_asked")
    return (*way, DELIVERS[event])


def _how(state: MoneyState, event: str) -> str:
    """The one way on which the event can come; empty where any will do."""
    if event == "PayNotSent":
        return ASKED
    if event in OF_PAY:
        return SLOW
    if event in OF_CHECKS and state in (MoneyState.CAPTURING, MoneyState.REVERSING):
        return ASKED  # nothing is asked there
    return ""


def further(*, captures: bool) -> list[tuple[str, ...]]:
    """Plots about what an answer makes of an order, and about paper."""
    prompt = _BEGINS[PROMPT]
    paid = prompt if captures else (*prompt, "people.captures_all", "answers.capture.is_answered")
    plots = [(*paid, *rest) for rest in _OF_PAID] + [_TAKEN_BACK, _TAKEN_BACK_AT_ONCE]
    plots += [(*_UNKNOWN[PROMPT], *_AGAIN), (*_GIVEN_UP, *_AGAIN)]
    if captures:
        plots += [(*_LATE, act) for act in ("people.keeps", "people.abandons")]
        plots += [(*_OTHER, *rest, "answers.late_pay_is_answered") for rest in ((), _GOES_BACK)]
        return plots
    return [*plots, _TOLD_LATE, *((*prompt, *rest) for rest in _OF_AUTHORIZED)]


_TAKEN_BACK = (*_DENIED[ASKED], "answers.denial_is_taken_back", *_ASKED_AND_ANSWERED)
_TAKEN_BACK_AT_ONCE = (
    *("people.sells", "answers.declined_pay_stays_out", *_ASKED_AND_ANSWERED),
    *("answers.denial_is_taken_back", "answers.late_pay_is_answered"),
)
_LATE = (
    *("people.sells", "answers.pay.answer_is_lost", "hours.waits_four_minutes"),
    *_ASKED_AND_ANSWERED,
)
_OTHER = (
    *("people.sells", "answers.pay_of_another_amount_stays_out"),
    *(*_ASKED_AND_ANSWERED, *_ASKED_AND_ANSWERED),
)
_TOLD_LATE = (
    *("people.sells", "answers.pay_that_tells_it_late_stays_out", *_ASKED_AND_ANSWERED),
    *("people.captures", "answers.late_pay_is_answered"),
)
_GOES_BACK = ("answers.reversal.is_answered",)
_AGAIN = ("people.sells_again", "answers.pay.is_answered")
_GIVEN_UP = ("people.sells", "answers.pay.answer_is_lost", "people.gives_up")
_OF_PAID = (
    _AGAIN,
    ("paper.job_is_printed", "people.reprints"),
    ("paper.job_is_not_started", "people.reprints"),
    ("paper.job_is_not_started", "paper.printer_is_ready"),
    ("paper.job_is_lost", "people.reprints"),
    ("people.refunds_a_part", "answers.reversal.is_refused", "people.settles"),
    ("people.refunds_a_part", "answers.reversal.request_is_lost", "people.settles"),
    ("people.refunds_all", "answers.reversal.answer_is_lost", "people.settles"),
    (
        *("people.cashier_refunds_a_part", "answers.reversal.is_answered"),
        "people.cashier_refunds_a_part",
    ),
    (
        *("answers.somebody_refunds", "people.refunds_all", "answers.reversal.is_answered"),
        *_ASKED_AND_ANSWERED,
    ),
)
_OF_AUTHORIZED = (
    ("answers.somebody_captures", *_ASKED_AND_ANSWERED),
    ("answers.authorization_ends", *_ASKED_AND_ANSWERED),
    ("people.refunds_all", "answers.reversal.request_is_lost", "people.settles"),
    ("people.refunds_all", "answers.reversal.is_refused", "people.settles_as_kept"),
    ("people.captures", "answers.capture.request_is_lost", "hours.waits_a_day"),
    (
        *("people.captures_all", "answers.authorization_ends"),
        *("answers.capture.is_answered", *_ASKED_AND_ANSWERED),
    ),
)


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
