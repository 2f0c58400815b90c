"""Paths of the Offline API: which version, which operation, which order.

The rule: the same seven tails exist under each version (reference, 1.2); anything else is no route.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

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
    AUTHORIZATIONS = "authorizations"
    CAPTURE = "capture"
    VOID = "void"
    DETAILS = "details"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Route:
    """`order_id` is decoded, and empty where it is not in the path."""

    dialect: Dialect
    operation: Operation
    order_id: str = ""


_VERSION = r"/(?P<dialect>v2|v2\.4|v4)/payments"
_ORDER = _VERSION + r"/orders/(?P<order_id>[^/]+)"
_ROUTES = (
    ("POST", re.compile(_VERSION + r"/oneTimeKeys/pay"), Operation.PAY),
    ("GET", re.compile(_ORDER + r"/check"), Operation.CHECK),
    ("GET", re.compile(_VERSION + r"/authorizations"), Operation.AUTHORIZATIONS),
    ("POST", re.compile(_ORDER + r"/capture"), Operation.CAPTURE),
    ("POST", re.compile(_ORDER + r"/void"), Operation.VOID),
    ("GET", re.compile(_VERSION), Operation.DETAILS),
    ("POST", re.compile(_ORDER + r"/refund"), Operation.REFUND),
)


def find_route(request: Request) -> Route | None:
    """Where the request goes, or None where LINE Pay has nothing."""
    for method, pattern, operation in _ROUTES:
        match = pattern.fullmatch(request.path)
        if match is not None and request.method == method:
            order_id = unquote(match.groupdict().get("order_id", ""))
            return Route(Dialect(match["dialect"]), operation, order_id)
    return None
