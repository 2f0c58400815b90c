"""The ways to each cell of the money tables: moves that lead a new order to a state, and deliver.

Rule: a way may fail, for a crash or a decline may come between; it is one of many.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from posd.core.order import MoneyState
from tests.model.edges import EXCUSED, Table, cells

PROMPT, SLOW, ASKED = "prompt", "slow", "asked"  # pay is answered; is still out; a check is out
ASKED_AND_ANSWERED = ("hours.waits_until_asked", "answers.check.is_answered")
BEGINS: Mapping[str, tuple[str, ...]] = {
    PROMPT: ("people.sells", "answers.pay.is_answered"),
    SLOW: ("people.sells", "answers.pay_stays_out", *ASKED_AND_ANSWERED),
    ASKED: (
        *("people.sells", "answers.pay_stays_out"),
        *("hours.waits_until_asked", "answers.late_pay_is_answered"),
    ),
}
DENIED: Mapping[str, tuple[str, ...]] = {
    PROMPT: ("people.sells", "answers.pay.is_not_sent"),
    SLOW: ("people.sells", "answers.declined_pay_stays_out", *ASKED_AND_ANSWERED),
    ASKED: ("people.sells", "answers.pay.is_declined", *ASKED_AND_ANSWERED),
}
UNKNOWN: Mapping[str, tuple[str, ...]] = {
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
        return UNKNOWN[how]
    if state is MoneyState.NOT_PAID:
        return DENIED[how]
    return (*BEGINS[how], *_GOES_ON[state])


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
