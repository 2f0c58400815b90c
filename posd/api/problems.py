"""What the API says no with: RFC 9457 problem documents with a stable code.

The one rule: a code is never reused for another meaning; docs/reference/api.md lists them all.
The words of a code are `notice.<code>` of the catalogue; those of HTTP itself stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import msgspec
from starlette.responses import Response

from posd.door import Refusal
from posd.snapshot import SaleView

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
UNKNOWN_REFUSAL_STATUS: Final = 409

REFUSAL_STATUS: Final = {
    "no_such_sale": 404,
    "currency": 422,
    "sale_open": 409,
    "reference_live": 409,
    "same_amount_unresolved": 409,
    "already_sent": 409,
    "already_paid": 409,
    "printing_now": 409,
    "not_paid": 409,
    "idempotency_conflict": 409,
    "contradiction": 409,
    "sale_changed": 412,
    "needs_supervisor": 403,
    "above_cap": 403,
    "bad_reason": 422,
    "reason_needed": 422,
    "more_than_left": 422,
    "too_many_unfinished": 503,
    "gateway_unreachable": 503,
    "not_selling": 503,
    "disk_low": 503,
    "journal_unwritable": 503,
    "clock_unknown": 503,
    "starting": 503,
    "stopping": 503,
}

NEXT_ACTION: Final = {
    "no_such_sale": "check_id",
    "currency": "fix_request",
    "sale_open": "finish_or_cancel",
    "reference_live": "look_up",
    "same_amount_unresolved": "wait_or_another_customer",
    "already_sent": "wait",
    "already_paid": "hand_over",
    "printing_now": "wait",
    "not_paid": "new_sale",
    "idempotency_conflict": "new_key",
    "contradiction": "supervisor",
    "too_many_unfinished": "supervisor",
    "gateway_unreachable": "other_tender",
    "not_selling": "technician",
    "disk_low": "technician",
    "journal_unwritable": "technician",
    "clock_unknown": "technician",
    "starting": "retry",
    "stopping": "retry",
    "engine_silent": "look_up",
    "internal_error": "look_up",
    "sale_changed": "look_up",
    "if_match_needed": "look_up",
    "needs_supervisor": "supervisor",
    "above_cap": "supervisor",
    "reason_needed": "fix_request",
    "bad_reason": "fix_request",
    "more_than_left": "look_up",
    "accepted": "look_up",
    "abandoned": "look_up",
    "still_working": "wait",
    "not_authorized": "look_up",
    "not_captured": "look_up",
    "nothing_owed": "look_up",
    "abandon_instead": "abandon",
    "cancel_instead": "finish_or_cancel",
    "void_instead": "void",
    "being_reversed": "wait",
    "reversal_running": "wait",
    "capture_running": "wait",
    "already_reversed": "look_up",
    "wrong_pin": "log_in",
    "locked_out": "supervisor",
    "people_unreadable": "technician",
    "too_many_streams": "retry",
    "no_receipt": "wait",
    "drawer_shut": "technician",
    "unauthorized": "log_in",
}

TITLES: Final = {
    "host": "This name is not one that posd answers to.",
    "repeated_header": "A header that decides stands there twice.",
    "origin": "Requests from other pages are refused.",
    "unauthorized": "A token is needed.",
    "not_found": "There is nothing at this address.",
    "method_not_allowed": "This address does not take that method.",
    "not_json": "The body is not application/json.",
    "bad_json": "The body cannot be read as JSON.",
    "body_too_large": "The body is too large.",
    "body_cut_short": "The body ended too early.",
    "body_too_slow": "The body did not arrive in time.",
    "unknown_member": "The body has a member that posd does not know.",
    "missing_member": "The body lacks a member.",
    "wrong_member": "A member of the body has the wrong type or value.",
    "amount": "The amount cannot be charged.",
    "idempotency_key": "An Idempotency-Key header is needed.",
    "if_match": "The If-Match header cannot be read.",
    "if_match_needed": "An If-Match header is needed.",
    "drawer_shut": "The drawer was not opened.",
    "wrong_pin": "The name or the PIN is wrong.",
    "locked_out": "Too many wrong PINs.",
    "people_unreadable": "The list of people cannot be read.",
    "parameter": "A parameter of the address cannot be read.",
    "last_event_id": "The Last-Event-ID header cannot be read.",
    "wait": "The parameter wait cannot be read.",
    "sale_changed": "The sale has changed since it was looked at.",
    "no_receipt": "There is no receipt for this sale yet.",
    "no_such_language": "There is no catalogue of this language.",
    "too_many_streams": "Too many event streams are open.",
    "engine_silent": "posd did not answer in time; the outcome is not known.",
    "internal_error": "posd failed while it answered.",
}


@dataclass(eq=False)  # not frozen: Python writes the traceback into an exception
class Problem(Exception):  # noqa: N818 - an answer, not a fault
    """One refusal on its way to the asker; `detail` says what to mend, in English."""

    status: int
    code: str
    detail: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    sale: SaleView | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def refused(refusal: Refusal) -> Problem:
    """The problem that tells a refusal of the engine."""
    status = REFUSAL_STATUS.get(refusal.code, UNKNOWN_REFUSAL_STATUS)
    return Problem(status, refusal.code, details=refusal.details, sale=refusal.sale)


def respond(problem: Problem, words: Mapping[str, str] = NOTHING) -> Response:
    """The problem as an HTTP answer, its title from `words` where they know the code."""
    headers = {"Content-Type": "application/problem+json", **problem.headers}
    return Response(encode(document(problem, words)), problem.status, headers)


def document(problem: Problem, words: Mapping[str, str]) -> dict[str, object]:
    """The members of the problem document."""
    members: dict[str, object] = {
        "type": f"urn:posd:problem:{problem.code}",
        "title": _title(problem, words),
        "status": problem.status,
        "detail": problem.detail or _title(problem, words),
        "code": problem.code,
        "next_action": NEXT_ACTION.get(problem.code, "fix_request"),
        "details": dict(problem.details),
    }
    if problem.sale is not None:
        members["sale"] = problem.sale
    return members


def encode(value: object) -> bytes:
    """JSON of views and plain data; any Mapping is an object."""
    return msgspec.json.encode(value, enc_hook=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form here")


def _title(problem: Problem, words: Mapping[str, str]) -> str:
    title = words.get(f"notice.{problem.code}") or TITLES.get(problem.code, problem.code)
    for name, value in problem.details.items():
        title = title.replace(f"{{{name}}}", value)
    return title
