"""What handlers read from a request besides its body: headers and parameters, checked.

The one rule: what cannot be read is refused with a code; nothing is guessed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Final, NoReturn

from starlette.requests import Request

from posd.api.problems import Problem
from posd.core.order import Verdict
from posd.door import SalesWanted

MAX_WAIT_S: Final = 60
MAX_LISTED: Final = 200
LISTED: Final = 50
MAX_SEQ: Final = 10**18 - 1
LINE: Final = r"^[^\x00-\x1f\x7f]{1,100}$"
_KEY: Final = re.compile(r"[ -~]{1,255}")
_SEQ: Final = re.compile(r'"?([0-9]{1,18})"?')
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINE: Final = re.compile(LINE)
_SECONDS: Final = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?")


def idempotency_key(request: Request) -> str:
    """The one Idempotency-Key: 1 to 255 printable ASCII characters."""
    keys = request.headers.getlist("idempotency-key")
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        detail = "send one Idempotency-Key of 1 to 255 printable ASCII characters, such as a UUID"
        raise Problem(400, "idempotency_key", detail)
    return keys[0]


def seen_seq(request: Request) -> int | None:
    """The sale's `seq` that If-Match names; None where the header is left out."""
    header = request.headers.get("if-match")
    if header is None:
        return None
    found = _SEQ.fullmatch(header.strip())
    if found is None:
        raise Problem(400, "if_match", 'send the sale\'s seq, such as If-Match: "17"')
    return int(found[1])


def required_seq(request: Request) -> int:
    """The same, where it must be there: whoever moves money has looked at the sale first."""
    seq = seen_seq(request)
    if seq is None:
        raise Problem(428, "if_match_needed", 'send the sale\'s seq, such as If-Match: "17"')
    return seq


def wait_s(request: Request) -> float:
    """Seconds to wait for a verdict: 0 to 60, 0 where it is left out."""
    text = request.query_params.get("wait", "0")
    if not _SECONDS.fullmatch(text) or float(text) > MAX_WAIT_S:
        raise Problem(400, "wait", f"wait is a number of seconds from 0 to {MAX_WAIT_S}")
    return float(text)


def last_event_id(request: Request) -> int | None:
    """The `seq` of the last event that a stream got before it broke; None at its first time."""
    headers = request.headers.getlist("last-event-id")
    if not headers:
        return None
    if len(headers) != 1 or not _NUMBER.fullmatch(headers[0]):
        raise Problem(400, "last_event_id", "send the id of the last event, or leave it out")
    return int(headers[0])


def after_seq(request: Request) -> int:
    """The `seq` after which a history begins; 0 where it is left out."""
    return _number(request, "after", default=0, most=MAX_SEQ)


def limit(request: Request) -> int:
    """How many sales an answer may hold: 1 to 200, 50 where it is left out."""
    wanted = _number(request, "limit", default=LISTED, most=MAX_LISTED)
    return wanted or _unreadable("limit", f"is a number from 1 to {MAX_LISTED}")


def sales_wanted(request: Request) -> SalesWanted:
    """Which sales the address asks for."""
    reference, verdict = _text(request, "reference"), _text(request, "verdict")
    if reference and not _LINE.fullmatch(reference):
        _unreadable("reference", "is one line of 1 to 100 characters")
    if verdict and verdict not in tuple(Verdict):
        _unreadable("verdict", f"is one of {', '.join(Verdict)}")
    before = _number(request, "before", default=MAX_SEQ, most=MAX_SEQ)
    return SalesWanted(limit(request), before, _day(request), reference, verdict)


def _day(request: Request) -> date | None:
    text = _text(request, "date")
    if not text:
        return None
    with suppress(ValueError):
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    _unreadable("date", "is a day such as 2026-11-24")


def _number(request: Request, name: str, *, default: int, most: int) -> int:
    text = _text(request, name)
    if not text:
        return default
    if not _NUMBER.fullmatch(text) or int(text) > most:
        _unreadable(name, f"is a number of at most {most}")
    return int(text)


def _text(request: Request, name: str) -> str:
    """The one value of a parameter; empty where it is left out."""
    values = request.query_params.getlist(name)
    if len(values) > 1 or values == [""]:
        _unreadable(name, "stands once and says something, or is left out")
    return values[0] if values else ""


def _unreadable(name: str, rule: str) -> NoReturn:
    raise Problem(400, "parameter", f"{name} {rule}", {"parameter": name})
