"""Scenes that are about more than one cell: late answers, second baskets, other hands, paper.

Rule: each leads to a record, or to a temptation, that chance alone hardly brings.
"""

from __future__ import annotations

from tests.model.ways import ASKED, ASKED_AND_ANSWERED, BEGINS, DENIED, PROMPT, UNKNOWN

_TAKEN_BACK = (*DENIED[ASKED], "answers.denial_is_taken_back", *ASKED_AND_ANSWERED)
_TAKEN_BACK_AT_ONCE = (
    *("people.sells", "answers.declined_pay_stays_out", *ASKED_AND_ANSWERED),
    *("answers.denial_is_taken_back", "answers.late_pay_is_answered"),
)
_LATE = (
    *("people.sells", "answers.pay.answer_is_lost", "hours.waits_four_minutes"),
    *ASKED_AND_ANSWERED,
)
_OTHER = (
    *("people.sells", "answers.pay_of_another_amount_stays_out"),
    *(*ASKED_AND_ANSWERED, *ASKED_AND_ANSWERED),
)
_TOLD_LATE = (
    *("people.sells", "answers.pay_that_tells_it_late_stays_out", *ASKED_AND_ANSWERED),
    *("people.captures", "answers.late_pay_is_answered"),
)
_GOES_BACK = ("answers.reversal.is_answered",)
_AGAIN = ("people.sells_again", "answers.pay.is_answered")
_GIVEN_UP = ("people.sells", "answers.pay.answer_is_lost", "people.gives_up")
_HELD_UNTIL_LATE = ("hours.waits_four_minutes", "hours.restarts", "paper.printer_is_ready")
_A_PART = ("paper.job_is_not_started", "people.refunds_a_part")
_OF_PAID = (
    _AGAIN,
    (*_A_PART, "answers.reversal.is_refused", *_HELD_UNTIL_LATE),
    (*_A_PART, "answers.reversal.answer_is_lost", *_HELD_UNTIL_LATE, *ASKED_AND_ANSWERED),
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
        *ASKED_AND_ANSWERED,
    ),
)
_OF_AUTHORIZED = (
    ("answers.somebody_captures", *ASKED_AND_ANSWERED),
    ("answers.authorization_ends", *ASKED_AND_ANSWERED),
    ("people.refunds_all", "answers.reversal.request_is_lost", "people.settles"),
    ("people.refunds_all", "answers.reversal.is_refused", "people.settles_as_kept"),
    ("people.captures", "answers.capture.request_is_lost", "hours.waits_a_day"),
    (
        *("people.captures_all", "answers.authorization_ends"),
        *("answers.capture.is_answered", *ASKED_AND_ANSWERED),
    ),
)


def further(*, captures: bool) -> list[tuple[str, ...]]:
    """Plots about what an answer makes of an order, and about paper."""
    prompt = BEGINS[PROMPT]
    paid = prompt if captures else (*prompt, "people.captures_all", "answers.capture.is_answered")
    plots = [(*paid, *rest) for rest in _OF_PAID] + [_TAKEN_BACK, _TAKEN_BACK_AT_ONCE]
    plots += [(*UNKNOWN[PROMPT], *_AGAIN), (*_GIVEN_UP, *_AGAIN)]
    if captures:
        plots += [(*_LATE, act) for act in ("people.keeps", "people.abandons")]
        plots += [(*_OTHER, *rest, "answers.late_pay_is_answered") for rest in ((), _GOES_BACK)]
        return plots
    return [*plots, _TOLD_LATE, *((*prompt, *rest) for rest in _OF_AUTHORIZED)]
