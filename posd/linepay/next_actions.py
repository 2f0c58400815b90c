"""What cashier, supervisor and technician do about a result code.

One rule: the cashier's action stands in the table of codes; the other two follow from it, but for
the codes that are named here. Words: `next.`, `supervisor.` and `technician.` with the action.
"""

from __future__ import annotations

from enum import StrEnum


class NextAction(StrEnum):
    """What the cashier's screen suggests; NONE is success."""

    NONE = "none"
    NEW_CODE = "new_code"  # ask for another code or tender
    OTHER_TENDER = "other_tender"
    WAIT = "wait"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"


class SupervisorAction(StrEnum):
    """What a supervisor does about a code; words under `supervisor.`."""

    NONE = "none"
    OTHER_TENDER = "other_tender"  # nothing was paid: decide how the customer pays
    LOOK_UP = "look_up"  # the money may have moved: find the payment before anything else
    STOP_LINE_PAY = "stop_line_pay"  # no payment will work before a technician has been
    ASK_LINE_PAY = "ask_line_pay"  # the shop's contract
    REFUND_IN_FULL = "refund_in_full"
    REFUND_OTHERWISE = "refund_otherwise"
    READ_REFUNDS = "read_refunds"  # what was paid back already, before any more is
    FILL_RESERVE = "fill_reserve"


class TechnicianAction(StrEnum):
    """What a technician does about a code; words under `technician.`."""

    NONE = "none"
    CHECK_ACCOUNT = "check_account"  # channel id, secret, host, dialect, address list
    READ_MESSAGE = "read_message"  # LINE Pay could not use our request: its message says why
    WATCH = "watch"  # nothing to repair unless it lasts
    FIND_REPEAT = "find_repeat"  # something sends requests twice


def supervisor_action(code: str, cashier: NextAction) -> SupervisorAction:
    """What a supervisor does about `code`, on which the cashier does `cashier`."""
    return _SUPERVISOR_BY_CODE.get(code) or _SUPERVISOR[cashier]


def technician_action(code: str, cashier: NextAction) -> TechnicianAction:
    """What a technician does about `code`, on which the cashier does `cashier`."""
    return _TECHNICIAN_BY_CODE.get(code) or _TECHNICIAN[cashier]


_SUPERVISOR = {
    NextAction.NONE: SupervisorAction.NONE,
    NextAction.NEW_CODE: SupervisorAction.OTHER_TENDER,
    NextAction.OTHER_TENDER: SupervisorAction.OTHER_TENDER,
    NextAction.WAIT: SupervisorAction.LOOK_UP,
    NextAction.TECHNICIAN: SupervisorAction.STOP_LINE_PAY,
    NextAction.SUPERVISOR: SupervisorAction.READ_REFUNDS,
}
_SUPERVISOR_BY_CODE = {
    "1105": SupervisorAction.ASK_LINE_PAY,
    "1178": SupervisorAction.ASK_LINE_PAY,
    "2024": SupervisorAction.ASK_LINE_PAY,
    "1115": SupervisorAction.REFUND_IN_FULL,
    "1163": SupervisorAction.REFUND_OTHERWISE,
    "2042": SupervisorAction.FILL_RESERVE,
}
_TECHNICIAN = {
    NextAction.NONE: TechnicianAction.NONE,
    NextAction.NEW_CODE: TechnicianAction.NONE,
    NextAction.OTHER_TENDER: TechnicianAction.NONE,
    NextAction.WAIT: TechnicianAction.WATCH,
    NextAction.TECHNICIAN: TechnicianAction.READ_MESSAGE,
    NextAction.SUPERVISOR: TechnicianAction.NONE,
}
_TECHNICIAN_BY_CODE = dict.fromkeys(
    ("1104", "1105", "1106", "1178"), TechnicianAction.CHECK_ACCOUNT
) | dict.fromkeys(("1145", "1152", "1172", "1198", "1999"), TechnicianAction.FIND_REPEAT)
