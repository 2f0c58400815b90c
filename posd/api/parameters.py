"""What handlers read from a request besides its body: headers and parameters, checked.

The one rule: what cannot be read is refused with a code; nothing is guessed.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

from posd.api.problems import Problem

MAX_WAIT_S: Final = 60
_KEY: Final = re.compile(r"[ -~]{1,255}")
_SEQ: Final = re.compile(r'"?([0-9]{1,18})"?')
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
