"""Paths of the Offline API: which version, which operation, which order.

The rule: the same three tails exist under each version (reference, 1.2); anything else is no route.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote

from posd.linepay.sandbox.request import Request


class Dialect(StrEnum):
    """A version of the API, as its first path segment."""

    V2 = "v2"
    V2_4 = "v2.4"
    V4 = "v4"


class Operation(StrEnum):
    """What a request asks for."""

    PAY = "pay"
    CHECK = "check"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class Route:
    """`order_id` is decoded, and empty where it is not in the URL (pay names it in its body)."""

    dialect: Dialect
    operation: Operation
    order_id: str = ""


_VERSION = r"/(?P<dialect>v2|v2\.4|v4)/payments"
_ROUTES = (
    ("POST", re.compile(_VERSION + r"/oneTimeKeys/pay"), Operation.PAY),
    ("GET", re.compile(_VERSION + r"/orders/(?P<order_id>[^/]+)/check"), Operation.CHECK),
    ("GET", re.compile(_VERSION), Operation.DETAILS),
)


def find_route(request: Request) -> Route | None:
    """Where the request goes, or None where LINE Pay has nothing that is served here."""
    for method, pattern, operation in _ROUTES:
        match = pattern.fullmatch(request.path)
        if match is not None and request.method == method:
            order_id = unquote(match.groupdict().get("order_id", "")) or _asked_for(request.query)
            return Route(Dialect(match["dialect"]), operation, order_id)
    return None


def _asked_for(query: str) -> str:
    return parse_qs(query).get("orderId", [""])[0]
